package outside

import (
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

// TestSignalsInAQueue: what Next says and to whom, now that a queue keeps the signals.
func TestSignalsInAQueue(t *testing.T) {
	situations := []struct {
		name string
		run  func(s *stage, yield coro.Yield)
	}{
		{"what Next says has no other prefix", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			w := s.waiter(n)
			s.Waits(yield, w)
			w.Cancel()
			_, err := task.Await(yield, w)
			require.EqualError(s, err, "outside: next signal: canceled")
			w = s.waiter(n)
			s.Waits(yield, w)
			require.NoError(s, n.Close())
			_, err = task.Await(yield, w)
			require.EqualError(s, err, "outside: next signal: signals are not listened to any more")
		}},
		{"closed in the round of a signal: the task that waited has it", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			first, second := s.waiter(n), s.waiter(n)
			s.Waits(yield, second)
			n.deliver(one)
			require.NoError(s, n.Close())
			s.ends(yield, first, one, nil)
			s.ends(yield, second, nil, ErrClosed)
		}},
		{"closed with signals that no task has asked for", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			n.deliver(one)
			require.NoError(s, n.Close())
			_, err := n.Next(yield)
			require.ErrorIs(s, err, ErrClosed)
		}},
		{"T11 a task of another loop, before any other waits", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			other, err := loop.New(loop.Options{Selector: selector.NewFake()})
			require.NoError(s, err)
			_, err = task.Run(other, func(yield coro.Yield) (any, error) { return n.Next(yield) })
			require.ErrorIs(s, err, task.ErrOtherLoop)
			require.NoError(s, other.Close())
			w := s.waiter(n)
			s.Waits(yield, w)
			n.deliver(one)
			s.ends(yield, w, one, nil)
		}},
	}
	for _, c := range situations {
		t.Run(c.name, func(t *testing.T) { play(t, false, c.run) })
	}
}
