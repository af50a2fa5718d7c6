package main

// How a site is treated: in turn, not too often, and by its robots.txt.

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// agent is our name, for the site and its robots.txt.
const agent = "stepwise-crawler"

type site struct {
	*crawler
	turn  *wait.Semaphore // of requests to this site
	next  time.Duration   // when the next one may begin, by the loop's clock
	rules task.Of[rules]
}

// newSite is the site of u. It begins to read its robots.txt.
func (c *crawler) newSite(u *url.URL) *site {
	s := &site{crawler: c, turn: wait.NewSemaphore(c.perSite)}
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	s.rules = task.SpawnIn(c.group, func(yield coro.Yield) (rules, error) {
		text, err := c.get(yield, s, at)
		var refused *refusal
		switch {
		case err == nil:
			return parse(text), nil
		case errors.Is(err, future.ErrCanceled):
			return nil, err
		case errors.As(err, &refused) && refused.status/100 == 4 && refused.status != http.StatusTooManyRequests: // there is none
			return nil, nil
		}
		return rules{{path: "/"}}, nil // nobody knows what it says, so nothing is allowed (RFC 9309, 2.3.1.4)
	})
	return s
}

// ask makes one request when it is its turn, and returns the body of the answer.
func (s *site) ask(yield coro.Yield, u *url.URL) (string, error) {
	if err := s.turn.Acquire(yield); err != nil {
		return "", err
	}
	defer s.turn.Release()
	begin := max(s.next, s.loop.Now())
	s.next = begin + s.delay
	if err := task.Sleep(yield, begin-s.loop.Now()); err != nil {
		return "", err
	}
	if err := s.crowd.Acquire(yield); err != nil { // last, so that nobody sleeps in the crowd
		return "", err
	}
	defer s.crowd.Release()
	resp, err := s.client.Do(yield, &http.Request{URL: u, Header: http.Header{"User-Agent": {agent}}})
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 300 {
		after, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		to, _ := resp.Location()
		return "", &refusal{resp.StatusCode, time.Duration(after) * time.Second, to}
	}
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

// refusal is an answer without a page.
type refusal struct {
	status int
	after  time.Duration // what Retry-After asks for; 0 if there is none
	to     *url.URL      // where a redirect leads; otherwise nil
}

func (r *refusal) Error() string {
	return fmt.Sprintf("status %d, %s", r.status, http.StatusText(r.status))
}

// retry says whether another request may succeed, and after how long at the earliest.
func retry(err error) (after time.Duration, again bool) {
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		return refused.after, refused.status >= 500 || refused.status == http.StatusTooManyRequests
	case err == nil, errors.Is(err, future.ErrCanceled), errors.Is(err, fetch.ErrTooLong):
		return 0, false
	}
	return 0, true
}

// rules say what we may ask for. The longest path decides; of two equal ones, the allowed.
type rules []rule

type rule struct {
	path    string
	allowed bool
}

func (rs rules) allow(u *url.URL) bool {
	best := rule{allowed: true}
	for _, r := range rs {
		if strings.HasPrefix(u.RequestURI(), r.path) && (len(r.path) > len(best.path) || len(r.path) == len(best.path) && r.allowed) {
			best = r
		}
	}
	return best.allowed
}

// parse reads a robots.txt (RFC 9309), without the wildcards * and $ in paths.
func parse(text string) rules {
	byAgent := make(map[string]rules)
	var agents []string // that the next rules are for
	named := false      // the line before named one of them
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch key = strings.ToLower(strings.TrimSpace(key)); key {
		case "user-agent":
			if !named {
				agents = nil
			}
			agents, named = append(agents, strings.ToLower(value)), true
		case "allow", "disallow":
			named = false
			for _, a := range agents {
				byAgent[a] = append(byAgent[a], rule{value, key == "allow"})
			}
		}
	}
	if ours, ok := byAgent[agent]; ok {
		return ours
	}
	return byAgent["*"]
}
