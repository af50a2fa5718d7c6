package future_test

// What is left of an error without its cancellations.

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/future"
)

// wrapped is an error of a type that a caller may look for.
type wrapped struct{ error }

func (w wrapped) Unwrap() error { return w.error }

// panicked is an error with a stack, as coro.PanicError is.
type panicked struct{ error }

func (p *panicked) Unwrap() error      { return p.error }
func (p *panicked) StackTrace() []byte { return []byte("stack") }

// given is an error of somebody else's that says it is a cancellation.
type given struct{}

func (given) Error() string        { return "given up" }
func (given) Is(target error) bool { return target == future.ErrCanceled }

func TestWithoutCancel(t *testing.T) {
	canceled, join := future.ErrCanceled, errors.Join
	stop := future.CanceledBy(io.ErrClosedPipe)
	rows := []struct {
		name string
		err  error
		text string // of what is left; "" if nothing is
		has  []error
	}{
		{"no_error", nil, "", nil},
		{"no_cancellation", io.EOF, "EOF", []error{io.EOF}},
		{"a_cancellation", canceled, "", nil},
		{"a_cancellation_with_its_reason", stop, "", nil},
		{"somebody_elses_cancellation", given{}, "", nil},
		{"wrapped", fmt.Errorf("read: %w", canceled), "", nil},
		{"wrapped_twice", wrapped{fmt.Errorf("read: %w", stop)}, "", nil},
		{"joined_cancellations", join(canceled, fmt.Errorf("read: %w", canceled), stop), "", nil},
		{"joined_with_an_error", join(canceled, io.EOF), "EOF", []error{io.EOF}},
		{"joined_with_two", join(io.EOF, canceled, io.ErrShortWrite), "EOF\nshort write", []error{io.EOF, io.ErrShortWrite}},
		{"joined_and_wrapped", fmt.Errorf("body: %w", join(io.EOF, canceled)), "body: EOF\ncanceled", []error{io.EOF}},
		{"joined_wrapped_and_joined", join(fmt.Errorf("body: %w", join(io.EOF, canceled)), stop, io.ErrShortWrite),
			"body: EOF\ncanceled\nshort write", []error{io.EOF, io.ErrShortWrite}},
		{"two_verbs_of_Errorf", fmt.Errorf("%w as it was %w", io.EOF, canceled), "EOF", []error{io.EOF}},
		{"in_the_depths", wrapped{fmt.Errorf("a: %w", join(canceled, fmt.Errorf("b: %w", join(stop, fmt.Errorf("c: %w", io.EOF)))))},
			"a: canceled\nb: canceled: io: read/write on closed pipe\nc: EOF", []error{io.EOF}},
		{"a_panic", &panicked{io.EOF}, "EOF", []error{io.EOF}},
		{"a_panic_with_a_cancellation", &panicked{canceled}, "canceled", nil},
		{"a_panic_with_a_cancellation_wrapped", fmt.Errorf("child: %w", &panicked{canceled}), "child: canceled", nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			rest := future.WithoutCancel(row.err)
			if row.text == "" {
				require.NoError(t, rest)
				return
			}
			require.EqualError(t, rest, row.text)
			require.NotErrorIs(t, rest, canceled)
			for _, err := range row.has {
				require.ErrorIs(t, rest, err)
			}
			require.NotErrorIs(t, rest, fs.ErrExist)
			require.Equal(t, rest, future.WithoutCancel(rest), "there is nothing more to take out")
			var p *panicked
			require.Equal(t, errors.As(row.err, &p), errors.As(rest, &p))
			var w wrapped
			require.Equal(t, errors.As(row.err, &w), errors.As(rest, &w), "a type that a caller looks for")
		})
	}
	require.Same(t, io.EOF, future.WithoutCancel(join(canceled, io.EOF)), "one error stays itself")
}

func TestUnreadCancel(t *testing.T) {
	try(t, []situation{
		{"U11_a_cancellation_with_its_reason_needs_no_reader", func(b *bench) {
			b.f.CancelCause(io.EOF)
			require.Empty(b, b.lost())
		}},
		{"U11_what_failed_besides_does", func(b *bench) {
			err := errors.Join(future.ErrCanceled, io.EOF)
			require.True(b, b.f.CancelCause(err))
			require.False(b, b.f.CancelCause(err), "the second says nothing new")
			require.Equal(b, []error{err}, b.lost())
		}},
		{"U11_unless_somebody_has_read_it", func(b *bench) {
			require.True(b, b.f.CancelCause(errors.Join(future.ErrCanceled, io.EOF)))
			_, _ = b.f.Result()
			require.Empty(b, b.lost())
		}},
	})
}
