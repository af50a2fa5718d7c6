package serve

// What a handler can still decide of its answer, and when. Read early_test.go first.

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/task"
)

// TestAbort: a handler that gives its answer up.
func TestAbort(t *testing.T) {
	for name, c := range map[string]struct {
		handle Handler
		want   string // of the answer
		cut    bool   // it shows that it isn't whole
	}{
		"before anything was sent": {func(_ coro.Yield, w *ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "kept back")
			panic(http.ErrAbortHandler)
		}, "", true},
		"in the middle": {func(_ coro.Yield, w *ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "begin")
			w.Flush()
			panic(http.ErrAbortHandler)
		}, "begin", true},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, errs := still(t, c.handle, Limits{})
			client := s.dial()
			s.send(client, plainGet)
			a, err := http.ReadResponse(bufio.NewReader(client), nil)
			if err == nil {
				var body []byte
				body, err = io.ReadAll(a.Body)
				require.Equal(t, c.want, string(body))
			}
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			s.conns(0)
			s.on(func() {
				require.Equal(t, []error{http.ErrAbortHandler}, *errs)
				require.True(t, (&Conn{}).Routine((*errs)[0]))
				require.Empty(t, s.Reports)
			})
		})
	}
}

// TestServeMux: handlers of net/http pause the connection's task alone.
func TestServeMux(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /echo/{name}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.PathValue("name"), " ")
		_, _ = io.Copy(w, r.Body)
	})
	s, _, _ := still(t, func(_ coro.Yield, w *ResponseWriter, r *http.Request) { mux.ServeHTTP(w, r) }, Limits{})
	waits := s.dial()
	s.send(waits, posts("/echo/a", 5)+"he")
	a, body := s.one(posts("/echo/b", 5) + "hello")
	require.Equal(t, "b hello", body)
	require.Empty(t, a.Header["Content-Type"])
	s.send(waits, "llo")
	_, body = s.answer(bufio.NewReader(waits), "POST")
	require.Equal(t, "a hello", body)
}

// TestStatusOfAnAnswerThatHasEnded: a task that is left behind decides nothing, and harms
// nothing.
func TestStatusOfAnAnswerThatHasEnded(t *testing.T) {
	s := sharing(t, func(s *shared, yield coro.Yield, w *ResponseWriter, _ *http.Request) {
		s.helper = task.Go(s.Loop, func(yield coro.Yield) error {
			for w.room != nil {
				_ = task.Checkpoint(yield)
			}
			w.WriteHeader(http.StatusTeapot)
			_, err := io.WriteString(w, "late")
			return err
		}).Detach()
		panic(http.ErrAbortHandler)
	})
	require.Empty(t, s.ask("GET /x HTTP/1.1\r\nHost: h\r\n\r\n"))
	require.ErrorIs(t, s.helped(), net.ErrClosed)
	s.Reports = nil // the helper's error
	s.lives()
}

// TestHeaderIsDecided: what a handler changes in its Header afterwards is never sent, however
// much of the body it has written.
func TestHeaderIsDecided(t *testing.T) {
	for name, decide := range map[string]func(w *ResponseWriter){
		"by WriteHeader":       func(w *ResponseWriter) { w.WriteHeader(http.StatusOK) },
		"by a short Write":     func(w *ResponseWriter) { fmt.Fprint(w, "short") },
		"by a long Write":      func(w *ResponseWriter) { fmt.Fprint(w, strings.Repeat("long", 10_000)) },
		"by an empty Write":    func(w *ResponseWriter) { _, _ = w.Write(nil) },
		"by a Flush":           func(w *ResponseWriter) { w.Flush() },
		"by the handler's end": func(w *ResponseWriter) {},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, _ := still(t, func(_ coro.Yield, w *ResponseWriter, _ *http.Request) {
				w.Header().Set("A", "before")
				w.Header().Add("B", "before")
				decide(w)
				if strings.HasPrefix(name, "by the") {
					return
				}
				w.Header().Set("A", "behind")
				w.Header().Add("B", "behind")
				w.Header().Set("C", "behind")
				w.Header().Set("Content-Length", "1")
			}, Limits{})
			for range 2 { // the second answer has the first one's room
				a, _ := s.one(plainGet)
				require.Equal(t, []string{"before"}, a.Header["A"])
				require.Equal(t, []string{"before"}, a.Header["B"])
				require.Empty(t, a.Header["C"])
			}
		})
	}
}
