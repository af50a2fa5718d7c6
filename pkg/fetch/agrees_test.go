package fetch_test

// net/http's client and ours make the same requests of the same servers.

import (
	"fmt"
	"io"
	"net/http"
	"strings"
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
	var e ear
	server := serveCounting(t, func(w http.ResponseWriter, r *http.Request) {
		e.hear(r)
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
		{"GET_with_a_body", "GET", "/length", "a body", nil},
		{"GET_with_chunks", "GET", "/length", "a body", inChunks},
		{"HEAD_with_a_body", "HEAD", "/length", "a body", nil},
		{"OPTIONS_with_a_body", "OPTIONS", "/length", "a body", nil},
		{"PUT_of_nothing", "PUT", "/length", "", nil},
		{"PATCH_of_nothing", "PATCH", "/length", "", nil},
		{"a_method_of_our_own_with_a_body", "PURGE", "/length", "a body", nil},
		{"a_body_that_is_NoBody", "POST", "/length", "a body", func(r *http.Request) { r.Body, r.ContentLength = http.NoBody, 0 }},
		{"chunks_asked_for", "POST", "/length", "a body", func(r *http.Request) { r.TransferEncoding = []string{"chunked"} }},
		{"a_length_of_-1", "POST", "/length", "a body", func(r *http.Request) { r.ContentLength = -1 }},
		{"a_body_of_two_pieces", "POST", "/length", strings.Repeat("x", 64<<10), nil},
		{"a_body_of_two_pieces_and_a_byte", "POST", "/length", strings.Repeat("x", 64<<10+1), nil},
		{"an_interim_answer_to_a_POST", "POST", "/early", "a body", nil},
		{"HEAD_of_an_interim_answer", "HEAD", "/early", "", nil},
		{"204_of_a_POST", "POST", "/status/204", "a body", nil},
		{"304_of_a_HEAD", "HEAD", "/status/304", "", nil},
		{"a_value_with_blanks", "GET", "/length", "", header("X-Test", "  a b  ")},
		{"an_empty_value", "GET", "/length", "", header("X-Test", "")},
		{"no_values", "GET", "/length", "", header("X-Test")},
		{"a_value_beyond_ASCII", "GET", "/length", "", header("X-Test", "\u00fc\t\xff")},
		{"one_name_in_two_spellings", "GET", "/length", "", func(r *http.Request) { r.Header["x-test"], r.Header["X-Test"] = []string{"a"}, []string{"a"} }},
		{"a_length_that_is_right", "POST", "/length", "a body", header("Content-Length", "6")},
		{"keep-alive_asked_for", "GET", "/length", "", header("Connection", "keep-alive")},
		{"gzip_asked_for", "GET", "/length", "", header("Accept-Encoding", "gzip")},
		{"a_path_with_escapes", "GET", "/length%2F/../%41b%20?q=%2f#part", "", nil},
		{"a_path_of_slashes", "GET", "//length//", "", nil},
		{"a_query_alone", "GET", "?q", "", nil},
		{"an_empty_query", "GET", "/length?", "", nil},
		{"no_path", "GET", "", "", nil},
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
			want := see(theirs.Do(make()))
			wanted := e.since()
			require.False(t, want.Failed)
			play(t, &fetch.Client{}, func(yield coro.Yield, _ *looptest.Rig) {
				c := &fetch.Client{}
				defer c.Close()
				for range 2 { // also on a kept connection
					answer, err := c.Do(yield, make())
					require.NoError(t, err)
					assert.Equal(t, want, see(answer, nil))
					assert.Equal(t, wanted, e.since())
				}
			})
		})
	}
}
