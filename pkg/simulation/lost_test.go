package simulation_test

// A lost wake-up: the bug that a test on a real network meets once a year. Read
// simulation_test.go before.

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// mailbox hands what one task puts in to another that takes it out.
type mailbox struct {
	letters []byte
	waiter  *future.Future
}

func (m *mailbox) put(data []byte) {
	m.letters = append(m.letters, data...)
	if m.waiter != nil {
		_ = m.waiter.SetResult(nil)
		m.waiter = nil
	}
}

// take returns what is there, and waits until there is something. Before it
// waits it takes a short break.
//
// WRONG ON PURPOSE, if hasty: during the break a letter may come, and the waiter
// that it would wake isn't there yet. The fix is to look again after the break:
// a look and its wait stand together, with no pause in between.
func (m *mailbox) take(yield coro.Yield, l *loop.Loop, hasty bool) ([]byte, error) {
	for len(m.letters) == 0 {
		if err := rest(yield, l, time.Microsecond); err != nil {
			return nil, err
		}
		if !hasty && len(m.letters) > 0 {
			break
		}
		m.waiter = future.New(l)
		if _, err := task.Await(yield, m.waiter); err != nil {
			return nil, err
		}
	}
	letters := m.letters
	m.letters = nil
	return letters, nil
}

func rest(yield coro.Yield, l *loop.Loop, d time.Duration) error {
	f := future.New(l)
	l.CallLater(d, func() { _ = f.SetResult(nil) })
	_, err := task.Await(yield, f)
	return err
}

// correspond takes 40 bytes out of a mailbox, as another task gets them from
// the network.
func correspond(hasty bool) func(yield coro.Yield, l *loop.Loop) error {
	return func(yield coro.Yield, l *loop.Loop) error {
		a, b, err := pair(yield, l)
		if err != nil {
			return err
		}
		box := &mailbox{}
		task.Spawn(l, func(yield coro.Yield) (any, error) {
			for {
				data, err := sock.Read(yield, b)
				if err != nil {
					return nil, nil
				}
				box.put(data)
			}
		})
		task.Spawn(l, func(yield coro.Yield) (any, error) {
			return nil, sock.Send(yield, a, make([]byte, 40))
		})
		for got := 0; got < 40; {
			letters, err := box.take(yield, l, hasty)
			if err != nil {
				return err
			}
			got += len(letters)
		}
		return nil
	}
}

func TestLostWakeUp(t *testing.T) {
	weather := simulation.Weather{Partial: 0.8, Late: 0.2}
	var found []uint64
	for seed := range seeds() {
		_, err := play(t, seed, weather, correspond(false))
		require.NoError(t, err, "seed %d: the right one", seed)
		if _, err = play(t, seed, weather, correspond(true)); errors.Is(err, loop.ErrDeadlock) {
			found = append(found, seed)
		} else {
			require.NoError(t, err, "seed %d", seed)
		}
	}
	t.Logf("lost with %d of %d seeds, the first is %d", len(found), seeds(), found[0])
	require.NotEmpty(t, found)
	require.Less(t, uint64(len(found)), seeds(), "or a plain test would find it too")
	lost := correspond(true) // one function, for the errors name it
	first, firstErr := play(t, found[0], weather, lost)
	again, againErr := play(t, found[0], weather, lost)
	require.Equal(t, first.Log(), again.Log(), "it replays")
	require.Equal(t, fmt.Sprint(firstErr), fmt.Sprint(againErr))
}
