package trial

import (
	"errors"
	"io"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

func TestWithLoop(t *testing.T) {
	first, second := errors.New("first"), errors.New("second")
	both := func(l *loop.Loop) {
		l.CallSoon(func() { panic(first) })
		l.CallSoon(func() { panic(second) })
		_ = l.Round()
	}
	cases := []struct {
		name string
		body func(l *loop.Loop, escaped func() error) error
		want error
	}{
		{"nothing is wrong", func(*loop.Loop, func() error) error { return nil }, nil},
		{"what the body found", func(*loop.Loop, func() error) error { return io.EOF }, io.EOF},
		{"the first error that escaped", func(l *loop.Loop, _ func() error) error { both(l); return nil }, first},
		{"an escaped error, not the body's", func(l *loop.Loop, _ func() error) error { both(l); return io.EOF }, first},
		{"a wait, not an escaped error", func(l *loop.Loop, _ func() error) error { both(l); return ErrWaits }, ErrWaits},
		{"the body hears of an escaped error", func(l *loop.Loop, escaped func() error) error {
			if escaped() != nil {
				return io.EOF
			}
			both(l)
			if errors.Is(escaped(), first) {
				return ErrWaits
			}
			return nil
		}, ErrWaits},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var l *loop.Loop
			err := WithLoop(nil, func(own *loop.Loop, escaped func() error) error {
				l = own
				return c.body(own, escaped)
			})
			if c.want == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, c.want)
			}
			assert.ErrorIs(t, l.Round(), loop.ErrClosed)
		})
	}
}

// Code that waits in vain on a loop of ours is ended, whatever it does about it.
func TestNothingOutlivesATrial(t *testing.T) {
	short(t, time.Second)
	cases := []struct {
		name string
		body func(yield coro.Yield, l *loop.Loop) error
	}{
		{"sleeps forever", func(yield coro.Yield, l *loop.Loop) error {
			release := l.Hold()
			defer release()
			_, err := yield(task.Spawn(l, func(yield coro.Yield) (any, error) {
				for {
					if err := task.Checkpoint(yield); err != nil {
						return nil, err
					}
				}
			}))
			return err
		}},
		{"turns forever", func(yield coro.Yield, _ *loop.Loop) error {
			for {
				if err := task.Checkpoint(yield); err != nil {
					return err
				}
			}
		}},
		{"turns forever, and ignores errors", func(yield coro.Yield, _ *loop.Loop) error {
			for {
				_ = task.Checkpoint(yield)
			}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			err := Case{Run: func() error { return OnLoop(nil, c.body) }}.run()
			require.ErrorIs(t, err, ErrWaits)
			for late := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(late); {
				runtime.Gosched() // a goroutine that has come to its end may still be counted
			}
			require.LessOrEqual(t, runtime.NumGoroutine(), before)
		})
	}
}
