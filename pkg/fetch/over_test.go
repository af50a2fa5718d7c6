package fetch_test

// What is left of an exchange that is over: nothing.

import (
	"context"
	"net/http"
	"runtime"
	"sync/atomic"
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
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// TestTimeoutIsOver: it ends with the body, and not the next request.
func TestTimeoutIsOver(t *testing.T) {
	server := serveCounting(t, site)
	c := &fetch.Client{Timeout: time.Minute}
	r := looptest.Real(t)
	r.Play(func(yield coro.Yield) {
		defer c.Close()
		answer, err := c.Do(yield, newRequest(t, "GET", server.URL+"/length", ""))
		require.Equal(t, "hello", text(t, answer, err))
	})
	require.ErrorIs(t, r.Loop.Round(), loop.ErrDeadlock, "no timer is left")
}

// TestEndsAsItSucceeds: what ends a request in the round in which its answer comes, ends it,
// and the task isn't canceled by it.
func TestEndsAsItSucceeds(t *testing.T) {
	server := serveCounting(t, site)
	c := &fetch.Client{}
	c.CheckRedirect = func(*http.Request, []*http.Request) error {
		_ = c.Close()
		return http.ErrUseLastResponse
	}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		_, err := c.Do(yield, newRequest(t, "GET", server.URL+"/to/302", ""))
		require.ErrorIs(t, err, fetch.ErrClosed)
		require.NotErrorIs(t, err, future.ErrCanceled)
		require.NoError(t, task.Checkpoint(yield))
		require.NoError(t, task.Checkpoint(yield))
	})
}

// TestContextIsLeftAlone: what has ended asks nothing of its context any more.
func TestContextIsLeftAlone(t *testing.T) {
	server := serveCounting(t, site)
	c := &fetch.Client{}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		ctx := &counted{Context: context.Background(), done: make(chan struct{})}
		answer, err := c.Do(yield, newRequestContext(t, ctx, "GET", server.URL+"/to/302", ""))
		require.NoError(t, err)
		assert.Equal(t, []int{1, 0}, []int{ctx.begun, ctx.stopped})
		require.Equal(t, "hello", text(t, answer, nil))
		assert.Equal(t, []int{1, 1}, []int{ctx.begun, ctx.stopped})
	})
}

// counted is a context that counts who waits for it.
type counted struct {
	context.Context
	done           chan struct{}
	begun, stopped int
}

func (c *counted) Done() <-chan struct{} { return c.done }

func (c *counted) AfterFunc(func()) func() bool {
	c.begun++
	return func() bool { c.stopped++; return true }
}

// TestForgotten: a client keeps nothing of a request that has ended, and a loop nothing of
// a client that was closed.
func TestForgotten(t *testing.T) {
	server := serveCounting(t, site)
	c := &fetch.Client{}
	play(t, &fetch.Client{}, func(yield coro.Yield, _ *looptest.Rig) {
		var gone atomic.Bool
		func() {
			c := &fetch.Client{}
			runtime.AddCleanup(c, func(int) { gone.Store(true) }, 0)
			defer c.Close()
			_, err := c.Get(yield, server.URL+"/length")
			require.NoError(t, err)
		}()
		leaktest.Until(t, "it is collected", func() bool { runtime.GC(); return gone.Load() })
	})
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		var gone atomic.Bool
		func() {
			r := newRequest(t, "PUT", server.URL+"/length", "a body")
			body := &closing{Reader: r.Body}
			runtime.AddCleanup(body, func(int) { gone.Store(true) }, 0)
			r.Body = body
			answer, err := c.Do(yield, r)
			require.Equal(t, "hello", text(t, answer, err))
		}()
		leaktest.Until(t, "it is collected", func() bool { runtime.GC(); return gone.Load() })
	})
}

// TestHooksThatPanic leave nothing open.
func TestHooksThatPanic(t *testing.T) {
	server := serveCounting(t, site)
	r := looptest.Real(t)
	before := leaktest.Begin(t)
	c := &fetch.Client{CheckRedirect: func(*http.Request, []*http.Request) error { panic("oh") }}
	r.Play(func(yield coro.Yield) {
		require.PanicsWithValue(t, "oh", func() { _, _ = c.Do(yield, newRequest(t, "GET", server.URL+"/to/302", "")) })
		before.FilesSoon()
		_, err := c.Get(yield, server.URL+"/length")
		require.NoError(t, err)
	})
	require.NoError(t, c.Close())
}

// TestEndsTwice: a task that is canceled while its request ends for another reason is told
// of its cancellation.
func TestEndsTwice(t *testing.T) {
	server := faulty.Stall("")
	defer server.Close()
	for name, ends := range map[string][]func(c *fetch.Client, asking *task.Task){
		"first_the_request": {func(c *fetch.Client, _ *task.Task) { _ = c.Close() }, func(_ *fetch.Client, asking *task.Task) { asking.CancelCause(errWhy) }},
		"first_the_task":    {func(_ *fetch.Client, asking *task.Task) { asking.CancelCause(errWhy) }, func(c *fetch.Client, _ *task.Task) { _ = c.Close() }},
	} {
		t.Run(name, func(t *testing.T) {
			c := &fetch.Client{}
			play(t, c, func(yield coro.Yield, r *looptest.Rig) {
				asking := r.Spawn(func(yield coro.Yield) error {
					_, err := c.Do(yield, newRequest(t, "GET", server.URL(), ""))
					return err
				})
				r.Waits(yield, asking)
				for _, end := range ends {
					end(c, asking)
				}
				_, err := task.Await(yield, asking)
				require.ErrorIs(t, err, future.ErrCanceled)
				assert.Equal(t, 1, asking.Cancelling())
			})
		})
	}
}
