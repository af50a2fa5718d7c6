package serve

// A panic costs its connection, and is never lost.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/outside"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// bursts is a body that panics with text.
func bursts(text string) coro.Body {
	return func(coro.Yield) (any, error) { panic(text) }
}

// reads is a body that reads until it is canceled, or the peer is gone.
func reads(c *Conn) coro.Body {
	return func(yield coro.Yield) (any, error) { return sock.Read(yield, c.Socket) }
}

// TestPanics: each panic of a task is reported once, with its stack, unless the
// handler has dealt with it.
func TestPanics(t *testing.T) {
	rows := []struct {
		name   string
		handle func(yield coro.Yield, c *Conn) error
		want   []string // the panics that are reported
	}{
		{"of_the_handler", func(coro.Yield, *Conn) error { panic("handler") }, []string{"handler"}},
		{"of_the_handler_with_a_cancellation", func(coro.Yield, *Conn) error { panic(future.ErrCanceled) }, []string{"canceled"}},
		{"of_one_of_two_pumps", func(yield coro.Yield, c *Conn) error {
			return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				g.Spawn(reads(c))
				g.Spawn(bursts("pump"))
				return nil
			})
		}, []string{"pump"}},
		{"of_a_pump_while_the_handler_is_the_other", func(yield coro.Yield, c *Conn) error {
			return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				g.Spawn(bursts("pump"))
				_, err := reads(c)(yield)
				return err
			})
		}, []string{"pump"}},
		{"of_a_pump_that_the_handler_awaits", func(yield coro.Yield, c *Conn) error {
			return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				_, err := task.Await(yield, g.Spawn(bursts("pump")))
				return fmt.Errorf("pump: %w", err)
			})
		}, []string{"pump"}},
		{"of_both_pumps", func(yield coro.Yield, c *Conn) error {
			return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				g.Spawn(bursts("one"))
				g.Spawn(bursts("two"))
				return nil
			})
		}, []string{"one", "two"}},
		{"of_a_pump_with_a_cancellation", func(yield coro.Yield, c *Conn) error {
			return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				g.Spawn(func(coro.Yield) (any, error) { panic(fmt.Errorf("so: %w", future.ErrCanceled)) })
				return nil
			})
		}, []string{"so: canceled"}},
		{"of_a_pump_in_its_clean_up", func(yield coro.Yield, c *Conn) error {
			return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				g.Spawn(func(yield coro.Yield) (any, error) { _, _ = reads(c)(yield); panic("clean-up") })
				_ = task.Checkpoint(yield)
				return io.EOF
			})
		}, []string{"clean-up"}},
		{"of_a_pump_in_a_group_in_a_group", func(yield coro.Yield, c *Conn) error {
			return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				g.Spawn(func(yield coro.Yield) (any, error) {
					return nil, task.WithGroup(yield, func(_ coro.Yield, g *task.Group) error { g.Spawn(bursts("deep")); return nil })
				})
				return nil
			})
		}, []string{"deep"}},
		{"of_a_pump_when_the_time_is_up", func(yield coro.Yield, c *Conn) error {
			_, err := task.Timeout(yield, 1, func(yield coro.Yield) (any, error) {
				return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					for _, text := range []string{"one", "two"} {
						g.Spawn(func(yield coro.Yield) (any, error) { _, _ = reads(c)(yield); panic(text) })
					}
					return nil
				})
			})
			return fmt.Errorf("too slow: %w", err)
		}, []string{"one", "two"}},
		{"of_a_pump_and_then_of_the_handler", func(yield coro.Yield, c *Conn) error {
			err := task.WithGroup(yield, func(_ coro.Yield, g *task.Group) error { g.Spawn(bursts("pump")); return nil })
			panic(err)
		}, []string{"panic: pump"}},
		{"of_a_pump_while_the_handler_panics", func(yield coro.Yield, c *Conn) error {
			return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				g.Spawn(func(yield coro.Yield) (any, error) { _, _ = reads(c)(yield); panic("pump") })
				_ = task.Checkpoint(yield)
				panic("handler")
			})
		}, []string{"handler", "pump"}},
		{"of_a_gathered_task", func(yield coro.Yield, c *Conn) error {
			_, err := task.Gather(yield, task.Spawn(c.Loop(), bursts("gathered")))
			return err
		}, []string{"gathered"}},
		{"of_blocking_work", func(yield coro.Yield, c *Conn) error {
			_, err := outside.Run(yield, func(context.Context) (any, error) { panic("outside") })
			return err
		}, []string{"outside"}},
		{"that_the_handler_deals_with", func(yield coro.Yield, c *Conn) error {
			err := task.WithGroup(yield, func(_ coro.Yield, g *task.Group) error { g.Spawn(bursts("pump")); return nil })
			if panicked := (*coro.PanicError)(nil); errors.As(err, &panicked) {
				return nil
			}
			return err
		}, nil},
	}
	for _, row := range rows {
		t.Run("V06_"+row.name, func(t *testing.T) {
			s := serving(t, &Server{Handle: row.handle})
			s.closed(s.dial())
			s.on(func() { s.server.Shutdown(time.Hour) })
			s.end()
			var got []string
			for _, e := range s.Reports {
				panicked := (*coro.PanicError)(nil)
				require.ErrorAs(t, e.Err, &panicked)
				require.Contains(t, string(e.Stack), "panic_test.go", "%v", e)
				got = append(got, fmt.Sprint(panicked.Value))
			}
			slices.Sort(got)
			require.Equal(t, row.want, got)
		})
	}
}
