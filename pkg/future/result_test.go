package future_test

// How a Future ends: once. Read rig_test.go before.

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/future"
)

func TestResult(t *testing.T) {
	try(t, []situation{
		{"U01_a_result_before_the_end_is_not_ready", func(b *bench) {
			v, err := b.f.Result()
			require.Nil(b, v)
			require.ErrorIs(b, err, future.ErrNotReady)
			require.False(b, b.f.Done())
			require.Equal(b, future.Pending, b.f.State())
		}},
		{"U01_a_nil_value_is_a_result", func(b *bench) {
			require.NoError(b, b.f.SetResult(nil))
			v, err := b.f.Result()
			require.NoError(b, err)
			require.Nil(b, v)
			require.True(b, b.f.Done())
		}},
		{"U10_a_nil_error_is_refused", func(b *bench) {
			require.ErrorIs(b, b.f.SetError(nil), future.ErrNilError)
			require.False(b, b.f.Done())
		}},
		{"U10_an_error_that_is_a_cancellation_cancels", func(b *bench) {
			b.f.AddDoneCallback(b.note("woken"))
			cause := fmt.Errorf("so: %w", future.ErrCanceled)
			require.NoError(b, b.f.SetError(cause))
			require.Equal(b, future.Canceled, b.f.State())
			_, err := b.f.Result()
			require.Equal(b, cause, err)
			b.run()
			require.Equal(b, []string{"woken"}, b.log)
			require.ErrorIs(b, b.f.SetError(cause), future.ErrDone)
			require.False(b, b.f.Cancel())
		}},
		{"U10_ErrCanceled_itself_cancels", func(b *bench) {
			require.NoError(b, b.f.SetError(future.ErrCanceled))
			require.Equal(b, future.Canceled, b.f.State())
		}},
		{"U10_a_cancellation_is_refused_as_any_error_by_a_future_that_is_done", func(b *bench) {
			require.NoError(b, b.f.SetResult(7))
			err := b.f.SetError(future.ErrCanceled)
			require.ErrorIs(b, err, future.ErrDone)
			require.ErrorContains(b, err, "SetError")
			require.Equal(b, future.Finished, b.f.State())
			require.ErrorIs(b, (*future.Future)(nil).SetError(future.ErrCanceled), future.ErrNotMade)
		}},
		{"U12_a_late_result_after_cancel_is_an_error_not_a_panic", func(b *bench) {
			b.f.AddDoneCallback(b.note("woken"))
			b.f.Cancel()
			require.ErrorIs(b, b.f.SetResult("late"), future.ErrDone)
			b.run()
			require.Equal(b, []string{"woken"}, b.log, "woken once")
		}},
	})
}

func TestSecondResult(t *testing.T) {
	ends := []struct {
		name string
		end  func(*future.Future) error
		want future.State
	}{
		{"result", func(f *future.Future) error { return f.SetResult(1) }, future.Finished},
		{"error", func(f *future.Future) error { return f.SetError(io.EOF) }, future.Finished},
		{"cancel", func(f *future.Future) error {
			if !f.Cancel() {
				return future.ErrDone
			}
			return nil
		}, future.Canceled},
	}
	for _, first := range ends {
		for _, second := range ends {
			try(t, []situation{{"U02_a_second_result_is_refused/" + second.name + "_after_" + first.name, func(b *bench) {
				require.NoError(b, first.end(b.f))
				v, err := b.f.Result()
				require.ErrorIs(b, second.end(b.f), future.ErrDone)
				again, errAgain := b.f.Result()
				require.Equal(b, v, again)
				require.Equal(b, err, errAgain)
				require.Equal(b, first.want, b.f.State())
			}}})
		}
	}
}

func TestCancel(t *testing.T) {
	reason := errors.New("too late")
	try(t, []situation{
		{"U03_cancel_of_a_pending_one_is_true_then_false", func(b *bench) {
			require.True(b, b.f.Cancel())
			require.False(b, b.f.Cancel())
			_, err := b.f.Result()
			require.ErrorIs(b, err, future.ErrCanceled)
		}},
		{"U03_cancel_of_a_finished_one_is_false", func(b *bench) {
			require.NoError(b, b.f.SetResult(7))
			require.False(b, b.f.Cancel())
			require.False(b, b.f.CancelCause(reason))
			v, err := b.f.Result()
			require.NoError(b, err)
			require.Equal(b, 7, v)
		}},
		{"U03_a_cause_is_both_errors", func(b *bench) {
			require.True(b, b.f.CancelCause(reason))
			_, err := b.f.Result()
			require.ErrorIs(b, err, reason)
			require.ErrorIs(b, err, future.ErrCanceled)
			require.Equal(b, "canceled: too late", err.Error())
		}},
		{"U03_a_nil_cause_is_ErrCanceled", func(b *bench) {
			require.True(b, b.f.CancelCause(nil))
			_, err := b.f.Result()
			require.Equal(b, future.ErrCanceled, err)
		}},
		{"U03_a_cause_that_is_ErrCanceled_stays_as_it_is", func(b *bench) {
			cause := fmt.Errorf("by me: %w", future.ErrCanceled)
			require.True(b, b.f.CancelCause(cause))
			_, err := b.f.Result()
			require.Equal(b, cause, err)
		}},
	})
}

func TestUnread(t *testing.T) {
	try(t, []situation{
		{"U11_an_error_that_nobody_read_is_known", func(b *bench) {
			require.NoError(b, b.f.SetError(io.EOF))
			_ = b.f.State() // to look at the state is not to read
			require.Equal(b, []error{io.EOF}, b.lost())
		}},
		{"U11_an_error_that_was_read_is_not", func(b *bench) {
			require.NoError(b, b.f.SetError(io.EOF))
			_, _ = b.f.Result()
			require.Empty(b, b.lost())
		}},
		{"U11_a_result_asked_for_too_early_is_not_read", func(b *bench) {
			_, _ = b.f.Result()
			require.NoError(b, b.f.SetError(io.EOF))
			require.Len(b, b.lost(), 1)
		}},
		{"U11_somebody_can_read_it_as_long_as_they_have_the_future", func(b *bench) {
			require.NoError(b, b.f.SetError(io.ErrShortWrite))
			for range 126 {
				require.NoError(b, future.New(b.queue).SetError(io.EOF))
			}
			runtime.GC()
			require.Empty(b, b.reported)
			last := future.New(b.queue)
			require.NoError(b, last.SetError(io.ErrShortWrite)) // with it there are enough for a look
			require.Len(b, b.reported, 126)
			require.NotContains(b, b.reported, io.ErrShortWrite)
			runtime.KeepAlive(b.f)
			runtime.KeepAlive(last)
		}},
		{"U11_a_cancelled_one_is_not", func(b *bench) {
			b.f.Cancel()
			require.Empty(b, b.lost())
		}},
		{"U11_a_value_is_not", func(b *bench) {
			require.NoError(b, b.f.SetResult(1))
			require.Empty(b, b.lost())
		}},
	})
}

func TestStateNames(t *testing.T) {
	require.Equal(t, "pending canceled finished", fmt.Sprint(future.Pending, " ", future.Canceled, " ", future.Finished))
}
