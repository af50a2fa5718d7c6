package fetch_test

// Where an answer may send us, and what goes along. private_test.go has what depends on
// addresses.

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
)

func TestRedirects(t *testing.T) {
	mux := http.NewServeMux()
	for _, code := range []int{301, 302, 303, 307, 308} {
		mux.Handle(fmt.Sprintf("/%d/", code), http.RedirectHandler("../page?from=here#part", code))
	}
	mux.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.RawQuery) })
	mux.Handle("/round", http.RedirectHandler("/round", http.StatusFound))
	for path, location := range map[string]string{"/file": "file:///etc/passwd", "/bad": "http://[::1/", "/percent": "/100%", "/nohost": "http:///x"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(302)
		})
	}
	mux.HandleFunc("/nowhere", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(302) })
	server := httptest.NewServer(mux)
	defer server.Close()

	for _, code := range []string{"301", "302", "303", "307", "308"} {
		t.Run("followed_"+code, func(t *testing.T) {
			body, response, err := fetchBy(t, fetch.Client{}, server.URL+"/"+code+"/")
			require.NoError(t, err)
			assert.Equal(t, "from=here", body)
			assert.Equal(t, server.URL+"/page?from=here#part", response.URL.String())
		})
	}
	for _, test := range []struct {
		path string
		want error
		says string
	}{
		{"/round", fetch.ErrRedirects, "/round: sent on to " + server.URL + "/round: sent on to " + server.URL + "/round: too many"},
		{"/file", fetch.ErrURL, `sent on to "file:///etc/passwd": the scheme is "file"`},
		{"/bad", fetch.ErrURL, `sent on to "http://[::1/": missing ']'`},
		{"/percent", fetch.ErrURL, `sent on to "/100%": invalid URL escape "%"`},
		{"/nohost", fetch.ErrURL, `sent on to "http:///x": no host`},
	} {
		t.Run("X09_"+test.path[1:], func(t *testing.T) {
			body, _, err := fetchBy(t, fetch.Client{}, server.URL+test.path)
			require.ErrorIs(t, err, test.want)
			require.ErrorContains(t, err, test.says)
			require.Empty(t, body)
		})
	}
	t.Run("X09_no_location", func(t *testing.T) {
		_, response, err := fetchBy(t, fetch.Client{}, server.URL+"/nowhere")
		require.NoError(t, err)
		assert.Equal(t, 302, response.Code)
	})
	t.Run("not_followed", func(t *testing.T) {
		_, response, err := fetchBy(t, fetch.Client{MaxRedirects: -1}, server.URL+"/round")
		require.NoError(t, err)
		assert.Equal(t, 302, response.Code)
	})
	t.Run("the_page_behind_one_can't_be_reached", func(t *testing.T) {
		from := redirectTo(t, "http://127.0.0.1:1/")
		_, _, err := fetchBy(t, fetch.Client{}, from)
		require.ErrorContains(t, err, "fetch "+from+": sent on to http://127.0.0.1:1/: connect", "it names the URL that was given")
	})
}

func TestMaxRedirects(t *testing.T) {
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, "/", http.StatusFound)
	}))
	defer server.Close()
	for most, want := range map[int]int{0: 11, 1: 2, 3: 4} {
		asked.Store(0)
		forgetful := func(_ *http.Request, via []*http.Request) error { clear(via); return nil }
		_, _, err := fetchBy(t, fetch.Client{MaxRedirects: most, CheckRedirect: forgetful}, server.URL)
		require.ErrorIs(t, err, fetch.ErrRedirects)
		require.ErrorContains(t, err, "fetch "+server.URL+": sent on to "+server.URL+"/: ", "what a hook does to via is its own affair")
		require.EqualValues(t, want, asked.Load(), "at most %d", most)
	}
}

// TestCheckRedirect: the hook sees what net/http's sees, and its answer counts.
func TestCheckRedirect(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if next := map[string]string{"/": "/b c", "/b c": "/d"}[r.URL.Path]; next != "" {
			w.Header().Set("Location", next)
			w.WriteHeader(302)
		}
		_, _ = io.WriteString(w, r.URL.Path)
	}))
	defer server.Close()
	for _, test := range []struct {
		name  string
		stop  error // of the hook, at the second redirect
		body  string
		calls []string
	}{
		{"all_allowed", nil, "/d", []string{"/ > /b%20c", "/ /b%20c > /d"}},
		{"refused", errAny, "", []string{"/ > /b%20c", "/ /b%20c > /d"}},
		{"the_last_answer_will_do", fmt.Errorf("enough: %w", http.ErrUseLastResponse), "/b c", []string{"/ > /b%20c", "/ /b%20c > /d"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var calls []string
			check := func(req *http.Request, via []*http.Request) error {
				call := ""
				for _, r := range via {
					call += r.URL.RequestURI() + " "
				}
				calls = append(calls, call+"> "+req.URL.RequestURI())
				assert.Equal(t, strings.TrimPrefix(server.URL, "http://"), req.Host)
				if len(via) < 2 {
					return nil
				}
				via[0] = nil // the hook's own
				return test.stop
			}
			body, response, err := fetchBy(t, fetch.Client{CheckRedirect: check}, server.URL)
			if test.stop == errAny {
				require.ErrorIs(t, err, errAny)
				assert.Nil(t, response)
			} else {
				require.NoError(t, err)
			}
			assert.Equal(t, test.body, body)
			assert.Equal(t, test.calls, calls)
		})
	}
	t.Run("what_the_rules_refuse_it_isn't_asked", func(t *testing.T) {
		check := func(*http.Request, []*http.Request) error { return errAny }
		_, _, err := fetchBy(t, fetch.Client{CheckRedirect: check}, redirectTo(t, "ftp://h/"))
		require.ErrorIs(t, err, fetch.ErrURL)
		require.NotErrorIs(t, err, errAny)
	})
}

func TestDowngrade(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "plain") }))
	defer plain.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/down":
			http.Redirect(w, r, plain.URL, http.StatusFound)
		case "/same":
			http.Redirect(w, r, "/page", http.StatusFound)
		default:
			_, _ = io.WriteString(w, "secure")
		}
	}))
	defer secure.Close()
	up := redirectTo(t, secure.URL+"/page")
	for _, test := range []struct {
		name, from, body string
		allowed          bool
		err              error
	}{
		{"https_to_http", secure.URL + "/down", "", false, fetch.ErrDowngrade},
		{"https_to_http_where_it_is_asked_for", secure.URL + "/down", "plain", true, nil},
		{"https_to_https", secure.URL + "/same", "secure", false, nil},
		{"http_to_https", up, "secure", false, nil},
		{"http_to_http", redirectTo(t, plain.URL), "plain", false, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			body, _, err := fetchBy(t, fetch.Client{TLS: trustIn(secure), RedirectToHTTP: test.allowed}, test.from)
			require.ErrorIs(t, err, test.err)
			assert.Equal(t, test.body, body)
		})
	}
}

func trustIn(server *httptest.Server) *tls.Config {
	return server.Client().Transport.(*http.Transport).TLSClientConfig
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
	at := func(s *counting) string { return strings.TrimPrefix(s.URL, "http://") }
	want := []string{
		at(first) + "/ Authorization Cookie Proxy-Authorization X-Ours", at(first) + "/b Authorization Cookie Proxy-Authorization X-Ours",
		at(second) + "/c X-Ours", at(first) + "/d X-Ours"}
	for _, whose := range []string{"the_request's", "the_Client's"} {
		t.Run(whose, func(t *testing.T) {
			heard = nil
			r := newRequest(t, "GET", first.URL+"/", "")
			c := &fetch.Client{Header: http.Header{}, CheckRedirect: func(_ *http.Request, via []*http.Request) error {
				assert.Equal(t, "x", via[0].Header.Get("Authorization"), "what was sent stays known")
				return nil
			}}
			header := r.Header
			if whose == "the_Client's" {
				header = c.Header
			}
			for _, s := range secrets {
				header.Set(s, "x")
			}
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				answer, err := c.Do(yield, r)
				_ = text(t, answer, err)
			})
			assert.Equal(t, want, heard)
		})
	}
}
