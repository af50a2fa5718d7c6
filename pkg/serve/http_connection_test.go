package serve

// What becomes of a connection between requests and behind the last one. Read
// http_test.go first.

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/sys"
)

func TestHTTPConnection(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	const chunked = " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
	t.Run("kept, as long as both want it", func(t *testing.T) {
		s := talking(t, Limits{})
		c := s.dial()
		r := bufio.NewReader(c)
		for _, raw := range []string{get, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "HEAD /big HTTP/1.1\r\nHost: h\r\n\r\n",
			"POST /ignores HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
			"POST /ignores" + chunked + "5\r\nhello\r\n0\r\n\r\n", "POST /body" + chunked + "5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n",
			"POST /ignores" + chunked + "5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n", "GET /big HTTP/1.1\r\nHost: h\r\n\r\n"} {
			s.send(c, raw)
			method, _, _ := strings.Cut(raw, " ")
			a, _ := s.answer(r, method)
			require.False(t, a.Close, raw)
			if strings.Contains(raw, "HTTP/1.0") {
				require.Equal(t, "keep-alive", a.Header.Get("Connection"), "who asks for it must be told")
			}
		}
		s.send(c, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
		a, _ := s.answer(r, "GET")
		require.True(t, a.Close)
		rest, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Empty(t, rest)
	})
	for name, raw := range map[string]string{
		"HTTP/1.0 closes":                             "GET / HTTP/1.0\r\n\r\n",
		"a long body that nobody reads closes":        "POST /ignores HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" + strings.Repeat("x", 200_000),
		"a length that HTTP/1.0 can't be told closes": "GET /big HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		"long chunks that nobody reads close":         "POST /ignores" + chunked + "30000\r\n" + strings.Repeat("x", 0x30000) + "\r\n0\r\n\r\n",
		"many chunks that nobody reads close":         "POST /ignores" + chunked + strings.Repeat("400\r\n"+strings.Repeat("x", 0x400)+"\r\n", 100) + "0\r\n\r\n",
		"broken chunks that nobody reads close":       "POST /ignores" + chunked + "5\r\nhelloo\r\n0\r\n\r\n",
		"a broken trailer that nobody reads closes":   "POST /ignores" + chunked + "0\r\nA\r\n\r\n",
		"chunks beside a length close":                "POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"chunks in HTTP/1.0 close":                    "POST /body HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n",
		"an expectation that nobody meets closes":     "POST /ignores HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
		"bad requests close, whatever comes later":    "BAD\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := talking(t, Limits{})
			c := s.dial()
			s.send(c, raw+get)
			r := bufio.NewReader(c)
			a, _ := s.answer(r, "GET")
			require.True(t, a.Close)
			rest, err := io.ReadAll(r)
			require.NoError(t, err, "no reset that throws the answer away")
			require.Empty(t, rest)
		})
	}
	t.Run("V11 pipelined, in order, in any pieces", func(t *testing.T) {
		s := talking(t, Limits{}, func(c *sys.Calls) {
			c.Recv = func(fd int, p []byte) (int, error) { return sys.Kernel.Recv(fd, p[:min(len(p), 7)]) }
			c.Send = func(fd int, p []byte) (int, error) { return sys.Kernel.Send(fd, p[:min(len(p), 5)]) }
		})
		var all strings.Builder
		for i := range 50 {
			fmt.Fprintf(&all, "GET / HTTP/1.1\r\nHost: %d\r\n\r\n", i)
		}
		r := bufio.NewReader(strings.NewReader(s.ask(all.String())))
		for i := range 50 {
			_, body := s.answer(r, "GET")
			require.Equal(t, fmt.Sprintf("GET %d", i), body)
		}
	})
	for name, expect := range map[string]string{"": "100-continue", ", asked in capitals": "100-CONTINUE", ", asked behind nothing": "\r\nExpect: 100-continue"} {
		t.Run("told to go on, before the body is read"+name, func(t *testing.T) {
			s := talking(t, Limits{})
			c := s.dial()
			r := bufio.NewReader(c)
			s.send(c, "POST /body HTTP/1.1\r\nHost: h\r\nExpect: "+expect+"\r\nContent-Length: 5\r\n\r\n")
			line, err := r.ReadString('\n')
			require.NoError(t, err)
			require.Equal(t, "HTTP/1.1 100 Continue\r\n", line)
			_, _ = r.ReadString('\n')
			s.send(c, "hello"+get)
			_, body := s.answer(r, "POST")
			require.Equal(t, "5 <nil>", body)
			_, body = s.answer(r, "GET")
			require.Equal(t, "GET h", body)
		})
	}
	t.Run("flushed: the client has it before the handler goes on", func(t *testing.T) {
		s := talking(t, Limits{Piece: time.Hour})
		c := s.dial()
		s.send(c, "POST /flush HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\n")
		a, err := http.ReadResponse(bufio.NewReader(c), nil)
		require.NoError(t, err)
		first := make([]byte, 1)
		_, err = io.ReadFull(a.Body, first)
		require.NoError(t, err)
		require.Equal(t, "a", string(first))
		s.send(c, "x") // the handler has waited for it
		rest, err := io.ReadAll(a.Body)
		require.NoError(t, err)
		require.Equal(t, "b", string(rest))
	})
	t.Run("a long head, and the next requests right behind it", func(t *testing.T) {
		raw := "GET / HTTP/1.1\r\nHost: h\r\nA: " + strings.Repeat("a", 20<<10) + "\r\n\r\n"
		s := talking(t, Limits{})
		r := bufio.NewReader(strings.NewReader(s.ask(raw + get + raw + "\r\n" + get)))
		for range 4 {
			_, body := s.answer(r, "GET")
			require.Equal(t, "GET h", body)
		}
	})
	t.Run("after an empty line it is idle again", func(t *testing.T) {
		s := talking(t, Limits{})
		c := s.dial()
		s.send(c, get+"\r\n")
		s.answer(bufio.NewReader(c), "GET")
		s.until("idle", func() bool { return s.server.all()[0].idle && !s.server.all()[0].Arrived() })
		s.on(func() { s.server.Shutdown(patience) })
		s.end()
	})
	t.Run("what is wrong already is refused before the rest has come", func(t *testing.T) {
		s := talking(t, Limits{Head: patience})
		for _, raw := range []string{"BAD\r\n", "GET a HTTP/1.1\r\n", "GET / HTTP/3.0\n", "GET / HTTP/1.1\r\nHost: a b\r\n"} {
			c := s.dial()
			s.send(c, raw)
			a, _ := s.answer(bufio.NewReader(c), "GET")
			require.GreaterOrEqual(t, a.StatusCode, 400)
		}
	})
	t.Run("a head that is too long is read on, so that the answer isn't reset", func(t *testing.T) {
		received := 0
		s := servingOn(t, &Server{Handle: HTTP(routes, Limits{})}, new(stopped).tells, calling(func(c *sys.Calls) {
			c.Recv = func(fd int, p []byte) (int, error) {
				n, err := sys.Kernel.Recv(fd, p)
				received += max(n, 0)
				return n, err
			}
		}))
		raw := "GET / HTTP/1.1\r\nA: " + strings.Repeat("a", mostHead+200<<10)
		require.Contains(t, s.ask(raw), "431 Request Header Fields Too Large")
		s.until("all of it is received", func() bool { return received == len(raw) }) // perhaps after the answer
	})
	t.Run("a HEAD that is refused has no body", func(t *testing.T) {
		s := talking(t, Limits{})
		for _, raw := range []string{"HEAD / HTTP/1.1\r\n\r\n", "HEAD /% HTTP/1.1\r\nHost: h\r\n\r\n", "HEAD * HTTP/1.1\r\n"} {
			a, body := s.one(raw)
			require.Equal(t, 400, a.StatusCode)
			require.Empty(t, body)
		}
	})
	t.Run("the client needn't close first", func(t *testing.T) {
		ended := make(chan int, 1)
		s := talking(t, Limits{}, func(c *sys.Calls) {
			c.Shutdown = func(fd, how int) error {
				ended <- how
				return sys.Kernel.Shutdown(fd, how)
			}
		})
		c := s.dial()
		s.send(c, "GET / HTTP/1.0\r\n\r\n")
		_, err := io.ReadAll(c)
		require.NoError(t, err)
		require.Len(t, ended, 1, "our side is ended, and his last words are read")
		require.Equal(t, unix.SHUT_WR, <-ended)
	})
	t.Run("a body shorter than announced ends the connection", func(t *testing.T) {
		got := talking(t, Limits{}).ask("GET /short HTTP/1.1\r\nHost: h\r\n\r\n" + get)
		require.True(t, strings.HasSuffix(got, "\r\n\r\nhalf"), got)
	})
	t.Run("V06 a handler that panics", func(t *testing.T) {
		s := talking(t, Limits{})
		require.Empty(t, s.ask("GET /panics HTTP/1.1\r\nHost: h\r\n\r\n"))
		s.until("a report", func() bool { return len(s.Reports) == 1 })
		_, body := s.one(get)
		require.Equal(t, "GET h", body)
	})
	t.Run("V11 a client that says nothing", func(t *testing.T) { require.Empty(t, talking(t, Limits{}).ask("")) })
	t.Run("V11 half a request, and the end", func(t *testing.T) {
		s := talking(t, Limits{})
		require.Contains(t, s.ask("GET / HTTP/1.1\r\nHo"), "400 Bad Request")
		require.Contains(t, s.ask("GET / HTTP/1.1\r\n"), "400 Bad Request")
	})
	for name, last := range map[string]string{
		"V08 the last answer says that it is":             get,
		"V08 so does one that is sent before it is whole": "GET /big HTTP/1.1\r\nHost: h\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			s := talking(t, Limits{})
			c := s.dial()
			s.send(c, get)
			r := bufio.NewReader(c)
			s.answer(r, "GET")
			s.until("idle", func() bool { return s.server.all()[0].idle })
			s.on(func() {
				s.send(c, last)
				for !s.server.all()[0].Arrived() {
				}
				s.server.Shutdown(patience)
			})
			a, body := s.answer(r, "GET")
			require.True(t, a.Close)
			require.NotEmpty(t, body)
			s.end()
		})
	}
}
