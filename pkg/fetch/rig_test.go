package fetch_test

// What the tests stand on: servers that count, and a client on a loop.

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// counting is a server of net/http, with the number of connections that were made to it.
type counting struct {
	*httptest.Server
	connects atomic.Int32
}

func serveCounting(t *testing.T, h http.HandlerFunc) *counting {
	return serveCountingTLS(t, h, false)
}

func serveCountingTLS(t *testing.T, h http.HandlerFunc, secure bool) *counting {
	c := &counting{Server: httptest.NewUnstartedServer(h)}
	c.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			c.connects.Add(1)
		}
	}
	if secure {
		c.StartTLS()
	} else {
		c.Start()
	}
	t.Cleanup(c.Close)
	return c
}

// scripted serves each connection, numbered from 1, as talk says.
func scripted(t *testing.T, talk func(n int, conn net.Conn, r *bufio.Reader)) (rawURL string, connects *atomic.Int32) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	connects = new(atomic.Int32)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			n := int(connects.Add(1))
			go func() {
				defer conn.Close()
				talk(n, conn, bufio.NewReader(conn))
			}()
		}
	}()
	return "http://" + listener.Addr().String() + "/", connects
}

// answerOnce reads a request and says raw.
func answerOnce(conn net.Conn, r *bufio.Reader, raw string) bool {
	request, err := http.ReadRequest(r)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, request.Body)
	_, err = io.WriteString(conn, raw)
	return err == nil
}

const okHello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

// play runs body with c on a loop of its own, and closes c.
func play(t *testing.T, c *fetch.Client, body func(yield coro.Yield, r *looptest.Rig)) {
	r := looptest.Real(t)
	r.Play(func(yield coro.Yield) {
		defer c.Close()
		body(yield, r)
	})
}

func newRequest(t testing.TB, method, rawURL, body string) *http.Request {
	return newRequestContext(t, context.Background(), method, rawURL, body)
}

func newRequestContext(t testing.TB, ctx context.Context, method, rawURL, body string) *http.Request {
	var from io.Reader
	if body != "" {
		from = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, rawURL, from)
	require.NoError(t, err)
	return r
}

// got is what came of a request, as far as it can be seen.
type got struct {
	Status, Proto, URL, Body string
	Code                     int
	Length                   int64
	Codings                  []string
	Close                    bool
	Header, Trailer          http.Header
	Failed                   bool
}

// see reads a Response.
func see(answer *http.Response, err error) got {
	if err != nil {
		return got{Failed: true}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	header := answer.Header.Clone()
	header.Del("Date")
	header.Del("Last-Modified") // of a page that was just put there
	return got{Status: answer.Status, Proto: answer.Proto, URL: answer.Request.URL.String(), Code: answer.StatusCode, Body: string(body),
		Length: answer.ContentLength, Codings: answer.TransferEncoding, Close: answer.Close, Header: header, Trailer: answer.Trailer, Failed: err != nil}
}

// text reads a Response that must be there.
func text(t testing.TB, answer *http.Response, err error) string {
	require.NoError(t, err)
	g := see(answer, nil)
	require.False(t, g.Failed)
	return g.Body
}

// told is what a server was told, without what two clients say differently of themselves.
func told(r *http.Request) []string {
	body, err := io.ReadAll(r.Body)
	lines := []string{r.Method + " " + r.RequestURI, "host " + r.Host, "body " + string(body)}
	if err != nil {
		lines = append(lines, "error")
	}
	for name, values := range r.Header {
		if !slices.Contains([]string{"User-Agent", "Accept", "Referer"}, name) {
			lines = append(lines, name+": "+strings.Join(values, "|"))
		}
	}
	slices.Sort(lines[3:])
	return append(lines, r.TransferEncoding...)
}

// ear keeps what servers were told.
type ear struct {
	mu    sync.Mutex
	heard [][]string
}

func (e *ear) hear(r *http.Request) {
	lines := told(r)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, lines)
}

// since returns what was heard since the last call.
func (e *ear) since() [][]string {
	e.mu.Lock()
	defer e.mu.Unlock()
	heard := e.heard
	e.heard = nil
	return heard
}

// waiting waits for what never comes.
type waiting struct{}

func (*waiting) wait(yield coro.Yield, l *loop.Loop) error {
	_, err := task.Await(yield, future.New(l))
	return err
}

// redirectTo is the URL of a page that sends everybody to location.
func redirectTo(t *testing.T, location string) string {
	return oneAnswer(t, "HTTP/1.1 302 Found\r\nLocation: "+location+"\r\nContent-Length: 0\r\n\r\n").URL()
}

// received is what the server's visitor, counted from 0, has sent.
func received(t *testing.T, server *faulty.Server, visitor int) string {
	visit, err := server.Visit(visitor, leaktest.Patience)
	require.NoError(t, err)
	return string(visit.Received)
}

// assertPlain fails t for text that a terminal might obey.
func assertPlain(t *testing.T, text string) {
	t.Helper()
	assert.True(t, utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }), "%q", text)
}

// get fetches on a loop of its own.
func get(t *testing.T, rawURL string) (*fetch.Response, error) {
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	v, err := task.Run(l, func(yield coro.Yield) (any, error) { return fetch.Get(yield, rawURL) })
	response, _ := v.(*fetch.Response)
	return response, err
}

// stream gets rawURL with c, and writes the body to w as it comes.
func stream(yield coro.Yield, c *fetch.Client, rawURL string, w io.Writer) (*fetch.Response, error) {
	u, err := fetch.Parse(rawURL)
	if err != nil {
		return nil, err
	}
	answer, err := c.Do(yield, &http.Request{URL: u, Close: true})
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(w, answer.Body); err != nil {
		return nil, err
	}
	return &fetch.Response{URL: answer.Request.URL, Status: answer.Status, Code: answer.StatusCode, Header: answer.Header}, nil
}

// fetchBy streams with c on a loop of its own.
func fetchBy(t *testing.T, c fetch.Client, rawURL string) (body string, response *fetch.Response, err error) {
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	var b strings.Builder
	v, err := task.Run(l, func(yield coro.Yield) (any, error) { return stream(yield, &c, rawURL, &b) })
	response, _ = v.(*fetch.Response)
	return b.String(), response, err
}
