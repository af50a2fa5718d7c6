package serve

// How a client learns that its answer was cut: it tells the end (FIN) from a reset (RST).

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/task"
)

// begins is a Handler that sends the beginning of an answer, and then does rest.
func begins(rest func(yield coro.Yield, w *ResponseWriter)) Handler {
	return func(yield coro.Yield, w *ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "begin")
		w.Flush()
		rest(yield, w)
	}
}

func naps(yield coro.Yield, w *ResponseWriter) { _ = task.Sleep(yield, time.Hour) }

func panics(coro.Yield, *ResponseWriter) { panic("in the middle") }

// TestCut: a reset where the end would make a part of an answer look whole, and no reset where
// one could destroy the end of an answer that is on its way.
func TestCut(t *testing.T) {
	const old, kept = "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	for name, c := range map[string]struct {
		handle  func(yield coro.Yield, c *Conn) error
		request string
		reads   string // what the client reads before the server is closed
		close   bool   // the server is closed then; otherwise it ends the connection by itself
		reset   bool   // what the client finds behind that
	}{
		"a_shutdown_cuts_an_answer_of_unknown_length": {HTTP(begins(naps), Limits{}), old, "begin", true, true},
		"a_shutdown_cuts_an_answer_in_chunks":         {HTTP(begins(naps), Limits{}), kept, "begin", true, true},
		"a_shutdown_cuts_a_Handle_at_work": {func(yield coro.Yield, c *Conn) error {
			_, _ = c.Write([]byte("x"))
			return task.Sleep(yield, time.Hour)
		}, "", "x", true, true},
		"a_shutdown_finds_an_idle_connection":       {Echo, "hello", "hello", true, false},
		"a_shutdown_finds_a_kept_connection":        {HTTP(begins(func(coro.Yield, *ResponseWriter) {}), Limits{}), kept, "0\r\n\r\n", true, false},
		"a_shutdown_finds_an_answer_that_has_ended": {HTTP(begins(func(coro.Yield, *ResponseWriter) {}), Limits{}), old, "begin", true, false},
		"a_panic_cuts_an_answer_of_unknown_length":  {HTTP(begins(panics), Limits{}), old, "begin", false, true},
		"a_panic_cuts_an_answer_in_chunks":          {HTTP(begins(panics), Limits{}), kept, "begin", false, false},
		"a_panic_comes_before_the_first_byte":       {HTTP(func(coro.Yield, *ResponseWriter, *http.Request) { panic("at once") }, Limits{}), old, "", false, false},
		"a_panic_cuts_an_answer_of_announced_length": {HTTP(func(yield coro.Yield, w *ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9")
			begins(panics)(yield, w, nil)
		}, Limits{}), old, "begin", false, false},
		"a_panic_cuts_an_answer_without_a_body":         {HTTP(begins(panics), Limits{}), "HEAD / HTTP/1.0\r\n\r\n", "\r\n\r\n", false, false},
		"an_answer_of_unknown_length_ends_as_it_should": {HTTP(begins(func(coro.Yield, *ResponseWriter) {}), Limits{}), old, "begin", false, false},
		"a_short_body_shows_by_its_announced_length": {HTTP(func(_ coro.Yield, w *ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "9")
			fmt.Fprint(w, "begin")
		}, Limits{}), kept, "begin", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := serving(t, &Server{Handle: c.handle})
			client := s.dial()
			s.send(client, c.request)
			for got := ""; len(got) < len(c.reads) || got[len(got)-len(c.reads):] != c.reads; {
				one := make([]byte, 1)
				_, err := io.ReadFull(client, one)
				require.NoError(t, err, "after %q", got)
				got += string(one)
			}
			if c.close {
				if !c.reset {
					s.until("at rest, or gone", func() bool { all := s.server.all(); return len(all) == 0 || all[0].idle || all[0].ended })
				}
				s.on(s.server.Close)
			}
			require.Equal(t, c.reset, isReset(t, client))
		})
	}
}

// isReset reports whether c ends with a reset, and not with the regular end.
func isReset(t *testing.T, c net.Conn) bool {
	_, err := io.ReadAll(c)
	if err != nil {
		require.ErrorIs(t, err, unix.ECONNRESET)
	}
	return err != nil
}
