package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/serve"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// shop is a site of ten pages in a World, and the crawler that reads it.
type shop struct {
	crawler
	asked     []time.Duration // when, by the World's clock
	busy      map[int]string  // what Retry-After says to the nth request, the first being 0
	wants     int             // Crawl-delay, in seconds
	takes     time.Duration   // for an answer
	now, most int             // requests at a time
}

// crawled is how the crawl in w went.
func (s *shop) crawled(t *testing.T, w *simulation.World, interrupt time.Duration) (took time.Duration, failed error) {
	s.client = fetch.Client{Timeout: 30 * time.Second, MaxRedirects: -1}
	s.pages = 100
	if s.crowd == nil {
		s.crowd = wait.NewSemaphore(1)
	}
	require.NoError(t, w.Run(func(yield coro.Yield, l *loop.Loop) error {
		open := w.Open()
		listener, err := sock.Listen(l, "10.0.0.2:80")
		require.NoError(t, err)
		server := &serve.Server{Handle: serve.HTTP(func(yield coro.Yield, out *serve.ResponseWriter, r *http.Request) {
			n := len(s.asked)
			s.asked = append(s.asked, l.Now())
			s.now++
			s.most = max(s.most, s.now)
			defer func() { s.now-- }()
			if err := task.Sleep(yield, s.takes); err != nil {
				return
			}
			if after, busy := s.busy[n]; busy {
				out.Header().Set("Retry-After", after)
				out.WriteHeader(http.StatusTooManyRequests)
				return
			}
			if r.URL.Path == "/robots.txt" && s.wants > 0 {
				fmt.Fprintf(out, "User-agent: *\nCrawl-delay: %d\n", s.wants)
				return
			}
			for i := range 10 {
				fmt.Fprintf(out, `<a href="/%d">`, i)
			}
		}, serve.Limits{}), OnError: func(*serve.Conn, error) {}}
		serving := task.Go(l, func(yield coro.Yield) error { return server.Serve(yield, listener) })
		begin := l.Now()
		failed = task.FailAfter(yield, interrupt, func(yield coro.Yield) error { return s.crawl(yield, "http://shop.example") })
		took = l.Now() - begin
		server.Close()
		_, err = task.Await(yield, serving)
		require.NoError(t, err)
		require.Len(t, task.All(l), 1, "the crawler has left a task behind")
		require.Equal(t, open, w.Open(), "the crawler has left a connection behind")
		return nil
	}))
	require.Zero(t, w.Open())
	return took, failed
}

// shopWorld is a World in which the shop has its name.
func shopWorld(seed uint64, weather simulation.Weather) *simulation.World {
	w := simulation.New(seed, weather)
	w.Host("shop.example", "10.0.0.2")
	return w
}

// TestPoliteness: when requests are made, by a clock that is never late. There are twelve,
// of which the first asks for robots.txt.
func TestPoliteness(t *testing.T) {
	for _, c := range []struct {
		name    string
		shop    shop
		script  []simulation.Fault
		took    time.Duration // without what the network takes
		retries int
	}{
		{"a second between two requests", shop{crawler: crawler{delay: time.Second}}, nil, 12 * time.Second, 0},
		{"without a delay", shop{}, nil, 0, 0},
		{"the site wants five seconds", shop{crawler: crawler{delay: time.Second}, wants: 5}, nil, 56 * time.Second, 0},
		{"refused twice", shop{crawler: crawler{delay: time.Second, retries: 3}},
			[]simulation.Fault{simulation.Refuse("shop.example:80", 2)}, (12 + 2 + 4) * time.Second, 2},
		{"the site asks for two minutes", shop{crawler: crawler{delay: time.Second, retries: 1}, busy: map[int]string{1: "120"}},
			nil, (12 + 120) * time.Second, 1},
		{"it asks for less than we wait", shop{crawler: crawler{delay: 10 * time.Second, retries: 1}, busy: map[int]string{1: "3"}},
			nil, (120 + 20) * time.Second, 1},
		{"a date in Retry-After is not understood", shop{crawler: crawler{delay: time.Second, retries: 1}, busy: map[int]string{1: "Fri, 31 Dec 1999 23:59:59 GMT"}},
			nil, (12 + 2) * time.Second, 1},
		{"the site is away for a minute: one request is given up", shop{crawler: crawler{retries: 3}},
			[]simulation.Fault{simulation.Partition("shop.example"), simulation.At(31*time.Second, simulation.Repair())}, 31 * time.Second, 1},
	} {
		w := shopWorld(1, simulation.Weather{})
		w.Script(c.script...)
		took, err := c.shop.crawled(t, w, time.Hour)
		assert.NoError(t, err, c.name)
		assert.Equal(t, c.took, took.Truncate(time.Second), c.name)
		assert.Equal(t, c.retries, c.shop.count.Retries, c.name)
		assert.Equal(t, 11, c.shop.count.Read, c.name)
		for i := 1; i < len(c.shop.asked); i++ {
			assert.GreaterOrEqual(t, c.shop.asked[i]-c.shop.asked[i-1]+5*time.Millisecond, c.shop.delay, c.name)
		}
	}
}

// TestCrowd: all that may be asked for at once is, and no more.
func TestCrowd(t *testing.T) {
	for _, c := range []struct{ crowd, want int }{{1, 1}, {3, 3}, {20, 10}} {
		s := shop{crawler: crawler{crowd: wait.NewSemaphore(c.crowd)}, takes: time.Second}
		_, err := s.crawled(t, shopWorld(1, simulation.Weather{}), time.Hour)
		require.NoError(t, err)
		require.Equal(t, c.want, s.most)
	}
}

// TestStorm: in a network that resets every third connection, everything is read.
func TestStorm(t *testing.T) {
	retries := 0
	for seed := range uint64(300) {
		s := shop{crawler: crawler{retries: 10}}
		_, err := s.crawled(t, shopWorld(seed, simulation.Stormy), time.Hour)
		require.NoError(t, err, "seed %d", seed)
		require.Equal(t, 11, s.count.Read, "seed %d", seed)
		retries += s.count.Retries
	}
	require.Positive(t, retries)
}

// TestCanceledAnywhere: a crawl that ends at any moment leaves nothing behind.
func TestCanceledAnywhere(t *testing.T) {
	for end := range 100 {
		s := shop{crawler: crawler{retries: 10, delay: 300 * time.Millisecond}}
		_, err := s.crawled(t, shopWorld(uint64(end), simulation.Stormy), time.Duration(end)*50*time.Millisecond)
		if err != nil {
			var late *task.TimeoutError
			require.ErrorAs(t, err, &late, "%d", end)
		}
		require.Zero(t, s.count.Failed, "%d", end)
		require.Zero(t, s.count.Forbidden, "%d", end)
	}
}
