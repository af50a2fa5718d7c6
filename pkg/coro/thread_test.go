package coro_test

// Goroutines and threads that a coroutine can't bear. Read rig_test.go before.

import (
	"iter"
	"os"
	"os/exec"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
)

func TestG08YieldOfAnotherGoroutine(t *testing.T) {
	try(t, []situation{{"while_the_coroutine_is_paused", func(s *script) {
		var stolen coro.Yield
		c := coro.New(func(yield coro.Yield) (any, error) {
			stolen = yield
			return yield("mine")
		})
		out, more := c.Send(nil)
		require.True(s, more)
		require.Equal(s, "mine", out)
		refused := make(chan error)
		go func() {
			_, err := stolen("theirs")
			refused <- err
		}()
		require.ErrorIs(s, <-refused, coro.ErrNotRunning)
		_, more = c.Send("yours")
		require.False(s, more)
		v, err := c.Result()
		require.NoError(s, err)
		require.Equal(s, "yours", v)
	}}, {"while_the_body_runs_and_waits_for_it", func(s *script) {
		c := coro.New(func(yield coro.Yield) (any, error) {
			refused := make(chan error)
			go func() {
				_, err := yield("theirs")
				refused <- err
			}()
			require.ErrorIs(s, <-refused, coro.ErrNotRunning)
			return yield("mine")
		})
		out, _ := c.Send(nil)
		require.Equal(s, "mine", out)
		c.Send("yours")
		v, err := c.Result()
		require.NoError(s, err)
		require.Equal(s, "yours", v)
	}}, {"while_the_body_runs_in_iter.Pull", func(s *script) {
		c := coro.New(func(yield coro.Yield) (any, error) {
			next, stop := iter.Pull(func(yes func(error) bool) {
				_, err := yield("theirs")
				yes(err)
			})
			defer stop()
			err, _ := next()
			require.ErrorIs(s, err, coro.ErrNotRunning)
			return yield("mine")
		})
		out, _ := c.Send(nil)
		require.Equal(s, "mine", out)
		c.Close()
	}}})
}

// TestG10LockedThread: the runtime ends a program whose goroutine was locked to
// its thread between New and Send, and nothing can be done about it. Before New
// it is fine.
func TestG10LockedThread(t *testing.T) {
	for when, want := range map[string]string{"before": "PASS", "after": "OS thread locking"} {
		t.Run(when, func(t *testing.T) {
			c := exec.Command(os.Args[0], "-test.run=^TestLockedChild$")
			c.Env = append(os.Environ(), "STEPWISE_CHILD="+when)
			out, err := c.CombinedOutput()
			require.Contains(t, string(out), want)
			require.Equal(t, when == "before", err == nil)
		})
	}
}

func TestLockedChild(t *testing.T) {
	when := os.Getenv("STEPWISE_CHILD")
	if when == "" {
		t.SkipNow() // TestG10LockedThread runs it
	}
	if when == "before" {
		runtime.LockOSThread()
	}
	c := coro.New(func(yield coro.Yield) (any, error) { return yield(nil) })
	if when == "after" {
		runtime.LockOSThread()
	}
	c.Send(nil)
	c.Send(nil)
	_, err := c.Result()
	require.NoError(t, err)
	runtime.UnlockOSThread()
}
