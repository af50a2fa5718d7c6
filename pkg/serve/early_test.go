package serve

// Answers that are there before the request's body is, and bodies that take long. The
// clock stands still: what needs time would never come. Read http_slow_test.go first.

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/task"
)

// still serves h on a clock that stands still, and has each error of a connection.
func still(t *testing.T, h Handler, limits Limits) (s *site, clock *stopped, errs *[]error) {
	clock, errs = &stopped{}, &[]error{}
	s = servingOn(t, &Server{Handle: HTTP(h, limits), OnError: func(_ *Conn, err error) { *errs = append(*errs, err) }}, clock.tells)
	return s, clock, errs
}

const chunkedHead = " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"

// posts is the head of a request for path with a body of n bytes.
func posts(path string, n int) string {
	return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n", path, n)
}

func TestEarlyAnswer(t *testing.T) {
	const much = 3 << 20 // more than any buffer between here and there
	for name, c := range map[string]struct {
		first, rest string // what is sent before the answer, and behind it
		kept, told  bool   // the connection is kept; the answer says which
	}{
		"none of a short body has come":           {posts("/ignores", 5), "hello", true, true},
		"half of a short body has come":           {posts("/ignores", 5) + "he", "llo", true, true},
		"all of a body that is as long as may be": {posts("/ignores", little), strings.Repeat("x", little), true, true},
		"a byte more": {posts("/ignores", little+1), strings.Repeat("x", little+1), false, true},
		"a long body": {posts("/ignores", much), strings.Repeat("x", much), false, true},
		"a long body of which the handler has read all but 5 bytes": {posts("/most", 100_005) + strings.Repeat("x", 100_000), "hello", true, true},
		"chunks that have come":                    {"POST /ignores" + chunkedHead + "5\r\nhello\r\n0\r\n\r\n", "", true, true},
		"chunks of which the end hasn't come":      {"POST /ignores" + chunkedHead + "5\r\nhello\r\n", "0\r\n\r\n", false, true},
		"none of the chunks has come":              {"POST /ignores" + chunkedHead, "5\r\nhello\r\n0\r\n\r\n", false, true},
		"a head that was sent before, short body":  {posts("/flushes", 5), "hello", true, false},
		"a head that was sent before, long body":   {posts("/flushes", much), strings.Repeat("x", much), false, false},
		"an expectation that nobody meets":         {"POST /ignores HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", "", false, true},
		"a head that is refused, and a long body":  {posts("/ig nores", much), strings.Repeat("x", much), false, true},
		"the client wants the connection to close": {"POST /ignores HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 3145728\r\n\r\n", strings.Repeat("x", much), false, true},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, errs := still(t, func(yield coro.Yield, w *ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/most":
					_, _ = io.CopyN(io.Discard, r.Body, 100_000)
				case "/flushes":
					w.Flush()
				}
				routes(yield, w, r)
			}, Limits{})
			client := s.dial()
			s.send(client, c.first)
			in := bufio.NewReader(client)
			a, _ := s.answer(in, "POST")
			if c.told {
				require.Equal(t, !c.kept, a.Close)
			}
			s.send(client, c.rest)
			if c.kept {
				s.send(client, plainGet)
				_, body := s.answer(in, "GET")
				require.Equal(t, "GET h", body)
			}
			require.NoError(t, client.CloseWrite())
			rest, err := io.ReadAll(in)
			require.NoError(t, err, "no reset that throws the answer away")
			require.Empty(t, rest)
			s.conns(0)
			if a.StatusCode == http.StatusOK {
				s.on(func() { require.Empty(t, *errs) })
			}
		})
	}
	t.Run("a client that reads nothing before it has sent all", func(t *testing.T) {
		s, _, _ := still(t, func(_ coro.Yield, w *ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}, Limits{})
		client := s.dial()
		s.send(client, posts("/", much)+strings.Repeat("x", much))
		a, _ := s.answer(bufio.NewReader(client), "POST")
		require.Equal(t, http.StatusRequestEntityTooLarge, a.StatusCode)
	})
	t.Run("the rest of a short body doesn't come", func(t *testing.T) {
		s, clock, _ := still(t, routes, Limits{Piece: time.Minute})
		client := s.dial()
		s.send(client, posts("/ignores", 5)+"hell")
		s.answer(bufio.NewReader(client), "POST")
		s.goAfter(clock, time.Minute)
	})
	t.Run("a client that sends on and on is heard for a second", func(t *testing.T) {
		s, clock, _ := still(t, routes, Limits{})
		client := s.dial()
		s.send(client, posts("/ignores", 1<<40))
		s.answer(bufio.NewReader(client), "POST")
		sends := make(chan error, 1)
		go func() {
			for {
				if _, err := client.Write(make([]byte, 1<<20)); err != nil {
					sends <- err
					return
				}
			}
		}()
		s.goAfter(clock, time.Second)
		require.Error(t, <-sends)
	})
	t.Run("a task still reads when the handler returns", func(t *testing.T) {
		for _, n := range []int{5, much} {
			s := sharing(t, func(s *shared, yield coro.Yield, w *ResponseWriter, r *http.Request) {
				s.help(yield, func() error { return readsBody(r) })
				_, _ = io.WriteString(w, "done")
			})
			client := s.dial()
			s.send(client, posts("/x", n)+"hel")
			in := bufio.NewReader(client)
			a, body := s.answer(in, "POST")
			require.Equal(t, "done", body)
			require.ErrorIs(t, s.helped(), http.ErrBodyReadAfterClose)
			require.Equal(t, n == much, a.Close)
			s.send(client, strings.Repeat("x", n-3))
			require.NoError(t, client.CloseWrite())
			rest, err := io.ReadAll(in)
			require.NoError(t, err, "no reset that throws the answer away")
			require.Empty(t, rest)
		}
	})
}

// TestPieces: each 256 KiB of a body have Limits.Piece, and the handler's own time is no part
// of that.
func TestPieces(t *testing.T) {
	const piece = 200 * time.Millisecond
	for name, c := range map[string]struct {
		each  int // bytes that come in a millisecond
		whole bool
	}{
		"a body that needs longer, in good pieces": {8 << 10, true},
		"a body whose first piece is too slow":     {256, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := pacing(t, Limits{Head: time.Hour, Idle: time.Hour, Piece: piece})
			const n = 4 << 20
			s := strings.Repeat("x", c.each)
			_, err := io.WriteString(p.conn, posts("/body", n))
			require.NoError(t, err)
			<-p.received
			answers := make(chan string, 1)
			go func() {
				a, err := http.ReadResponse(bufio.NewReader(p.conn), nil)
				if err != nil {
					answers <- err.Error()
					return
				}
				body, _ := io.ReadAll(a.Body)
				answers <- string(body)
			}()
			for sent := 0; sent < n; sent += len(s) {
				if _, err := io.WriteString(p.conn, s); err != nil {
					break // the server has closed
				}
				select {
				case <-p.received:
					continue
				case answer := <-answers:
					answers <- answer
				}
				break
			}
			if answer := <-answers; c.whole {
				assert.Equal(t, "4194304 <nil>", answer)
			} else {
				assert.Contains(t, answer, "timeout")
			}
		})
	}
	t.Run("a handler that takes its time before and between its reads", func(t *testing.T) {
		const n = 200_000
		clock := &stopped{}
		handle := func(yield coro.Yield, w *ResponseWriter, r *http.Request) {
			got := 0
			for p := make([]byte, 10_000); ; {
				clock.move(2 * piece)
				_, _ = task.Checkpoint(yield), task.Checkpoint(yield) // a timer has run by now
				k, err := r.Body.Read(p)
				if got += k; err != nil {
					fmt.Fprint(w, got, " ", err)
					return
				}
			}
		}
		s := servingOn(t, &Server{Handle: HTTP(handle, Limits{Piece: piece})}, clock.tells)
		client := s.dial()
		s.send(client, posts("/", n)+string(faulty.Pattern(n)))
		_, body := s.answer(bufio.NewReader(client), "POST")
		require.Equal(t, "200000 EOF", body)
	})
}
