package trial

import (
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// Must ends a case wherever its own code runs, and only with an error.
func TestMust(t *testing.T) {
	var notes []string
	note := func(s string) { notes = append(notes, s) }
	body := func(err error) {
		defer note("deferred")
		Must(err)
		note("after it")
	}
	onLoop := func(err error, inner func(yield coro.Yield, l *loop.Loop)) func() error {
		return func() error {
			return OnLoop(nil, func(yield coro.Yield, l *loop.Loop) error {
				inner(yield, l)
				body(err)
				return nil
			})
		}
	}
	nothing := func(coro.Yield, *loop.Loop) {}
	wrapped := errors.Join(io.EOF)
	ends, goesOn := []string{"deferred"}, []string{"after it", "deferred"}
	cases := []struct {
		name  string
		run   func() error
		want  error
		notes []string
	}{
		{"an error", func() error { body(wrapped); return nil }, wrapped, ends},
		{"no error", func() error { body(nil); return nil }, nil, goesOn},
		{"no error, and another at the end", func() error { body(nil); return io.EOF }, io.EOF, goesOn},
		{"an error in a task", onLoop(wrapped, nothing), wrapped, ends},
		{"an error in a task that was suspended", onLoop(wrapped, func(yield coro.Yield, _ *loop.Loop) { Must(task.Checkpoint(yield)) }), wrapped, ends},
		{"no error in a task", onLoop(nil, nothing), nil, goesOn},
		{"an error while a loop is open", func() error {
			return WithLoop(nil, func(*loop.Loop, func() error) error { body(wrapped); return nil })
		}, wrapped, ends},
		{"an error in a task, after another escaped into its loop", onLoop(wrapped, func(yield coro.Yield, l *loop.Loop) {
			l.CallSoon(func() { panic(io.ErrClosedPipe) })
			Must(task.Checkpoint(yield))
		}), io.ErrClosedPipe, ends},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			notes = nil
			err := Case{Run: c.run}.run()
			require.ErrorIs(t, err, c.want)
			assert.Equal(t, c.notes, notes)
			if c.want == wrapped {
				assert.Equal(t, wrapped, err, "as it was, without a word about panics")
			}
		})
	}
}

// A loop that a case had open when it ended is closed.
func TestMustClosesTheLoop(t *testing.T) {
	var l *loop.Loop
	err := WithLoop(nil, func(own *loop.Loop, _ func() error) error {
		l = own
		Must(io.EOF)
		return nil
	})
	require.ErrorIs(t, err, io.EOF)
	assert.ErrorIs(t, l.Round(), loop.ErrClosed)
}

// Must's own panic is the only one that it keeps from being reported.
func TestAPanicBesideMust(t *testing.T) {
	err := Case{Run: func() error {
		return OnLoop(nil, func(coro.Yield, *loop.Loop) error { panic("boom") })
	}}.run()
	var panicked *coro.PanicError
	require.ErrorAs(t, err, &panicked)
	assert.Equal(t, "boom", panicked.Value)
	assert.Contains(t, string(panicked.Stack), "TestAPanicBesideMust", "the stack still says where")
}
