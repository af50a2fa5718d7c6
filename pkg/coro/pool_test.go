package coro

import (
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
)

// ends is a body that returns at once, and pauses one that waits for a value first.
func ends(v any, err error) Body {
	return func(Yield) (any, error) { return v, err }
}

func pauses(yield Yield) (any, error) { return yield("out") }

func TestPool(t *testing.T) {
	finish := func(t *testing.T, c *Coro) (any, error) {
		_, more := c.Send(nil)
		require.False(t, more)
		return c.Result()
	}
	for _, c := range []struct {
		name string
		run  func(t *testing.T, p *Pool)
		left int // stacks that the Pool keeps afterwards
	}{
		{"a_body_that_ends_hands_its_stack_on", func(t *testing.T, p *Pool) {
			for i := range 100 {
				v, err := finish(t, p.New(ends(i, nil)))
				require.NoError(t, err)
				require.Equal(t, i, v)
			}
		}, 1},
		{"one_that_fails_does_too", func(t *testing.T, p *Pool) {
			_, err := finish(t, p.New(ends(nil, io.EOF)))
			require.Equal(t, io.EOF, err)
			_, err = finish(t, p.New(ends(nil, nil)))
			require.NoError(t, err, "nothing is left of the error")
		}, 1},
		{"one_that_panics_does_too", func(t *testing.T, p *Pool) {
			_, err := finish(t, p.New(func(Yield) (any, error) { panic("bang") }))
			require.ErrorContains(t, err, "bang")
			_, err = finish(t, p.New(ends(nil, nil)))
			require.NoError(t, err)
		}, 1},
		{"bodies_that_pause_need_a_stack_each", func(t *testing.T, p *Pool) {
			a, b := p.New(pauses), p.New(pauses)
			for _, c := range []*Coro{a, b} {
				out, more := c.Send(nil)
				require.True(t, more)
				require.Equal(t, "out", out)
			}
			for i, c := range []*Coro{b, a} {
				out, more := c.Send(i)
				require.False(t, more, "though the stack goes on")
				require.Nil(t, out)
				v, _ := c.Result()
				require.Equal(t, i, v)
			}
		}, 2},
		{"a_finished_coroutine_leaves_its_stack_alone", func(t *testing.T, p *Pool) {
			old := p.New(ends("old", nil))
			_, _ = finish(t, old)
			c := p.New(pauses)
			c.Send(nil)
			old.Close()
			_, more := old.Send(nil)
			require.False(t, more)
			_, more = old.Throw(io.EOF)
			require.False(t, more)
			c.Send("new")
			v, err := c.Result()
			require.NoError(t, err)
			require.Equal(t, "new", v)
		}, 1},
		{"the_yield_of_a_finished_one_is_refused", func(t *testing.T, p *Pool) {
			var stale Yield
			_, _ = finish(t, p.New(func(yield Yield) (any, error) { stale = yield; return nil, nil }))
			c := p.New(func(Yield) (any, error) { return stale("out") })
			_, err := finish(t, c)
			require.ErrorIs(t, err, ErrNotRunning)
		}, 1},
		{"a_closed_body_ends_with_its_stack", func(t *testing.T, p *Pool) {
			c := p.New(pauses)
			c.Send(nil)
			c.Close()
			_, err := c.Result()
			require.ErrorIs(t, err, ErrClosed)
			_, err = finish(t, p.New(ends(nil, nil)))
			require.NoError(t, err)
		}, 1},
		{"one_that_is_never_begun_takes_none", func(t *testing.T, p *Pool) {
			ran := false
			body := func(Yield) (any, error) { ran = true; return nil, nil }
			p.New(body).Close()
			c := p.New(body)
			_, more := c.Throw(io.EOF)
			require.False(t, more)
			_, err := c.Result()
			require.Equal(t, io.EOF, err)
			require.False(t, ran)
			c = p.New(body)
			require.PanicsWithError(t, "coro: Send of 1: "+ErrNotStarted.Error(), func() { c.Send(1) })
			c.Close()
		}, 0},
		{"one_that_ends_its_goroutine_takes_the_stack_with_it", func(t *testing.T, p *Pool) {
			c := p.New(func(Yield) (any, error) { runtime.Goexit(); return nil, nil })
			done := make(chan struct{})
			go func() { defer close(done); c.Send(nil) }()
			<-done
			_, err := c.Result()
			require.ErrorIs(t, err, ErrGoexit)
			_, err = finish(t, p.New(ends(nil, nil)))
			require.NoError(t, err)
		}, 1},
		{"a_burst_leaves_no_more_than_1024", func(t *testing.T, p *Pool) {
			var all []*Coro
			for range 1100 {
				c := p.New(pauses)
				c.Send(nil)
				all = append(all, c)
			}
			for _, c := range all {
				c.Send(nil)
			}
		}, 1024},
		{"a_body_is_needed", func(t *testing.T, p *Pool) {
			require.PanicsWithValue(t, "coro: New: body is nil", func() { p.New(nil) })
		}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := leaktest.Begin(t)
			p := &Pool{}
			c.run(t, p)
			require.Len(t, p.idle, c.left)
			p.Drain()
			p.Drain()
			before.Goroutines()
			_, err := finish(t, p.New(ends(nil, errors.New("after the Drain"))))
			require.EqualError(t, err, "after the Drain")
			p.Drain()
		})
	}
}
