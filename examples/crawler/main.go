// Command crawler reads web sites politely:
//
//	go run ./examples/crawler http://127.0.0.1:8000/
//
// It stays on the sites that it is given, and does what their robots.txt asks. It makes
// few requests at a time, and fewer to one site, and repeats those that may succeed later.
// Ctrl-C cancels them. The report says what was done until then.
//
// This file decides which pages are read, and site.go how a site is treated.
package main

import (
	"errors"
	"flag"
	"fmt"
	"html"
	"log"
	"net/url"
	"regexp"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

type crawler struct {
	client  fetch.Client
	pages   int             // how many to ask for at most
	crowd   *wait.Semaphore // of requests
	perSite int             // requests to one site at a time
	delay   time.Duration   // between the beginnings of two requests to one site
	retries int
	backoff time.Duration // before the first retry; it doubles with each

	loop  *loop.Loop
	group *task.Group      // with a task for each page
	sites map[string]*site // by scheme and host
	seen  map[string]bool  // pages, by URL
	count struct{ Read, Bytes, Failed, Forbidden, Retries int }
}

func main() {
	c := crawler{client: fetch.Client{Timeout: 30 * time.Second, Limit: 10 << 20, MaxRedirects: -1}}
	crowd := flag.Int("crowd", 16, "make at most this `number` of requests at a time")
	flag.IntVar(&c.perSite, "per-site", 2, "make at most this `number` of requests to one site at a time")
	flag.IntVar(&c.pages, "pages", 1000, "ask for at most this `number` of pages")
	flag.DurationVar(&c.delay, "delay", 100*time.Millisecond, "wait this `time` between two requests to one site")
	flag.IntVar(&c.retries, "retries", 3, "repeat a failed request at most this `number` of times")
	flag.DurationVar(&c.backoff, "backoff", time.Second, "wait this `time` before the first retry; it doubles with each")
	flag.Parse()
	c.crowd = wait.NewSemaphore(*crowd)
	err := outside.Main(loop.Options{}, func(yield coro.Yield) error { return c.crawl(yield, flag.Args()) })
	fmt.Printf("report: %+v\n", c.count)
	if err != nil {
		log.Fatal("crawler: ", err)
	}
}

// crawl reads the given pages, and those of the same sites that links lead to.
func (c *crawler) crawl(yield coro.Yield, starts []string) (err error) {
	if c.loop, err = task.LoopOf(yield); err != nil {
		return err
	}
	defer c.client.Close()
	c.sites, c.seen = make(map[string]*site), make(map[string]bool)
	return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
		c.group = g
		for _, start := range starts {
			u, err := fetch.Parse(start)
			if err != nil {
				return err
			}
			if key := u.Scheme + "://" + u.Host; c.sites[key] == nil {
				c.sites[key] = c.newSite(u)
			}
			c.add(u)
		}
		return nil
	})
}

// add spawns a task for the page at u, unless it has one, or is on another site.
func (c *crawler) add(u *url.URL) {
	if u.Fragment = ""; u.Path == "" {
		u.Path = "/"
	}
	s := c.sites[u.Scheme+"://"+u.Host]
	if s == nil || c.seen[u.String()] || len(c.seen) == c.pages {
		return
	}
	c.seen[u.String()] = true
	c.group.Go(func(yield coro.Yield) error { return c.read(yield, s, u) })
}

var href = regexp.MustCompile(`(?i)<a\s[^>]*?href="([^"]*)"`) // enough for an example

func (c *crawler) read(yield coro.Yield, s *site, u *url.URL) error {
	rules, err := task.AwaitAs(yield, s.rules)
	if err != nil {
		return err
	}
	if !rules.allow(u) {
		c.count.Forbidden++
		return nil
	}
	body, err := c.get(yield, s, u)
	var refused *refusal
	switch {
	case errors.Is(err, future.ErrCanceled):
		return err
	case errors.As(err, &refused) && refused.to != nil:
		c.add(refused.to)
		return nil
	case err != nil:
		c.count.Failed++
		log.Printf("%s: %v", u, err)
		return nil
	}
	fmt.Println(u)
	c.count.Read++
	c.count.Bytes += len(body)
	for _, link := range href.FindAllStringSubmatch(body, -1) {
		if to, err := u.Parse(html.UnescapeString(link[1])); err == nil {
			c.add(to)
		}
	}
	return nil
}

// get returns what is at u. It asks again, after a pause, if that may help.
func (c *crawler) get(yield coro.Yield, s *site, u *url.URL) (string, error) {
	for i := 0; ; i++ {
		body, err := s.ask(yield, u)
		after, again := retry(err)
		if !again || i == c.retries {
			return body, err
		}
		c.count.Retries++
		if err := task.Sleep(yield, max(after, c.backoff<<i)); err != nil {
			return "", err
		}
	}
}
