package coro_test

// What goes in and out of a coroutine, and how it ends. Read rig_test.go before.

import (
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
)

func TestSend(t *testing.T) {
	try(t, []situation{
		{"values_go_in_and_out", func(s *script) {
			c := coro.New(s.echo)
			invariants(s, c)
			require.Empty(s, s.log, "nothing runs before the first Send")
			for i, in := range []any{nil, "a", nil, 3} {
				out, more := c.Send(in)
				invariants(s, c)
				require.True(s, more)
				require.Equal(s, in, out, i)
			}
			out, more := c.Throw(io.EOF)
			invariants(s, c)
			require.Nil(s, out)
			require.False(s, more)
			v, err := c.Result()
			require.Equal(s, 3, v)
			require.Equal(s, io.EOF, err)
			require.Equal(s, []string{"begun", "EOF", "ended"}, s.log)
		}},
		{"a_body_without_a_yield", func(s *script) {
			c := coro.New(func(coro.Yield) (any, error) { return 1, nil })
			_, more := c.Send(nil)
			require.False(s, more)
			v, err := c.Result()
			require.Equal(s, 1, v)
			require.NoError(s, err)
		}},
		{"an_error_that_is_caught_leads_on", func(s *script) {
			c := coro.New(func(yield coro.Yield) (any, error) {
				_, err := yield("first")
				return yield(err)
			})
			c.Send(nil)
			out, more := c.Throw(io.EOF)
			require.True(s, more)
			require.Equal(s, io.EOF, out)
			_, more = c.Send("end")
			require.False(s, more)
			v, err := c.Result()
			require.Equal(s, "end", v, "the error was delivered once")
			require.NoError(s, err)
		}},
		{"a_first_value_has_nowhere_to_go", func(s *script) {
			c := coro.New(s.echo)
			defer c.Close()
			require.ErrorIs(s, errorOf(func() { c.Send(1) }), coro.ErrNotStarted)
			_, more := c.Send(nil)
			require.True(s, more, "the refusal changed nothing")
		}},
		{"nil_arguments_panic_by_name", func(s *script) {
			require.PanicsWithValue(s, "coro: New: body is nil", func() { coro.New(nil) })
			c := coro.New(s.echo)
			defer c.Close()
			require.PanicsWithValue(s, "coro: Throw: error is nil", func() { c.Throw(nil) })
			c.Send(nil)
			require.PanicsWithValue(s, "coro: Throw: error is nil", func() { c.Throw(nil) })
		}},
		{"a_yield_of_one_that_sleeps_is_refused", func(s *script) {
			var stolen coro.Yield
			c := coro.New(func(yield coro.Yield) (any, error) { stolen = yield; return yield(nil) })
			_, err := func() (any, error) { c.Send(nil); return stolen(1) }()
			require.ErrorIs(s, err, coro.ErrNotRunning)
			c.Close()
			_, err = stolen(1)
			require.ErrorIs(s, err, coro.ErrNotRunning, "and after the end")
		}},
	})
}

func TestEnd(t *testing.T) {
	try(t, []situation{
		{"G01_never_started_then_closed_frees_its_goroutine", func(s *script) {
			for range 1000 {
				c := coro.New(s.echo)
				c.Close()
				invariants(s, c)
				_, err := c.Result()
				require.ErrorIs(s, err, coro.ErrClosed)
			}
			require.Empty(s, s.log)
		}},
		{"G01_never_started_then_thrown_at", func(s *script) {
			c := coro.New(s.echo)
			out, more := c.Throw(io.EOF)
			require.Nil(s, out)
			require.False(s, more)
			_, err := c.Result()
			require.Equal(s, io.EOF, err)
			require.Empty(s, s.log, "the body never ran")
		}},
		{"G02_suspended_then_closed_unwinds", func(s *script) {
			c := coro.New(s.echo)
			c.Send(nil)
			c.Close()
			invariants(s, c)
			require.Equal(s, []string{"begun", "coroutine was closed", "ended"}, s.log)
			_, err := c.Result()
			require.ErrorIs(s, err, coro.ErrClosed)
		}},
		{"G02_a_body_may_return_a_value_when_closed", func(s *script) {
			c := coro.New(func(yield coro.Yield) (any, error) { _, _ = yield(nil); return "saved", nil })
			c.Send(nil)
			c.Close()
			v, err := c.Result()
			require.NoError(s, err)
			require.Equal(s, "saved", v)
		}},
		{"G05_later_yields_are_refused_too", func(s *script) {
			c := coro.New(func(yield coro.Yield) (any, error) {
				_, _ = yield("first")
				for range 3 {
					_, err := yield("again")
					s.note("%v", err)
				}
				return nil, nil
			})
			c.Send(nil)
			c.Close()
			require.Equal(s, []string{"coroutine was closed", "coroutine was closed", "coroutine was closed"}, s.log)
		}},
		{"G05_a_body_that_yields_on_for_ever_is_stopped", func(s *script) {
			c := coro.New(func(yield coro.Yield) (any, error) {
				for {
					_, _ = yield(nil)
				}
			})
			c.Send(nil)
			c.Close()
			_, err := c.Result()
			require.ErrorIs(s, err, coro.ErrClosed)
			require.ErrorContains(s, err, "yields on after 1000 refusals")
		}},
		{"G06_its_own_Send_Throw_Close_from_inside", func(s *script) {
			var c *coro.Coro
			c = coro.New(func(yield coro.Yield) (any, error) {
				for _, fn := range []func(){func() { c.Send(nil) }, func() { c.Throw(io.EOF) }, c.Close} {
					s.note("%v", errorOf(fn))
				}
				return yield("alive")
			})
			out, more := c.Send(nil)
			require.True(s, more)
			require.Equal(s, "alive", out)
			require.Equal(s, []string{"coro: Send: coroutine is running", "coro: Throw: coroutine is running",
				"coro: Close: coroutine is running"}, s.log)
			c.Close()
		}},
		{"G06_its_own_Send_while_it_is_closed", func(s *script) {
			var c *coro.Coro
			c = coro.New(func(yield coro.Yield) (any, error) {
				_, _ = yield(nil)
				s.note("%v", errorOf(func() { c.Send(nil) }))
				s.note("%v", errorOf(c.Close))
				return nil, nil
			})
			c.Send(nil)
			c.Close()
			require.Equal(s, []string{"coro: Send: coroutine is running", "coro: Close: coroutine is running"}, s.log)
		}},
		{"G07_after_the_end_nothing_happens", func(s *script) {
			c := coro.New(func(coro.Yield) (any, error) { return 1, io.EOF })
			c.Send(nil)
			for range 2 {
				out, more := c.Send("x")
				require.Equal(s, []any{nil, false}, []any{out, more})
				out, more = c.Throw(errors.New("x"))
				require.Equal(s, []any{nil, false}, []any{out, more})
				c.Close()
				v, err := c.Result()
				require.Equal(s, []any{1, io.EOF}, []any{v, err}, "the result stays")
			}
		}},
		{"G07_after_Close_before_the_start", func(s *script) {
			c := coro.New(s.echo)
			c.Close()
			c.Close()
			_, more := c.Send(nil)
			require.False(s, more)
			_, more = c.Throw(io.EOF)
			require.False(s, more)
			_, err := c.Result()
			require.ErrorIs(s, err, coro.ErrClosed)
			require.Empty(s, s.log)
		}},
	})
}
