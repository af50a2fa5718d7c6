package fetch_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
)

// site answers in each way that HTTP/1.1 has.
func site(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case path == "/length":
		w.Header().Set("Content-Length", "5")
		_, _ = io.WriteString(w, "hello")
	case path == "/chunks":
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, "hello, ")
		_ = http.NewResponseController(w).Flush()
		_, _ = io.WriteString(w, "world")
		w.Header().Set("X-Sum", "42")
	case path == "/close":
		w.Header().Set("Connection", "close")
		_, _ = io.WriteString(w, "bye")
	case path == "/big":
		_, _ = w.Write(faulty.Pattern(1 << 20))
	case path == "/early":
		w.Header().Set("Link", "</a>")
		w.WriteHeader(http.StatusEarlyHints)
		_, _ = io.WriteString(w, "after 103")
	case path == "/twice":
		w.Header()["X-Twice"] = []string{"a", "b"}
	case strings.HasPrefix(path, "/status/"):
		var code int
		_, _ = fmt.Sscanf(path, "/status/%d", &code)
		w.WriteHeader(code)
	case strings.HasPrefix(path, "/to/"):
		var code int
		_, _ = fmt.Sscanf(path, "/to/%d", &code)
		w.Header().Set("Location", "/length?from="+path)
		w.WriteHeader(code)
	}
}

// TestDoAgrees makes the same requests with net/http's client and with ours. What is seen
// of the answer is the same, and so is what the server is told.
func TestDoAgrees(t *testing.T) {
	var mu sync.Mutex
	var heard [][]string
	server := serveCounting(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		heard = append(heard, told(r))
		mu.Unlock()
		site(w, r)
	})
	type change = func(*http.Request)
	header := func(name string, values ...string) change {
		return func(r *http.Request) { r.Header[name] = values }
	}
	inChunks := func(r *http.Request) { r.ContentLength, r.Body, r.GetBody = 0, io.NopCloser(r.Body), nil }
	noRewind := func(r *http.Request) { r.Body, r.GetBody = io.NopCloser(r.Body), nil }
	for _, test := range []struct {
		name, method, path, body string
		change                   change
	}{
		{"a_length", "GET", "/length", "", nil},
		{"no_method", "", "/length", "", nil},
		{"chunks_and_a_trailer", "GET", "/chunks", "", nil},
		{"a_close", "GET", "/close", "", nil},
		{"a_megabyte", "GET", "/big", "", nil},
		{"an_interim_answer", "GET", "/early", "", nil},
		{"a_name_that_comes_twice", "GET", "/twice", "", nil},
		{"HEAD", "HEAD", "/length", "", nil},
		{"HEAD_of_chunks", "HEAD", "/chunks", "", nil},
		{"HEAD_of_nothing", "HEAD", "/status/200", "", nil},
		{"204", "GET", "/status/204", "", nil},
		{"304", "GET", "/status/304", "", nil},
		{"404", "GET", "/status/404", "", nil},
		{"500", "GET", "/status/500", "", nil},
		{"POST", "POST", "/length", "a body", nil},
		{"POST_of_nothing", "POST", "/length", "", nil},
		{"POST_in_chunks", "POST", "/length", "a body", inChunks},
		{"POST_of_a_megabyte", "POST", "/length", strings.Repeat("x", 1<<20), nil},
		{"POST_of_a_megabyte_in_chunks", "POST", "/length", strings.Repeat("x", 1<<20), inChunks},
		{"PUT", "PUT", "/length", "a body", noRewind},
		{"PATCH", "PATCH", "/length", "a body", nil},
		{"DELETE", "DELETE", "/length", "", nil},
		{"DELETE_with_a_body", "DELETE", "/length", "a body", nil},
		{"OPTIONS", "OPTIONS", "/length", "", nil},
		{"a_method_of_our_own", "PURGE", "/length", "", nil},
		{"a_query", "GET", "/length?a=b&c=%20d", "", nil},
		{"a_header", "GET", "/length", "", header("X-Test", "a", "b")},
		{"a_header_in_lower_case", "GET", "/length", "", header("x-test", "a")},
		{"a_type", "POST", "/length", "{}", header("Content-Type", "application/json")},
		{"a_host", "GET", "/length", "", func(r *http.Request) { r.Host = "other.example:81" }},
		{"close_asked_for", "GET", "/length", "", func(r *http.Request) { r.Close = true }},
		{"301_of_a_GET", "GET", "/to/301", "", nil},
		{"301_of_a_POST", "POST", "/to/301", "a body", header("Content-Type", "text/plain")},
		{"302_of_a_PUT", "PUT", "/to/302", "a body", nil},
		{"303_of_a_POST", "POST", "/to/303", "a body", nil},
		{"303_of_a_HEAD", "HEAD", "/to/303", "", nil},
		{"303_of_a_DELETE", "DELETE", "/to/303", "", nil},
		{"307_of_a_POST", "POST", "/to/307", "a body", header("Content-Type", "text/plain")},
		{"307_of_a_body_that_can't_be_had_again", "POST", "/to/307", "a body", noRewind},
		{"307_of_chunks_that_can't_be_had_again", "POST", "/to/307", "a body", inChunks},
		{"308_of_a_DELETE", "DELETE", "/to/308", "", nil},
		{"308_of_a_megabyte", "POST", "/to/308", strings.Repeat("x", 1<<20), nil},
		{"a_redirect_keeps_Authorization_at_home", "GET", "/to/302", "", header("Authorization", "secret")},
		{"a_redirect_keeps_a_host", "GET", "/to/302", "", func(r *http.Request) { r.Host = "other.example" }},
		{"300_is_no_redirect", "GET", "/to/300", "", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			make := func() *http.Request {
				r := newRequest(t, test.method, server.URL+test.path, test.body)
				if test.change != nil {
					test.change(r)
				}
				return r
			}
			theirs := server.Client()
			theirs.Transport.(*http.Transport).DisableCompression = true
			heard = nil
			want := see(theirs.Do(make()))
			wanted := heard
			require.False(t, want.Failed)
			play(t, &fetch.Client{}, func(yield coro.Yield, _ *looptest.Rig) {
				c := &fetch.Client{}
				defer c.Close()
				for range 2 { // also on a kept connection
					heard = nil
					answer, err := c.Do(yield, make())
					require.NoError(t, err)
					assert.Equal(t, want, see(answer, nil))
					assert.Equal(t, wanted, heard)
				}
			})
		})
	}
}

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
	for name, test := range map[string]struct {
		given http.Header
		want  string
	}{
		"none":       {http.Header{}, "Accept: */*\r\nUser-Agent: stepwise\r\n"},
		"of_our_own": {http.Header{"User-Agent": {"crawler/1"}, "Accept": {"text/html"}}, "Accept: text/html\r\nUser-Agent: crawler/1\r\n"},
		"empty":      {http.Header{"User-Agent": {""}, "Accept": {""}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := oneAnswer(t, okHello)
			r := newRequest(t, "GET", server.URL(), "")
			r.Header = test.given
			c := &fetch.Client{}
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				answer, err := c.Do(yield, r)
				require.Equal(t, "hello", text(t, answer, err))
			})
			assert.Equal(t, "GET / HTTP/1.1\r\nHost: "+server.Addr()+"\r\n"+test.want+"\r\n", received(t, server, 0))
		})
	}
}

// TestRedirectsAcrossServers: what is a secret of the first server stays with it, also
// when the second sends us back.
func TestRedirectsAcrossServers(t *testing.T) {
	secrets := []string{"Authorization", "Cookie", "Proxy-Authorization", "X-Ours"}
	var heard []string
	note := func(r *http.Request) {
		line := r.Host + r.URL.Path
		for _, s := range secrets {
			if r.Header.Get(s) != "" {
				line += " " + s
			}
		}
		heard = append(heard, line)
	}
	var first, second *counting
	first = serveCounting(t, func(w http.ResponseWriter, r *http.Request) {
		note(r)
		if to := map[string]string{"/": "/b", "/b": second.URL + "/c"}[r.URL.Path]; to != "" {
			http.Redirect(w, r, to, http.StatusFound)
		}
	})
	second = serveCounting(t, func(w http.ResponseWriter, r *http.Request) {
		note(r)
		http.Redirect(w, r, first.URL+"/d", http.StatusFound)
	})
	r := newRequest(t, "GET", first.URL+"/", "")
	for _, s := range secrets {
		r.Header.Set(s, "x")
	}
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		answer, err := c.Do(yield, r)
		_ = text(t, answer, err)
	})
	at := func(s *counting) string { return strings.TrimPrefix(s.URL, "http://") }
	assert.Equal(t, []string{
		at(first) + "/ Authorization Cookie Proxy-Authorization X-Ours", at(first) + "/b Authorization Cookie Proxy-Authorization X-Ours",
		at(second) + "/c X-Ours", at(first) + "/d X-Ours"}, heard)
}

// TestHeadBeforeBody: the answer is there while its body is held back.
func TestHeadBeforeBody(t *testing.T) {
	release := make(chan struct{})
	server := serveCounting(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Early", "yes")
		_ = http.NewResponseController(w).Flush()
		<-release
		_, _ = io.WriteString(w, "late")
	})
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		answer, err := c.Do(yield, newRequest(t, "GET", server.URL, ""))
		require.NoError(t, err)
		assert.Equal(t, "yes", answer.Header.Get("X-Early"))
		close(release)
		assert.Equal(t, "late", text(t, answer, nil))
	})
}

// TestLimits: what is streamed has no limit, what is collected has one, and Limit is one
// for both.
func TestLimits(t *testing.T) {
	server := serveCounting(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/chunks" {
			_ = http.NewResponseController(w).Flush()
		}
		_, _ = io.WriteString(w, "12345")
	})
	huge := oneAnswer(t, fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\nx", fetch.DefaultLimit+1))
	for _, test := range []struct {
		name, path string
		limit      int64
		body       string
		announced  int64 // in the error; 0: no error
	}{
		{"as_long", "/chunks", 5, "12345", 0},
		{"chunks_too_long", "/chunks", 4, "1234", -1},
		{"a_length_too_long", "/", 4, "", 5},
		{"a_length_as_long", "/", 5, "12345", 0},
		{"none", "/", -1, "12345", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			play(t, &fetch.Client{}, func(yield coro.Yield, _ *looptest.Rig) {
				c := &fetch.Client{Limit: test.limit}
				defer c.Close()
				var body strings.Builder
				_, err := stream(yield, c, server.URL+test.path, &body)
				_, collected := c.Get(yield, server.URL+test.path)
				assert.Equal(t, test.body, body.String())
				if test.announced == 0 {
					require.NoError(t, err)
					require.NoError(t, collected)
					return
				}
				var long *fetch.TooLongError
				require.ErrorAs(t, err, &long)
				assert.Equal(t, fetch.TooLongError{Limit: test.limit, Announced: test.announced}, *long)
				require.ErrorIs(t, collected, fetch.ErrTooLong)
			})
		})
	}
	t.Run("64_MiB_when_collected", func(t *testing.T) {
		_, err := get(t, huge.URL())
		var long *fetch.TooLongError
		require.ErrorAs(t, err, &long)
		assert.EqualValues(t, fetch.DefaultLimit, long.Limit)
	})
	t.Run("none_when_streamed", func(t *testing.T) {
		body, _, err := fetchBy(t, fetch.Client{}, huge.URL())
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		assert.Equal(t, "x", body)
	})
}
