// Command crawler reads a web site politely:
//
//	go run ./examples/crawler http://127.0.0.1:8000/
//
// It does what robots.txt asks, makes few requests at a time, each after a pause, and
// repeats those that may succeed later. Ctrl-C ends it with a report of what was done.
package main

import (
	"errors"
	"flag"
	"fmt"
	"html"
	"io"
	"log"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/temoto/robotstxt"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

const agent = "stepwise-crawler" // our name, for the site and its robots.txt

var href = regexp.MustCompile(`(?i)<a\s[^>]*?href="([^"]*)"`) // enough for an example

type crawler struct {
	client  fetch.Client
	crowd   *wait.Semaphore // of requests
	delay   time.Duration   // before each; before a retry, twice as long as the time before
	pages   int             // to ask for, at most
	retries int             // of each, at most
	group   *task.Group     // with a task for each page
	root    *url.URL
	rules   *robotstxt.RobotsData
	seen    map[string]bool // pages, by URL
	count   struct{ Read, Failed, Forbidden, Retries int }
}

func main() {
	c := crawler{client: fetch.Client{Header: http.Header{"User-Agent": {agent}}, Timeout: 30 * time.Second, Limit: 10 << 20, MaxRedirects: -1}}
	crowd := flag.Int("crowd", 2, "make at most this `number` of requests at a time")
	flag.DurationVar(&c.delay, "delay", time.Second, "wait this `time` before each request, and twice as long before each retry")
	flag.IntVar(&c.retries, "retries", 3, "repeat a failed request at most this `number` of times")
	flag.IntVar(&c.pages, "pages", 1000, "ask for at most this `number` of pages")
	flag.Parse()
	c.crowd = wait.NewSemaphore(*crowd)
	err := outside.Main(loop.Options{}, func(yield coro.Yield) error { return c.crawl(yield, flag.Arg(0)) })
	fmt.Printf("report: %+v\n", c.count)
	if err != nil {
		log.Fatal("crawler: ", err)
	}
}

// crawl reads the page at start, and those of its site that links lead to.
func (c *crawler) crawl(yield coro.Yield, start string) (err error) {
	defer c.client.Close()
	if c.root, err = fetch.Parse(start); err != nil {
		return err
	}
	answer, body, err := c.get(yield, c.root.ResolveReference(&url.URL{Path: "/robots.txt"}))
	if err != nil {
		return err
	}
	if c.rules, err = robotstxt.FromStatusAndBytes(answer.StatusCode, body); err != nil {
		return err
	}
	c.delay = max(c.delay, c.rules.FindGroup(agent).CrawlDelay)
	return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
		c.group, c.seen = g, make(map[string]bool)
		c.add(c.root)
		return nil
	})
}

// add spawns a task for the page at u, unless it has one, or is not ours to read.
func (c *crawler) add(u *url.URL) {
	u = &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}
	if u.Scheme != c.root.Scheme || u.Host != c.root.Host || c.seen[u.RequestURI()] || len(c.seen) == c.pages {
		return
	}
	c.seen[u.RequestURI()] = true
	if c.rules.TestAgent(u.RequestURI(), agent) {
		c.group.Go(func(yield coro.Yield) error { return c.read(yield, u) })
	} else {
		c.count.Forbidden++
	}
}

func (c *crawler) read(yield coro.Yield, u *url.URL) error {
	answer, body, err := c.get(yield, u)
	if err == nil && answer.StatusCode >= 400 {
		err = fmt.Errorf("status %q", answer.Status)
	}
	switch {
	case errors.Is(err, future.ErrCanceled):
		return err
	case err != nil:
		c.count.Failed++
		log.Printf("%s: %v", u, err)
		return nil
	case answer.StatusCode < 300:
		c.count.Read++
		fmt.Println(u)
	}
	for _, link := range append(href.FindAllStringSubmatch(string(body), -1), []string{"", answer.Header.Get("Location")}) {
		if to, err := u.Parse(html.UnescapeString(link[1])); err == nil {
			c.add(to)
		}
	}
	return nil
}

// get asks for u, again if that may help, and returns the last answer with its body.
func (c *crawler) get(yield coro.Yield, u *url.URL) (answer *http.Response, body []byte, err error) {
	if err := c.crowd.Acquire(yield); err != nil {
		return nil, nil, err
	}
	defer c.crowd.Release() // not before the last try: a site in trouble gets fewer requests
	for i, pause := 0, c.delay; ; i++ {
		if err := task.Sleep(yield, pause); err != nil {
			return nil, nil, err
		}
		if answer, err = c.client.Do(yield, &http.Request{URL: u}); err == nil {
			body, err = io.ReadAll(answer.Body)
			answer.Body.Close()
		}
		again, after := !errors.Is(err, future.ErrCanceled) && !errors.Is(err, fetch.ErrTooLong), 0
		if err == nil {
			again = answer.StatusCode >= 500 || answer.StatusCode == http.StatusTooManyRequests
			after, _ = strconv.Atoi(answer.Header.Get("Retry-After"))
		}
		if !again || i == c.retries {
			return answer, body, err
		}
		c.count.Retries++
		pause = max(2*pause, time.Duration(after)*time.Second)
	}
}
