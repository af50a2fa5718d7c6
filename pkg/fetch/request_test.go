package fetch_test

// What is sent: what the client refuses to send, what it adds, and what it leaves alone.

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
)

// TestDoRefuses: the client says what it can't do, and closes the body even then.
func TestDoRefuses(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*http.Request)
		says   string
		is     error
	}{
		{"no_URL", func(r *http.Request) { r.URL = nil }, "it has no URL", fetch.ErrURL},
		{"a_scheme", func(r *http.Request) { r.URL.Scheme = "ftp" }, `the scheme is "ftp"`, fetch.ErrURL},
		{"an_opaque_URL", func(r *http.Request) { r.URL.Opaque = "opaque" }, "want http://", fetch.ErrURL},
		{"an_opaque_URL_with_another_host", func(r *http.Request) { r.URL.Opaque = "//127.0.0.1:2/" }, `its Opaque is "//127.0.0.1:2/"`, fetch.ErrURL},
		{"a_method_with_a_line_end", func(r *http.Request) { r.Method = "GET / HTTP/1.1\r\nX: y\r\n\r\nGET" }, `the method is "GET /`, fetch.ErrRequest},
		{"CONNECT", func(r *http.Request) { r.Method = "CONNECT" }, "tunnel", fetch.ErrRequest},
		{"a_host_with_a_line_end", func(r *http.Request) { r.Host = "h\r\nX: y" }, `its Host is "h\r\nX: y"`, fetch.ErrRequest},
		{"a_value_with_a_line_end", func(r *http.Request) { r.Header.Set("A", "b\r\nX: y") }, "the header A has a control character", fetch.ErrRequest},
		{"a_name_with_a_line_end", func(r *http.Request) { r.Header["A: b\r\nX"] = []string{"y"} }, "a header is named", fetch.ErrRequest},
		{"a_name_that_is_empty", func(r *http.Request) { r.Header[""] = []string{"y"} }, `a header is named ""`, fetch.ErrRequest},
		{"Host_as_a_header", func(r *http.Request) { r.Header.Set("Host", "h") }, "set Request.Host instead", fetch.ErrRequest},
		{"Expect", func(r *http.Request) { r.Header.Set("Expect", "100-continue") }, "the header Expect is set", fetch.ErrRequest},
		{"a_coding_as_a_header", func(r *http.Request) { r.Header.Set("Transfer-Encoding", "chunked") }, "the header Transfer-Encoding is set", fetch.ErrRequest},
		{"a_length_that_is_another", func(r *http.Request) { r.Header.Set("Content-Length", "7") }, `the header Content-Length is ["7"]`, fetch.ErrRequest},
		{"a_coding", func(r *http.Request) { r.TransferEncoding = []string{"gzip"} }, `the transfer coding is ["gzip"]`, fetch.ErrRequest},
		{"trailers", func(r *http.Request) { r.Trailer = http.Header{"A": nil} }, "trailers", fetch.ErrRequest},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRequest(t, "POST", "http://127.0.0.1:1/", "a body")
			body := &closing{Reader: r.Body}
			r.Body = body
			test.change(r)
			c := &fetch.Client{}
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				_, err := c.Do(yield, r)
				require.ErrorIs(t, err, test.is)
				require.ErrorContains(t, err, test.says)
				assertPlain(t, err.Error())
				assert.Equal(t, 1, body.closed)
			})
		})
	}
	t.Run("a_length_without_a_body", func(t *testing.T) {
		r := newRequest(t, "POST", "http://127.0.0.1:1/", "")
		r.ContentLength = 3
		c := &fetch.Client{}
		play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
			_, err := c.Do(yield, r)
			require.ErrorIs(t, err, fetch.ErrRequest)
			require.ErrorContains(t, err, "its ContentLength is 3, and it has no Body")
		})
	})
	t.Run("a_nil_yield", func(t *testing.T) {
		_, err := (&fetch.Client{}).Do(nil, newRequest(t, "GET", "http://127.0.0.1:1/", ""))
		require.ErrorContains(t, err, "await outside of a coroutine")
	})
}

// closing counts the Closes of a body.
type closing struct {
	io.Reader
	closed int
}

func (c *closing) Close() error { c.closed++; return nil }

// TestDoChangesNothing of the request, which the caller may use again.
func TestDoChangesNothing(t *testing.T) {
	server := serveCounting(t, site)
	r := newRequest(t, "GET", server.URL+"/to/302", "")
	r.Header["authorization"] = []string{"x"}
	r.Header.Set("Content-Length", "0")
	before, header := *r, r.Header.Clone()
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		for range 2 {
			answer, err := c.Do(yield, r)
			require.Equal(t, "hello", text(t, answer, err))
		}
	})
	assert.Equal(t, header, r.Header)
	assert.Equal(t, before.URL.String(), r.URL.String())
	assert.Equal(t, before.Method, r.Method)
}

// TestDoOurHeaders: what is sent when nothing is said, and how not to send it.
func TestDoOurHeaders(t *testing.T) {
	type h = http.Header
	for name, test := range map[string]struct {
		client, given h
		want          string
	}{
		"none":                        {nil, h{}, "Accept: */*\r\nUser-Agent: stepwise\r\n"},
		"of_our_own":                  {nil, h{"User-Agent": {"crawler/1"}, "Accept": {"text/html"}}, "Accept: text/html\r\nUser-Agent: crawler/1\r\n"},
		"a_length":                    {nil, h{"Content-Length": {"0"}}, "Accept: */*\r\nUser-Agent: stepwise\r\n"},
		"keep-alive":                  {nil, h{"Connection": {"keep-alive"}}, "Accept: */*\r\nConnection: keep-alive\r\nUser-Agent: stepwise\r\n"},
		"a_close":                     {nil, h{"Connection": {"CLOSE"}}, "Connection: close\r\nAccept: */*\r\nUser-Agent: stepwise\r\n"},
		"a_close_in_another_spelling": {nil, h{"connection": {"close"}}, "Connection: close\r\nAccept: */*\r\nUser-Agent: stepwise\r\n"},
		"empty":                       {nil, h{"User-Agent": {""}, "Accept": {""}}, ""},

		"the_Client's":                {h{"user-agent": {"crawler/1"}, "X-Ours": {"a", "b"}}, nil, "Accept: */*\r\nUser-Agent: crawler/1\r\nX-Ours: a\r\nX-Ours: b\r\n"},
		"the_request's_own_win":       {h{"X-Ours": {"a"}, "x-theirs": {"a"}}, h{"x-ours": {"b"}}, "Accept: */*\r\nUser-Agent: stepwise\r\nX-Ours: b\r\nX-Theirs: a\r\n"},
		"the_request_wants_none":      {h{"User-Agent": {"crawler/1"}, "X-Ours": {"a"}}, h{"User-Agent": nil, "X-Ours": nil}, "Accept: */*\r\n"},
		"the_Client_wants_none":       {h{"User-Agent": {""}, "Accept": nil}, h{}, ""},
		"the_request_takes_one_again": {h{"User-Agent": {""}}, h{"User-Agent": {"crawler/1"}}, "Accept: */*\r\nUser-Agent: crawler/1\r\n"},
		"the_Client's_close":          {h{"Connection": {"close"}}, nil, "Connection: close\r\nAccept: */*\r\nUser-Agent: stepwise\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			server := oneAnswer(t, okHello)
			r := newRequest(t, "GET", server.URL(), "")
			r.Header = test.given
			c := &fetch.Client{Header: test.client}
			before := test.client.Clone()
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				answer, err := c.Do(yield, r)
				require.Equal(t, "hello", text(t, answer, err))
				for _, values := range answer.Request.Header {
					clear(values) // the caller's own
				}
			})
			assert.Equal(t, before, c.Header)
			assert.Equal(t, "GET / HTTP/1.1\r\nHost: "+server.Addr()+"\r\n"+test.want+"\r\n", received(t, server, 0))
		})
	}
	t.Run("what_a_request_may_not_say_its_Client_may_not_either", func(t *testing.T) {
		c := &fetch.Client{Header: h{"Host": {"elsewhere"}}}
		play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
			_, err := c.Get(yield, "http://127.0.0.1:1/")
			require.ErrorIs(t, err, fetch.ErrRequest)
		})
	})
}
