package fetch_test

// What ends an exchange before its end, in each of its phases, and what is left behind:
// nothing.

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/fetch"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

var errWhy = errors.New("the reason")

// TestEnds has each way to end a request meet each phase of it. What counts is that the
// error says who it was, that no one else is told of a cancellation, and that nothing
// stays open.
func TestEnds(t *testing.T) {
	silent := func() *faulty.Server { return faulty.Stall("") }
	stalled := func() *faulty.Server { return faulty.Stall("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf") }
	deaf := func() *faulty.Server { return faulty.NeverReads() }
	forever := func(yield coro.Yield, _ string) (*sock.Socket, error) {
		l, err := task.LoopOf(yield)
		if err != nil {
			return nil, err
		}
		return nil, (&waiting{}).wait(yield, l)
	}
	phases := []struct {
		name   string
		client fetch.Client
		server func() *faulty.Server
		body   string
		taken  bool // another request has the only place
	}{
		{"in_the_line_for_a_place", fetch.Client{MaxConnsPerHost: 1}, stalled, "", true},
		{"in_dial", fetch.Client{Dial: forever}, silent, "", false},
		{"in_the_head", fetch.Client{}, silent, "", false},
		{"in_sending", fetch.Client{}, deaf, string(make([]byte, 16<<20)), false},
		{"in_the_body", fetch.Client{}, stalled, "", false},
	}
	type scene struct {
		yield  coro.Yield
		rig    *looptest.Rig
		client *fetch.Client
		task   *task.Task
		cancel context.CancelCauseFunc
	}
	ends := []struct {
		name    string
		timeout time.Duration
		end     func(scene)
		is, not []error
	}{
		{"by_its_context", 0, func(s scene) { s.cancel(errWhy) }, []error{context.Canceled, errWhy}, []error{future.ErrCanceled}},
		{"by_its_timeout", time.Millisecond, func(scene) {}, []error{os.ErrDeadlineExceeded}, []error{future.ErrCanceled}},
		{"by_Close", 0, func(s scene) { _ = s.client.Close() }, []error{fetch.ErrClosed, net.ErrClosed}, []error{future.ErrCanceled}},
		{"by_Close_twice", 0, func(s scene) { _ = s.client.Close(); _ = s.client.Close() }, []error{fetch.ErrClosed}, []error{future.ErrCanceled}},
		{"by_a_cancellation", 0, func(s scene) { s.task.CancelCause(errWhy) }, []error{future.ErrCanceled, errWhy}, []error{context.Canceled}},
	}
	for _, phase := range phases {
		for _, end := range ends {
			t.Run(phase.name+"/"+end.name, func(t *testing.T) {
				c := phase.client
				r := looptest.Real(t)
				before := leaktest.Begin(t)
				server := phase.server()
				r.Play(func(yield coro.Yield) {
					if phase.taken {
						held, err := c.Do(yield, newRequest(t, "GET", server.URL(), ""))
						require.NoError(t, err)
						defer held.Body.Close()
					}
					c.Timeout = end.timeout
					ctx, cancel := context.WithCancelCause(context.Background())
					defer cancel(nil)
					asking := task.Spawn(r.Loop, func(yield coro.Yield) (any, error) {
						answer, err := c.Do(yield, newRequestContext(t, ctx, "POST", server.URL(), phase.body))
						if err != nil {
							return nil, err
						}
						defer answer.Body.Close()
						_, err = io.ReadAll(answer.Body)
						_, again := answer.Body.Read(make([]byte, 1))
						require.Error(t, again)
						require.NotErrorIs(t, again, future.ErrCanceled, "whoever reads later wasn't canceled")
						return nil, err
					})
					if end.timeout == 0 {
						r.Waits(yield, asking)
					}
					end.end(scene{yield, r, &c, asking, cancel})
					_, err := task.Await(yield, asking)
					for _, is := range end.is {
						require.ErrorIs(t, err, is)
					}
					for _, not := range end.not {
						require.NotErrorIs(t, err, not)
					}
					require.ErrorContains(t, err, "fetch "+server.URL())
					assert.Equal(t, end.name == "by_a_cancellation", asking.Cancelling() > 0)
				})
				require.NoError(t, c.Close())
				r.Settle()
				require.NoError(t, server.Close())
				before.Files()
				before.Goroutines()
				assert.Empty(t, r.Reports)
			})
		}
	}
}

// TestEndsBeforeItBegins: what is over needs no connection.
func TestEndsBeforeItBegins(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errWhy)
	c := &fetch.Client{Dial: func(coro.Yield, string) (*sock.Socket, error) { panic("it dials") }}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		_, err := c.Do(yield, newRequestContext(t, ctx, "GET", "http://127.0.0.1:1/", ""))
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, errWhy)
		require.NoError(t, c.Close())
		require.NoError(t, c.Close(), "again")
		_, err = c.Get(yield, "http://127.0.0.1:1/")
		require.ErrorIs(t, err, fetch.ErrClosed)
	})
}

// TestOtherLoop: a Client belongs to one loop at a time.
func TestOtherLoop(t *testing.T) {
	server := serveCounting(t, site)
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		_, err := c.Get(yield, server.URL+"/length")
		require.NoError(t, err)
		looptest.Real(t).Play(func(yield coro.Yield) {
			_, err := c.Get(yield, server.URL+"/length")
			require.ErrorIs(t, err, task.ErrOtherLoop)
		})
	})
}
