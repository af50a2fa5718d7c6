package fetch_test

// Where net/http's client and ours go on a redirect, and what they take along.

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
)

// TestDoAgreesOnRedirects combines each status with each method, each kind of body and
// each place to go.
func TestDoAgreesOnRedirects(t *testing.T) {
	var e ear
	server := serveCounting(t, func(w http.ResponseWriter, r *http.Request) {
		e.hear(r)
		var code int
		if n, _ := fmt.Sscanf(r.URL.Path, "/to/%d", &code); n == 1 {
			w.Header().Set("Location", r.URL.Query().Get("at"))
			w.WriteHeader(code)
		}
		_, _ = io.WriteString(w, "a body")
	})
	elsewhere := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	bodies := map[string]func(r *http.Request){
		"no_body": func(r *http.Request) { r.Body, r.GetBody, r.ContentLength = nil, nil, 0 },
		"a_body":  func(*http.Request) {},
		"a_body_to_be_had_once": func(r *http.Request) {
			r.Body, r.GetBody = io.NopCloser(r.Body), nil
		},
		"chunks": func(r *http.Request) { r.ContentLength = -1 },
		"chunks_to_be_had_once": func(r *http.Request) {
			r.Body, r.GetBody, r.ContentLength = io.NopCloser(r.Body), nil, -1
		},
	}
	theirs := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer theirs.CloseIdleConnections()
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		for _, code := range []int{301, 302, 303, 307, 308} {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"} {
				for kind, body := range bodies {
					for _, location := range []string{"/there", "there?q=1", "//localhost" + server.URL[len("http://127.0.0.1"):] + "/there", elsewhere + "/there#part", ""} {
						make := func() *http.Request {
							r := newRequest(t, method, fmt.Sprint(server.URL, "/to/", code, "?at=", url.QueryEscape(location)), "a body")
							for _, name := range []string{"Authorization", "Cookie", "Cookie2", "Www-Authenticate", "Proxy-Authorization", "Proxy-Authenticate", "X-Ours", "Content-Type", "Content-Language", "Content-Encoding", "Content-Location"} {
								r.Header.Set(name, "x")
							}
							body(r)
							return r
						}
						what := fmt.Sprint(code, " ", method, " ", kind, " ", location)
						want := see(theirs.Do(make()))
						wanted := e.since()
						require.NotEmpty(t, wanted)
						require.Equal(t, want, see(c.Do(yield, make())), what)
						require.Equal(t, wanted, e.since(), what)
					}
				}
			}
		}
	})
}
