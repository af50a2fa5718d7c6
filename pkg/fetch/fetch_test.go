package fetch_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestNames(t *testing.T) {
	t.Run("localhost", func(t *testing.T) {
		server := faulty.HTTP("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345")
		defer server.Close()
		response, err := get(t, strings.Replace(server.URL(), "127.0.0.1", "localhost", 1))
		require.NoError(t, err)
		assert.Equal(t, "12345", string(response.Body))
	})
	// The system of these has no name server.
	nobody := fetch.Client{Dial: (&outside.Dialer{Resolver: &net.Resolver{PreferGo: true,
		Dial: func(context.Context, string, string) (net.Conn, error) { return nil, errAny }}}).Dial}
	t.Run("no_answer", func(t *testing.T) {
		_, _, err := fetchBy(t, nobody, "http://name.invalid/")
		var wrong *net.DNSError
		require.ErrorAs(t, err, &wrong)
		require.ErrorContains(t, err, "fetch http://name.invalid/: connect name.invalid:80: lookup name.invalid")
	})
	t.Run("an_address_needs_no_answer", func(t *testing.T) {
		server := faulty.HTTP("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345")
		defer server.Close()
		body, _, err := fetchBy(t, nobody, server.URL())
		require.NoError(t, err)
		assert.Equal(t, "12345", body)
	})
}

func TestGetFromNetHTTP(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/page":
			w.Header().Set("X-Query", r.URL.RawQuery+" of "+r.Host)
			_, _ = w.Write(faulty.Pattern(1 << 20))
		case "/empty":
		case "/broken":
			http.Error(w, "sorry", http.StatusInternalServerError)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "http://")
	tests := []struct {
		name, target string
		code         int
		body         string
	}{
		{"a_page", "/page?a=b", 200, string(faulty.Pattern(1 << 20))},
		{"empty", "/empty", 200, ""},
		{"X14_404", "/none", 404, "404 page not found\n"},
		{"X14_500", "/broken", 500, "sorry\n"},
		{"X10_an_escaped_line_end_stays_escaped", "/a%0d%0aX:%20y", 404, "404 page not found\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			response, err := get(t, server.URL+test.target)
			require.NoError(t, err)
			assert.Equal(t, test.code, response.Code)
			assert.True(t, strings.HasPrefix(response.Status, http.StatusText(test.code)) ||
				strings.HasSuffix(response.Status, http.StatusText(test.code)), response.Status)
			assert.True(t, test.body == string(response.Body), "%d bytes", len(response.Body))
			if test.name == "a_page" {
				assert.Equal(t, "a=b of "+host, response.Header.Get("X-Query"))
			}
		})
	}
}

var (
	errAny   = errors.New("any")
	errWords = errors.New(`grüße, "quoted" \x and \"both\"`)
)

func TestFails(t *testing.T) {
	refused := faulty.Refused()
	defer refused.Close()
	reset := faulty.HTTPReset("HTTP/1.0 200 OK\r\n\r\npart")
	defer reset.Close()
	for _, test := range []struct {
		name   string
		server *faulty.Server
		want   error
	}{
		{"C02_refused", refused, unix.ECONNREFUSED},
		{"Q04_a_reset_in_the_body", reset, unix.ECONNRESET},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := get(t, test.server.URL())
			require.ErrorIs(t, err, test.want)
		})
	}
}

func TestLimit(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "12345")
		w.(http.Flusher).Flush() // chunks: the length isn't known before
	}))
	defer server.Close()
	for limit, whole := range map[int64]bool{4: false, 5: true, 6: true, 0: true} {
		body, _, err := fetchBy(t, fetch.Client{Limit: limit}, server.URL)
		if whole {
			require.NoError(t, err, limit)
			require.Equal(t, "12345", body)
		} else {
			require.ErrorIs(t, err, fetch.ErrTooLong)
			require.Equal(t, "1234", body)
		}
	}
}

// TestM01ShortVisits: what a visit has used, it gives back.
func TestM01ShortVisits(t *testing.T) {
	visits := 2000
	if testing.Short() {
		visits = 200
	}
	server := faulty.HTTP("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345")
	defer server.Close()
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	visit := func(n int) {
		_, err := task.Run(l, func(yield coro.Yield) (any, error) {
			for range n {
				if _, err := fetch.Get(yield, server.URL()); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		require.NoError(t, err)
	}
	visit(100) // whatever is made once
	before, heap := leaktest.Begin(t), heapInUse()
	visit(visits)
	before.FilesSoon() // the server is about to close the last
	require.Less(t, heapInUse()-heap, int64(2<<20), "bytes more than before")
	require.Empty(t, l.Where().Fds)
}

func heapInUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestM02NothingStaysOpen: however a Fetch ends, what it opened is closed.
func TestM02NothingStaysOpen(t *testing.T) {
	secure := newSecure(t, tls.VersionTLS13, []string{"h"}, func(conn *tls.Conn) { _ = conn.NetConn().Close() })
	w := newWay(t, []step{{"203.0.113.1:80", "http://x/"}, {"127.0.0.1:80", ""}})
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, l.Close()) }()
	usual := fetch.Client{Dial: outside.Dial}
	cut := oneAnswer(t, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
	for _, test := range []struct {
		name   string
		loop   *loop.Loop
		client fetch.Client
		rawURL string
		opened int
		fails  bool
	}{
		{"an_answer", l, usual, oneAnswer(t, "HTTP/1.1 200 OK\r\n\r\n").URL(), 1, false},
		{"no_answer", l, usual, oneAnswer(t, "").URL(), 1, true},
		{"a_redirect_to_an_answer_that_is_cut", l, usual, redirectTo(t, cut.URL()), 2, true},
		{"a_redirect_that_is_refused", l, usual, redirectTo(t, "ftp://h/"), 1, true},
		{"a_handshake_that_fails", l, secure.client(), "https://h/", 1, true},
		{"a_private_address", w.loop, fetch.Client{Dial: w.dial}, "http://first/", 2, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var opened []*sock.Socket
			dial := test.client.Dial
			test.client.Dial = func(yield coro.Yield, address string) (*sock.Socket, error) {
				s, err := dial(yield, address)
				opened = append(opened, s)
				return s, err
			}
			_, err := task.Run(test.loop, func(yield coro.Yield) (any, error) {
				return stream(yield, &test.client, test.rawURL, io.Discard)
			})
			assert.Equal(t, test.fails, err != nil, err)
			assert.Len(t, opened, test.opened)
			for _, s := range opened {
				assert.Equal(t, -1, s.FD())
			}
		})
	}
}

// TestREADME: what README shows of Do is what the example runs.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	_, shown, found := strings.Cut(string(readme), "<!-- fetch.Client.Do -->\n\n```go\n")
	require.True(t, found)
	shown, _, _ = strings.Cut(shown, "```")
	example, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	assert.Contains(t, strings.ReplaceAll(string(example), "\n\t\t", "\n"), shown)
}
