package fetch_test

// What net/http's client and ours understand of an answer, byte for byte.

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
)

// heads are answers to any method. A body is sent unless the method is HEAD.
var heads = []struct{ name, head, body string }{
	{"a_length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "hello"},
	{"a_length_of_nothing", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""},
	{"a_length_and_a_close", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n", "hello"},
	{"a_length_and_a_close_among_others", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: x, Close\r\n\r\n", "hello"},
	{"a_length_and_keep-alive", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n", "hello"},
	{"a_length_that_is_too_long", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", "half"},
	{"no_length", "HTTP/1.1 200 OK\r\n\r\n", "hello"},
	{"no_length_and_a_close", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", "hello"},
	{"HTTP_1.0", "HTTP/1.0 200 OK\r\n\r\n", "hello"},
	{"HTTP_1.0_with_a_length", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n", "hello"},
	{"HTTP_1.0_with_keep-alive", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n", "hello"},
	{"HTTP_1.0_with_a_close", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n", "hello"},
	{"HTTP_1.0_cut_short", "HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\n", "half"},
	{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"},
	{"chunks_of_nothing", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n\r\n"},
	{"chunks_in_capitals", "HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"},
	{"chunks_and_a_close", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n", "1\r\nh\r\n4\r\nello\r\n0\r\n\r\n"},
	{"chunks_with_extensions", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5;a=b\r\nhello\r\n0;c\r\n\r\n"},
	{"chunks_cut_short", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhe"},
	{"chunks_without_the_last", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n"},
	{"trailers_that_were_announced", "HTTP/1.1 200 OK\r\nTrailer: X-A, x-b\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n"},
	{"trailers_that_were_not", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n0\r\nX-A: 1\r\nX-A: 2\r\n\r\n"},
	{"trailers_that_don't_come", "HTTP/1.1 200 OK\r\nTrailer: X-A\r\nTransfer-Encoding: chunked\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"},
	{"trailers_without_chunks", "HTTP/1.1 200 OK\r\nTrailer: X-A\r\nContent-Length: 5\r\n\r\n", "hello"},
	{"a_100", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "hello"},
	{"a_102_and_two_103", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "hello"},
	{"204", "HTTP/1.1 204 No Content\r\n\r\n", ""},
	{"304", "HTTP/1.1 304 Not Modified\r\nEtag: \"x\"\r\n\r\n", ""},
	{"304_with_a_length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", ""},
	{"404", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\n", "none"},
	{"a_3xx_without_a_Location", "HTTP/1.1 302 Found\r\nContent-Length: 5\r\n\r\n", "where"},
	{"a_300_with_a_Location", "HTTP/1.1 300 Choices\r\nLocation: /x\r\nContent-Length: 5\r\n\r\n", "which"},
	{"a_305_with_a_Location", "HTTP/1.1 305 Use Proxy\r\nLocation: /x\r\nContent-Length: 5\r\n\r\n", "proxy"},
	{"a_201_with_a_Location", "HTTP/1.1 201 Created\r\nLocation: /x\r\nContent-Length: 5\r\n\r\n", "there"},
	{"the_status_999", "HTTP/1.1 999 What\r\nContent-Length: 5\r\n\r\n", "hello"},
	{"gzip_that_nobody_unpacks", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n", "\x1f\x8b\x08\x00"},
	{"no_reason", "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\n", "hello"},
	{"a_reason_of_words", "HTTP/1.1 200 All is well here\r\nContent-Length: 5\r\n\r\n", "hello"},
	{"lines_that_end_in_LF", "HTTP/1.1 200 OK\nContent-Length: 5\n\n", "hello"},
	{"values_that_come_twice", "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nset-cookie: c=d\r\nX-Empty:\r\nContent-Length: 5\r\n\r\n", "hello"},
	{"a_line_that_continues", "HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 5\r\n\r\n", "hello"},
	{"no_answer", "", ""},
	{"half_a_head", "HTTP/1.1 200 OK\r\nContent-Le", ""},
	{"no_HTTP", "hello\r\n\r\n", ""},
}

// TestDoAgreesOnAnswers asks for each answer by several methods, with both clients.
func TestDoAgreesOnAnswers(t *testing.T) {
	for _, test := range heads {
		for _, method := range []string{"GET", "HEAD", "POST", "DELETE"} {
			t.Run(test.name+"/"+method, func(t *testing.T) {
				raw := test.head
				if method != "HEAD" {
					raw += test.body
				}
				rawURL, connects := scripted(t, func(_ int, conn net.Conn, r *bufio.Reader) {
					answerOnce(conn, r, raw)
					_ = conn.(*net.TCPConn).CloseWrite()
					_, _ = io.Copy(io.Discard, r)
				})
				make := func() *http.Request { return newRequest(t, method, rawURL, strings.Repeat("x", len(method)-3)) }
				theirs := &http.Client{Transport: &http.Transport{DisableCompression: true}}
				defer theirs.CloseIdleConnections()
				want := see(theirs.Do(make()))
				asked := connects.Swap(0)
				c := &fetch.Client{}
				play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
					assert.Equal(t, want, see(c.Do(yield, make())))
				})
				assert.Equal(t, asked, connects.Load())
			})
		}
	}
}
