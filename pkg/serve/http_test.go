package serve

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sys"
)

// routes is a handler with something of everything.
func routes(yield coro.Yield, w *ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/":
		fmt.Fprintf(w, "%s %s", r.Method, r.Host)
	case "/big": // of 1 MB, in pieces, length unknown
		for range 1024 {
			_, _ = w.Write(make([]byte, 1024))
		}
	case "/body":
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%d %v", len(body), err)
	case "/ignores":
	case "/none":
		w.WriteHeader(http.StatusNoContent)
		_, _ = io.WriteString(w, "dropped")
	case "/unchanged":
		w.WriteHeader(http.StatusNotModified)
		_, _ = io.WriteString(w, "dropped")
	case "/short":
		w.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(w, "half")
	case "/long", "/longer":
		text := "four"
		if r.URL.Path == "/longer" { // than what is kept back
			text = strings.Repeat("four", 2000)
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(text)))
		_, _ = io.WriteString(w, text)
		_, err := io.WriteString(w, "more")
		if err != http.ErrContentLength {
			panic(err)
		}
	case "/flush":
		_, _ = io.WriteString(w, "a")
		w.Flush()
		_, _ = io.ReadAll(r.Body)
		_, _ = w.Write(nil) // an empty chunk would be the end
		_, _ = io.WriteString(w, "b")
	case "/smuggles":
		w.Header().Set("Transfer-Encoding", "chunked")
		w.Header().Set("X", "a\r\nY: b")
		w.WriteHeader(http.StatusTeapot)
		w.WriteHeader(http.StatusOK)
	case "/panics":
		panic("on purpose")
	}
}

func talking(t *testing.T, limits Limits, change ...func(*sys.Calls)) *site {
	return serving(t, &Server{Handle: HTTP(routes, limits)}, change...)
}

func TestHTTPRequests(t *testing.T) {
	s := talking(t, Limits{})
	const host = " HTTP/1.1\r\nHost: h\r\n"
	cases := []struct {
		name, raw string
		status    int
		body      string // "*": any
	}{
		{"plain", "GET /" + host + "\r\n", 200, "GET h"},
		{"absolute form", "GET http://other/ HTTP/1.1\r\nHost: h\r\n\r\n", 200, "GET other"},
		{"V11 HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200, "GET "},
		{"HEAD", "HEAD /" + host + "\r\n", 200, ""},
		{"HEAD of what is long", "HEAD /big" + host + "\r\n", 200, ""},
		{"an unknown method is the handler's affair", "FLY /" + host + "\r\n", 200, "FLY h"},
		{"a body with a length", "POST /body" + host + "Content-Length: 5\r\n\r\nhello", 200, "5 <nil>"},
		{"a body in chunks", "POST /body" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200, "3 <nil>"},
		{"a body that is cut", "POST /body" + host + "Content-Length: 9\r\n\r\nhello", 200, "5 unexpected EOF"},
		{"a body longer than a head may be", "POST /body" + host + "Content-Length: 300000\r\n\r\n" + strings.Repeat("x", 300_000), 200, "300000 <nil>"},
		{"a line end ahead", "\r\n\r\nGET /" + host + "\r\n", 200, "GET h"},
		{"X06 a header line of 64 KB", "GET /" + host + "A: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", 200, "GET h"},
		{"V04 an endless header", "GET /" + host + "A: " + strings.Repeat("a", 200<<10), 431, "*"},
		{"V04 an endless request line", "GET /" + strings.Repeat("a", 200<<10), 431, "*"},
		{"V04 headers without end", "GET /" + host + strings.Repeat("A: a\r\n", 50_000), 431, "*"},
		{"garbage", "\x16\x03\x01\x02\x00\r\n\r\n", 400, "*"},
		{"HTTP/0.9", "GET /\r\n", 400, "*"},
		{"a target that is none", "GET :%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400, "*"},
		{"no host", "GET / HTTP/1.1\r\n\r\n", 400, "*"},
		{"two hosts", "GET /" + host + "Host: i\r\n\r\n", 400, "*"},
		{"a space before the colon", "GET /" + host + "A : b\r\n\r\n", 400, "*"},
		{"a name that is none", "GET /" + host + "A(b): c\r\n\r\n", 400, "*"},
		{"no name", "GET /" + host + ": c\r\n\r\n", 400, "*"},
		{"a control character in a header", "GET /" + host + "A: b\x01c\r\n\r\n", 400, "*"},
		{"two lengths", "POST /body" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400, "*"},
		{"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "*"},
		{"an unknown expectation", "GET /" + host + "Expect: wonders\r\n\r\n", 417, "*"},
		{"no content", "GET /none" + host + "\r\n", 204, ""},
		{"not modified", "GET /unchanged" + host + "\r\n", 304, ""},
		{"a length unknown beforehand", "GET /big" + host + "\r\n", 200, string(make([]byte, 1<<20))},
		{"the same for HTTP/1.0", "GET /big HTTP/1.0\r\n\r\n", 200, string(make([]byte, 1<<20))},
		{"more than announced", "GET /long" + host + "\r\n", 200, "four"},
		{"more than announced, when the head is out", "GET /longer" + host + "\r\n", 200, strings.Repeat("four", 2000)},
		{"flushed between", "GET /flush" + host + "\r\n", 200, "ab"},
		{"a header with a line end", "GET /smuggles" + host + "\r\n", 418, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a, body := s.one(c.raw)
			assert.Equal(t, c.status, a.StatusCode)
			if c.body != "*" {
				assert.True(t, c.body == body, "got %d bytes: %.40q", len(body), body)
			}
			if c.status >= 400 && c.status != 418 {
				assert.True(t, a.Close, "where its end is unclear, the connection ends")
			}
			if strings.Contains(c.raw, "HTTP/1.0") {
				assert.Empty(t, a.TransferEncoding, "nobody knew of chunks then")
			}
			assert.NotEmpty(t, a.Header.Get("Date"))
			assert.Empty(t, a.Header.Get("Y"))
		})
	}
}

func TestHTTPConnection(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	t.Run("kept, as long as both want it", func(t *testing.T) {
		s := talking(t, Limits{})
		c := s.dial()
		r := bufio.NewReader(c)
		for _, raw := range []string{get, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "HEAD /big HTTP/1.1\r\nHost: h\r\n\r\n",
			"POST /ignores HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", "GET /big HTTP/1.1\r\nHost: h\r\n\r\n"} {
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
		"chunks close":                                "POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
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
	t.Run("told to go on, before the body is read", func(t *testing.T) {
		s := talking(t, Limits{})
		c := s.dial()
		r := bufio.NewReader(c)
		s.send(c, "POST /body HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
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
	t.Run("flushed: the client has it before the handler goes on", func(t *testing.T) {
		s := talking(t, Limits{})
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
		s.until("a report", func() bool { return len(s.reports) == 1 })
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

func TestHTTPSlowClients(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	const short, long = 50 * time.Millisecond, time.Hour
	t.Run("V03 slow heads are dropped, a good one is served", func(t *testing.T) {
		s := talking(t, Limits{Head: short, Idle: long, Piece: long})
		for i := range 100 {
			s.send(s.dial(), "GET / HTTP/1.1\r\nHost: h\r\n"[:i%26])
		}
		_, body := s.one(get)
		require.Equal(t, "GET h", body)
		s.conns(0)
	})
	t.Run("V03 a head that trickles is dropped too", func(t *testing.T) {
		s := talking(t, Limits{Head: short, Idle: long, Piece: long})
		c := s.dial()
		for {
			if _, err := io.WriteString(c, "a"); err != nil {
				break
			}
			time.Sleep(time.Millisecond) // its pace: faster, the head would be too long first
		}
		s.conns(0)
	})
	t.Run("a kept connection that is idle for too long", func(t *testing.T) {
		s := talking(t, Limits{Head: long, Idle: short, Piece: long})
		c := s.dial()
		s.send(c, get)
		r := bufio.NewReader(c)
		s.answer(r, "GET")
		_, err := r.ReadByte()
		require.Equal(t, io.EOF, err)
	})
	t.Run("V03 the head of a later request is slow", func(t *testing.T) {
		s := talking(t, Limits{Head: short, Idle: long, Piece: long})
		c := s.dial()
		s.send(c, get)
		r := bufio.NewReader(c)
		s.answer(r, "GET")
		s.send(c, get[:20])
		rest, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Empty(t, string(rest), "dropped without an answer")
	})
	t.Run("V04 a head that is too long is refused before it ends", func(t *testing.T) {
		s := talking(t, Limits{Head: long, Idle: long, Piece: long})
		c := s.dial()
		go func() { _, _ = io.WriteString(c, "GET / HTTP/1.1\r\nA: "+strings.Repeat("a", 200<<10)) }()
		a, _ := s.answer(bufio.NewReader(c), "GET")
		require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, a.StatusCode)
	})
	t.Run("a body that doesn't come", func(t *testing.T) {
		s := talking(t, Limits{Head: long, Idle: long, Piece: short})
		c := s.dial()
		s.send(c, "POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n")
		_, body := s.answer(bufio.NewReader(c), "POST")
		require.Contains(t, body, "timeout")
	})
	big := filepath.Join(t.TempDir(), "big")
	require.NoError(t, os.WriteFile(big, faulty.Pattern(16<<20), 0o644))
	f, err := os.Open(big)
	require.NoError(t, err)
	defer f.Close()
	for name, write := range map[string]func(w *ResponseWriter){
		"from memory": func(w *ResponseWriter) { _, _ = w.Write(faulty.Pattern(16 << 20)) },
		"from a file": func(w *ResponseWriter) {
			w.Header().Set("Content-Length", "16777216")
			_ = w.SendFile(f, 0, 16<<20)
		},
	} {
		t.Run("V12 N10 an answer that isn't read, "+name, func(t *testing.T) {
			most := 0
			s := serving(t, &Server{Handle: HTTP(func(_ coro.Yield, w *ResponseWriter, _ *http.Request) { write(w) },
				Limits{Head: long, Idle: long, Piece: short})}, func(c *sys.Calls) {
				c.Send = func(fd int, p []byte) (int, error) {
					most = max(most, len(p))
					return sys.Kernel.Send(fd, p)
				}
			})
			s.send(s.dial(), get)
			s.conns(1)
			s.conns(0)
			s.on(func() { assert.LessOrEqual(t, most, pieceMost, "each piece has its time") })
		})
	}
	t.Run("V12 a slow client makes the handler wait", func(t *testing.T) {
		written := 0
		full := make(chan struct{}, 1)
		s := serving(t, &Server{Handle: HTTP(func(_ coro.Yield, w *ResponseWriter, _ *http.Request) {
			for written < 32<<20 {
				n, err := w.Write(make([]byte, 64<<10))
				if written += n; err != nil {
					return
				}
			}
		}, Limits{})}, func(c *sys.Calls) {
			c.Send = func(fd int, p []byte) (int, error) {
				n, err := sys.Kernel.Send(fd, p)
				if err == unix.EAGAIN {
					select {
					case full <- struct{}{}:
					default:
					}
				}
				return n, err
			}
		})
		c := s.dial()
		s.send(c, get)
		<-full
		s.on(func() { assert.Less(t, written, 24<<20) })
		_, body := s.answer(bufio.NewReader(c), "GET")
		require.Len(t, body, 32<<20)
	})
}
