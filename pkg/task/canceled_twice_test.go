package task_test

// What a Group says if its owner is canceled more than once: each reason once.

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

func TestGroupCanceledTwice(t *testing.T) {
	x, y := errors.New("x"), errors.New("y")
	wrapped := fmt.Errorf("shutting down: %w", future.ErrCanceled) // a reason that is a cancellation itself
	const inBody, inEnd, atFailure, betweenFailure, onlyReason = "while body reads", "while it waits for the tasks", "after a task has failed", "before a task fails", "while body reads and returns the reason alone"
	for _, row := range []struct {
		when          string // the first cancellation comes; the others come while the Group waits
		first, second error
		want          string
	}{
		{inBody, nil, nil, "read: canceled"},
		{inBody, x, nil, "read: canceled: x"},
		{inBody, x, x, "read: canceled: x"},
		{inBody, wrapped, wrapped, "read: shutting down: canceled"},
		{inBody, nil, x, "read: canceled\ncanceled: x"},
		{inBody, x, y, "read: canceled: x\ncanceled: y"},
		{inBody, x, wrapped, "read: canceled: x\nshutting down: canceled"},
		{inBody, nil, fmt.Errorf("going: %w", wrapped), "read: canceled\ngoing: shutting down: canceled"},
		{onlyReason, x, x, "x\ncanceled: x"},
		{onlyReason, x, nil, "x\ncanceled"},
		{inEnd, nil, nil, "canceled"},
		{inEnd, x, nil, "canceled: x"},
		{inEnd, x, x, "canceled: x"},
		{inEnd, nil, x, "canceled: x"},
		{inEnd, x, y, "canceled: y"},
		{atFailure, nil, nil, "read: canceled\nEOF"},
		{atFailure, x, nil, "canceled: x\nEOF"},
		{atFailure, x, x, "canceled: x\nEOF"},
		{betweenFailure, x, nil, "read: canceled: x\nEOF"},
		{betweenFailure, x, x, "read: canceled: x\nEOF"},
		{betweenFailure, nil, x, "canceled: x\nEOF"},
	} {
		t.Run(fmt.Sprintf("%s/%v_then_%v", row.when, row.first, row.second), func(t *testing.T) {
			s := newStage(t)
			defer s.Close()
			never, fail, ends := future.New(s.Loop), future.New(s.Loop), future.New(s.Loop)
			owner := s.Spawn(func(yield coro.Yield) error {
				return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					g.Go(func(yield coro.Yield) error { // it holds the Group
						for !ends.Done() {
							_ = task.Checkpoint(yield)
						}
						return nil
					})
					g.Go(func(yield coro.Yield) error {
						if _, err := task.Shield(yield, fail); err != nil {
							return err
						}
						return io.EOF
					})
					if row.when == inEnd {
						return nil
					}
					_, err := task.Await(yield, never)
					if row.when == betweenFailure { // body cleans up meanwhile
						require.NoError(t, fail.SetResult(nil))
						_, _ = task.Await(yield, future.New(s.Loop))
					}
					if row.when == onlyReason {
						return x // as context.Cause does: it doesn't say that anything was canceled
					}
					return fmt.Errorf("read: %w", err)
				})
			})
			const enough = 10 // rounds, for everything to come to a rest
			s.GoRound(enough)
			if row.when == atFailure {
				require.NoError(t, fail.SetResult(nil))
				s.GoRound(enough)
			}
			require.True(t, owner.CancelCause(row.first))
			s.GoRound(enough)
			require.True(t, owner.CancelCause(row.second))
			s.GoRound(enough)
			require.NoError(t, ends.SetResult(nil))
			s.Settle()
			_, err := owner.Result()
			require.EqualError(t, err, row.want)
			require.ErrorIs(t, err, future.ErrCanceled)
		})
	}
}
