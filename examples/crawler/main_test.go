package main

import (
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

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

// TestBounds: a site of 30 pages, which wait until the crowd is complete.
func TestBounds(t *testing.T) {
	v := newVisits()
	url := v.site(t, "site", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(w, r)
		case "/":
			for i := range 60 {
				fmt.Fprintf(w, `<a class=x href="p%d?a=1&amp;b=2#part%d">page</a> `, i%30, i)
			}
		default:
			v.together("site", 3)
			fmt.Fprint(w, `<A HREF="/">home</A>`)
		}
	})
	p := programtest.Start(t, "-crowd=3", "-delay=0s", url)
	p.Ends(0)
	assert.Contains(t, p.Printed(), "report: {Read:31 ")
	assert.Equal(t, 3, v.most["site"])
	assert.Equal(t, 1, v.asked["site/p7?a=1&b=2"])
	assert.Len(t, v.asked, 32)
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
			for _, link := range []string{"ok", "/private/x", "/private/not", "busy", "cut", "broken", "gone", "huge", "moved", "away", "mailto:you", "javascript:x", "%zz", other + "/other"} {
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
			http.Redirect(w, r, other+"/other", http.StatusFound)
		}
	})
	p := programtest.Start(t, "-crowd=1", "-delay=1ms", "-retries=2", url)
	p.Ends(0)
	assert.Contains(t, p.Printed(), "report: {Read:5 Failed:3 Forbidden:2 Retries:5}")
	assert.Equal(t, map[string]int{"site/robots.txt": 1, "site/": 1, "site/ok": 1, "site/private/not": 1, "site/busy": 3, "site/cut": 2,
		"site/broken": 3, "site/gone": 1, "site/huge": 1, "site/moved": 1, "site/away": 1}, v.asked)
	assert.Contains(t, p.Printed(), url+`/gone: status "410 Gone"`)
	assert.Equal(t, map[string]int{"site": 3}, v.conns, "one is kept, until it is cut, or its page is too long")
}

// TestRobots: what a site's robots.txt asks for is done, and if nobody knows what that is,
// the site is left alone.
func TestRobots(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		text   string
		want   []string // what is asked for besides
		code   int      // of the exit
	}{
		{"there is none", 404, "Disallow: /", []string{"/", "/a", "/b"}, 0},
		{"it is empty", 200, "", []string{"/", "/a", "/b"}, 0},
		{"the longest path decides", 200, "User-agent: *\nDisallow: /\nAllow: /$\nAllow: /b\n", []string{"/", "/b"}, 0},
		{"a part is for us", 200, "User-agent: *\nDisallow: /\n\nUser-agent: Stepwise-Crawler\nDisallow: /*b\n", []string{"/", "/a"}, 0},
		{"nothing is allowed", 200, "User-agent: *\nDisallow: /\n", nil, 0},
		{"it fails", 502, "", nil, 0},
		{"it makes no sense", 200, "Disallow: /\n", nil, 1},
		{"it is elsewhere", 302, "", nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := newVisits()
			url := v.site(t, "", func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/robots.txt":
					w.Header().Set("Location", "/elsewhere")
					w.WriteHeader(c.status)
					fmt.Fprint(w, c.text)
				case "/":
					fmt.Fprint(w, `<a href="a"><a href="b">`)
				}
			})
			p := programtest.Start(t, "-delay=0s", "-retries=0", url)
			p.Ends(c.code)
			assert.ElementsMatch(t, append(c.want, "/robots.txt"), slices.Collect(maps.Keys(v.asked)))
		})
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
	p := programtest.Start(t, "-crowd=2", "-delay=0s", url)
	v.together("site", 2)
	p.Interrupt()
	p.Ends(1)
	assert.Contains(t, p.Printed(), "report: {Read:1 ")
	assert.Contains(t, p.Printed(), "Failed:0 ")
	assert.Contains(t, p.Printed(), "interrupted")
}
