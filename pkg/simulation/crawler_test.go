package simulation_test

// A crawler and the site that it crawls, on one loop. Read simulation_test.go
// before.

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// site is what each page links to.
var site = map[string][]string{
	"/": {"/a", "/b"}, "/a": {"/a/1", "/a/2", "/"}, "/b": {"/a", "/b/1"},
	"/a/1": {}, "/a/2": {"/b/1"}, "/b/1": {"/"},
}

// serveSite answers until its listener is closed.
func serveSite(yield coro.Yield, l *loop.Loop, listener *sock.Socket) (any, error) {
	for {
		s, err := sock.Accept(yield, listener)
		if err != nil {
			return nil, nil
		}
		task.Spawn(l, func(yield coro.Yield) (any, error) {
			defer s.Close()
			request, err := http.ReadRequest(bufio.NewReader(sock.Stream(s)))
			if err != nil {
				return nil, nil
			}
			page := strings.Join(site[request.URL.Path], "\n") + strings.Repeat(" ", 3000)
			_ = sock.Send(yield, s, fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(page), page))
			return nil, nil
		})
	}
}

// crawler fetches each page of the site once, three at a time at most.
type crawler struct {
	seen    []string // found, in the order of finding
	next    int      // of seen: not yet taken by a worker
	working int
	client  fetch.Client
}

var link = regexp.MustCompile(`/\S*`)

// crawl is a worker's life: take what was found, fetch it, find more. It ends
// when nothing is left to take and nobody works any more, who could find more.
func (c *crawler) crawl(yield coro.Yield, l *loop.Loop) error {
	for c.next < len(c.seen) || c.working > 0 {
		if c.next == len(c.seen) {
			if err := task.Sleep(yield, time.Millisecond); err != nil {
				return err
			}
			continue
		}
		path := c.seen[c.next]
		c.next++
		c.working++
		page, err := c.get(yield, l, path)
		c.working--
		if err != nil {
			return err
		}
		for _, found := range link.FindAllString(page, -1) {
			if !slices.Contains(c.seen, found) {
				c.seen = append(c.seen, found)
			}
		}
	}
	return nil
}

// get tries again what the weather has broken.
func (c *crawler) get(yield coro.Yield, l *loop.Loop, path string) (string, error) {
	var failures error
	for range 20 {
		page, err := task.TimeoutAs(yield, time.Minute, func(yield coro.Yield) (*fetch.Response, error) {
			return c.client.Get(yield, "http://"+address+path)
		})
		if err == nil {
			return string(page.Body), nil
		}
		failures = errors.Join(failures, err)
	}
	return "", failures
}

func crawlSite(yield coro.Yield, l *loop.Loop) error {
	listener, err := sock.Listen(l, address)
	if err != nil {
		return err
	}
	defer listener.Close()
	task.Spawn(l, func(yield coro.Yield) (any, error) { return serveSite(yield, l, listener) })
	c := &crawler{seen: []string{"/"}}
	err = task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
		for range 3 {
			g.Spawn(func(yield coro.Yield) (any, error) { return nil, c.crawl(yield, l) })
		}
		return nil
	})
	slices.Sort(c.seen)
	if err == nil && strings.Join(c.seen, " ") != "/ /a /a/1 /a/2 /b /b/1" {
		err = fmt.Errorf("found %q", c.seen)
	}
	return err
}

func TestCrawler(t *testing.T) {
	for name, weather := range map[string]simulation.Weather{"rough": simulation.Rough, "stormy": simulation.Stormy} {
		t.Run(name, func(t *testing.T) {
			for seed := range seeds() {
				_, err := play(t, seed, weather, crawlSite)
				require.NoError(t, err, "seed %d", seed)
			}
		})
	}
}
