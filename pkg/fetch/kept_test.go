package fetch_test

// Which connections are used again, and what a server may do to one. Counts, not times.

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
)

// TestKept counts the connections that several requests take, one after the other.
func TestKept(t *testing.T) {
	const n = 3
	read := func(answer *http.Response) { _, _ = io.Copy(io.Discard, answer.Body) }
	leave := func(answer *http.Response) { _ = answer.Body.Close() }
	for _, test := range []struct {
		name, path string
		client     fetch.Client
		change     func(*http.Request)
		use        func(*http.Response)
		want       int
	}{
		{"a_second_request_costs_no_connect", "/length", fetch.Client{}, nil, read, 1},
		{"also_behind_chunks", "/chunks", fetch.Client{}, nil, read, 1},
		{"also_without_a_body", "/status/204", fetch.Client{}, nil, leave, 1},
		{"also_behind_a_redirect", "/to/302", fetch.Client{}, nil, read, 1},
		{"a_body_that_has_arrived_is_dropped", "/length", fetch.Client{}, nil, leave, 1},
		{"a_body_of_a_megabyte_is_not", "/big", fetch.Client{}, nil, leave, n},
		{"the_server_closes", "/close", fetch.Client{}, nil, read, n},
		{"we_close", "/length", fetch.Client{}, func(r *http.Request) { r.Close = true }, read, n},
		{"we_close_by_a_header", "/length", fetch.Client{}, func(r *http.Request) { r.Header.Set("Connection", "Close") }, read, n},
		{"none_is_kept", "/length", fetch.Client{MaxIdle: -1}, nil, read, n},
		{"one_is_kept", "/length", fetch.Client{MaxIdle: 1, MaxConnsPerHost: 1}, nil, read, 1},
	} {
		for _, secure := range []bool{false, true} {
			name := map[bool]string{false: "plain", true: "TLS"}[secure]
			t.Run(test.name+"/"+name, func(t *testing.T) {
				server := serveCountingTLS(t, site, secure)
				c := test.client
				if secure {
					c.TLS = trustIn(server.Server)
				}
				play(t, &c, func(yield coro.Yield, _ *looptest.Rig) {
					for range n {
						r := newRequest(t, "GET", server.URL+test.path, "")
						if test.change != nil {
							test.change(r)
						}
						answer, err := c.Do(yield, r)
						require.NoError(t, err)
						test.use(answer)
					}
				})
				assert.EqualValues(t, test.want, server.connects.Load())
			})
		}
	}
}

// TestKeptScripted: what a server does to a kept connection, and what we do then.
func TestKeptScripted(t *testing.T) {
	keyed := func(r *http.Request) { r.Header.Set("Idempotency-Key", "1") }
	keyedX := func(r *http.Request) { r.Header.Set("X-Idempotency-Key", "1") }
	inChunks := func(r *http.Request) { r.ContentLength, r.GetBody = -1, nil }
	chunksAgain := func(r *http.Request) { r.ContentLength = -1 }
	noRewind := func(r *http.Request) { r.GetBody = nil }
	for _, test := range []struct {
		name, method, body string
		change             func(*http.Request)
		server             func(int, net.Conn, *bufio.Reader)
		want               string // "" is an error
		connects           int
	}{
		{"ends_in_a_GET", "GET", "", nil, ends(false), "again", 2},
		{"is_reset_in_a_GET", "GET", "", nil, ends(true), "again", 2},
		{"ends_in_a_PUT", "PUT", "body", nil, ends(false), "again", 2},
		{"ends_in_a_DELETE", "DELETE", "", nil, ends(false), "again", 2},
		{"ends_in_a_POST", "POST", "body", nil, ends(false), "", 1},
		{"ends_in_a_PATCH", "PATCH", "body", nil, ends(false), "", 1},
		{"ends_in_a_POST_with_a_key", "POST", "body", keyed, ends(false), "again", 2},
		{"ends_in_a_PUT_that_can't_be_had_again", "PUT", "body", noRewind, ends(false), "", 1},
		{"ends_in_an_OPTIONS", "OPTIONS", "", nil, ends(false), "again", 2},
		{"ends_in_a_TRACE", "TRACE", "", nil, ends(false), "again", 2},
		{"ends_in_a_HEAD", "HEAD", "", nil, ends(false), "none", 2},
		{"ends_in_a_method_of_our_own", "PURGE", "", nil, ends(false), "", 1},
		{"ends_in_a_POST_of_nothing", "POST", "", nil, ends(false), "", 1},
		{"ends_in_a_POST_with_another_key", "POST", "body", keyedX, ends(false), "again", 2},
		{"is_reset_in_a_POST", "POST", "body", nil, ends(true), "", 1},
		{"is_reset_in_a_PUT", "PUT", "body", nil, ends(true), "again", 2},
		{"ends_in_a_PUT_of_chunks", "PUT", "body", chunksAgain, ends(false), "again", 2},
		{"ends_in_a_PUT_of_chunks_that_can't_be_had_again", "PUT", "body", inChunks, ends(false), "", 1},
		{"ends_in_a_PUT_of_a_megabyte", "PUT", strings.Repeat("x", 1<<20), nil, ends(false), "again", 2},
		{"is_kept", "POST", "body", nil, always(okHello), "hello", 1},
		{"HTTP_1.0_is_not_kept", "GET", "", nil, always("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"), "hello", 2},
		{"HTTP_1.0_is_kept_if_it_says_so", "GET", "", nil, always("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello"), "hello", 1},
		{"says_close_among_others", "GET", "", nil, always("HTTP/1.1 200 OK\r\nConnection: foo, CLOSE\r\nContent-Length: 5\r\n\r\nhello"), "hello", 2},
		{"surplus_in_the_same_packet", "POST", "body", nil, always(okHello + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"), "hello", 2},
		{"surplus_behind_no_body", "POST", "body", nil, always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nevil"), "", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			rawURL, connects := scripted(t, test.server)
			c := &fetch.Client{MaxConnsPerHost: 1} // each attempt gives its place back
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				_, err := c.Get(yield, rawURL)
				require.NoError(t, err)
				r := newRequest(t, test.method, rawURL, test.body)
				if test.change != nil {
					test.change(r)
				}
				answer, err := c.Do(yield, r)
				switch {
				case test.want == "none":
					assert.Empty(t, text(t, answer, err))
				case test.want != "" || strings.Contains(test.name, "no_body"):
					assert.Equal(t, test.want, text(t, answer, err))
				case strings.Contains(test.name, "reset"):
					require.ErrorIs(t, err, unix.ECONNRESET)
				default:
					require.ErrorIs(t, err, fetch.ErrNoAnswer)
				}
			})
			assert.EqualValues(t, test.connects, connects.Load())
		})
	}
}
