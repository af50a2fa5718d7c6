package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/programtest"
)

func TestMain(m *testing.M) { programtest.Main(m, main) }

// visits counts the requests to several sites.
type visits struct {
	mu      sync.Mutex
	now     map[string]int // by the site's name; "" is all of them together
	most    map[string]int
	asked   map[string]int // by site and path
	conns   map[string]int // that were opened, by the site's name
	changed *sync.Cond
}

func newVisits() *visits {
	v := &visits{now: map[string]int{}, most: map[string]int{}, asked: map[string]int{}, conns: map[string]int{}}
	v.changed = sync.NewCond(&v.mu)
	return v
}

// site serves pages by a handler that sees only what has been counted.
func (v *visits) site(t *testing.T, name string, pages http.HandlerFunc) string {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, agent, r.UserAgent())
		v.count(name, r.URL.RequestURI(), 1)
		pages(w, r)
		v.count(name, r.URL.RequestURI(), -1)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			v.mu.Lock()
			v.conns[name]++
			v.mu.Unlock()
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	return server.URL
}

func (v *visits) count(name, path string, n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, of := range []string{name, ""} {
		v.now[of] += n
		v.most[of] = max(v.most[of], v.now[of])
	}
	if n > 0 {
		v.asked[name+path]++
	}
	v.changed.Broadcast()
}

// together waits until the site has had n requests at once.
func (v *visits) together(name string, n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for v.most[name] < n {
		v.changed.Wait()
	}
}

// TestBounds: two sites of 30 pages, whose first pages wait until the crowd is complete.
func TestBounds(t *testing.T) {
	v := newVisits()
	pages := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/robots.txt":
				http.NotFound(w, r)
			case "/":
				for i := range 60 {
					fmt.Fprintf(w, `<a class=x href="p%d?a=1&amp;b=2#part%d">page</a> `, i%30, i)
				}
			default:
				v.together(name, 3)
				v.together("", 5)
				fmt.Fprint(w, `<A HREF="/">home</A>`)
			}
		}
	}
	one, two := v.site(t, "one", pages("one")), v.site(t, "two", pages("two"))
	p := programtest.Start(t, "-crowd=5", "-per-site=3", "-delay=0s", one, two+"/")
	p.Ends(0)
	assert.Contains(t, p.Printed(), "report: {Read:62 ")
	assert.Equal(t, map[string]int{"": 5, "one": 3, "two": 3}, v.most)
	assert.Equal(t, 1, v.asked["one/p7?a=1&b=2"])
	assert.Len(t, v.asked, 64)
	for path, n := range v.asked {
		assert.Equal(t, 1, n, path)
	}
}

// TestBehaves: what a site says is heard, and what it doesn't say isn't asked for.
func TestBehaves(t *testing.T) {
	v := newVisits()
	other := v.site(t, "other", func(w http.ResponseWriter, r *http.Request) {})
	tries := make(map[string]int) // by path; one request at a time
	url := v.site(t, "site", func(w http.ResponseWriter, r *http.Request) {
		tries[r.URL.Path]++
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /private\nAllow: /private/not\n")
		case "/":
			for _, link := range []string{"ok", "/private/x", "/private/not", "busy", "cut", "broken", "gone", "huge", "moved", "away", "mailto:you", "javascript:x", "%zz", other + "/"} {
				fmt.Fprintf(w, `<a href="%s">`, link)
			}
		case "/busy":
			if tries[r.URL.Path] < 3 {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		case "/cut":
			if tries[r.URL.Path] == 1 {
				w.Header().Set("Content-Length", "100")
				fmt.Fprint(w, "half")
				_ = http.NewResponseController(w).Flush()
				panic(http.ErrAbortHandler)
			}
		case "/broken":
			w.WriteHeader(http.StatusInternalServerError)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/huge":
			w.Header().Set("Content-Length", fmt.Sprint(1<<30))
		case "/moved":
			http.Redirect(w, r, "/private/moved", http.StatusFound)
		case "/away":
			http.Redirect(w, r, other, http.StatusFound)
		}
	})
	p := programtest.Start(t, "-crowd=1", "-delay=0s", "-backoff=1ms", "-retries=2", url)
	p.Ends(0)
	assert.Regexp(t, `report: \{Read:5 Bytes:\d+ Failed:3 Forbidden:2 Retries:5\}`, p.Printed())
	assert.Equal(t, map[string]int{"site/robots.txt": 1, "site/": 1, "site/ok": 1, "site/private/not": 1, "site/busy": 3, "site/cut": 2,
		"site/broken": 3, "site/gone": 1, "site/huge": 1, "site/moved": 1, "site/away": 1}, v.asked)
	assert.Contains(t, p.Printed(), url+"/gone: status 410, Gone")
	assert.Equal(t, map[string]int{"site": 3}, v.conns, "one is kept, until it is cut, or its page is too long")
}

// TestRobotsUnknown: a site whose robots.txt can't be read is left alone.
func TestRobotsUnknown(t *testing.T) {
	for _, status := range []int{http.StatusFound, http.StatusTooManyRequests, http.StatusBadGateway} {
		v := newVisits()
		url := v.site(t, "site", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(status)
		})
		p := programtest.Start(t, "-retries=0", url)
		p.Ends(0)
		assert.Contains(t, p.Printed(), "Forbidden:1 ", "%d", status)
		assert.Equal(t, map[string]int{"site/robots.txt": 1}, v.asked, "%d", status)
	}
}

func TestPages(t *testing.T) {
	v := newVisits()
	url := v.site(t, "site", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, `<a href="%sx">`, r.URL.Path) })
	p := programtest.Start(t, "-pages=5", "-delay=0s", url)
	p.Ends(0)
	assert.Contains(t, p.Printed(), "{Read:5 ")
}

func TestCtrlC(t *testing.T) {
	v := newVisits()
	end := make(chan bool)
	defer close(end)
	url := v.site(t, "site", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, `<a href="slow1"><a href="slow2"><a href="waits">`)
		case "/robots.txt":
		default:
			select {
			case <-end:
			case <-r.Context().Done():
			}
		}
	})
	p := programtest.Start(t, "-per-site=2", "-delay=0s", url)
	v.together("site", 2)
	p.Interrupt()
	p.Ends(1)
	assert.Contains(t, p.Printed(), "report: {Read:1 ")
	assert.Contains(t, p.Printed(), "Failed:0 ")
	assert.Contains(t, p.Printed(), "interrupted")
}

func TestRobots(t *testing.T) {
	for _, c := range []struct {
		name, text         string
		allowed, forbidden []string
	}{
		{"empty", "", []string{"/", "/x"}, nil},
		{"an empty Disallow forbids nothing", "User-agent: *\nDisallow:\n", []string{"/", "/x"}, nil},
		{"the longest path decides", "user-agent:*\ndisallow:/a\nallow:/a/b\ndisallow:/a/b/c", []string{"/", "/a/b", "/a/b/d"}, []string{"/a", "/ax", "/a/b/c?x"}},
		{"in whatever order", "user-agent:*\ndisallow:/a/b/c\nallow:/a/b\ndisallow:/a", []string{"/", "/a/b", "/a/b/d"}, []string{"/a", "/ax", "/a/b/c?x"}},
		{"of two equal ones the one that allows", "User-agent: *\nDisallow: /a\nAllow: /a\n", []string{"/a"}, nil},
		{"our own rules replace those for all", "User-agent: *\nDisallow: /\n\nUser-agent: Stepwise-Crawler # it\nDisallow: /b\n", []string{"/a"}, []string{"/b"}},
		{"rules for several", "User-agent: other\nUser-agent: stepwise-crawler\nDisallow: /b\nUser-agent: *\nDisallow: /", []string{"/a"}, []string{"/b"}},
		{"rules for others", "User-agent: other\nDisallow: /\n", []string{"/a"}, nil},
		{"noise", "Sitemap: x\nDisallow: /\n\x00\nUser-agent\n", []string{"/a"}, nil},
	} {
		rules := parse(c.text)
		for _, path := range slices.Concat(c.allowed, c.forbidden) {
			u, err := http.NewRequest("GET", "http://h"+path, nil)
			require.NoError(t, err)
			assert.Equal(t, slices.Contains(c.allowed, path), rules.allow(u.URL), "%s: %s", c.name, path)
		}
	}
}
