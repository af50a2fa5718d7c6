package serve

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"stepwise/pkg/coro"
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
