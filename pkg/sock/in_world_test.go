package sock_test

// Sockets of a loop whose clock isn't the system's.

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestDeadlinesOfAnotherClock(t *testing.T) {
	runRows(t, []row{
		{name: "made_before_an_hour's_sleep", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			made := w.Loop.Time().Add(5 * time.Second)
			require.NoError(w, task.Sleep(yield, time.Hour))
			require.NoError(w, a.SetReadDeadline(made))
			_, err := sock.Read(yield, a)
			requireTimeout(w, err)
			require.Equal(w, time.Hour, w.Loop.Now(), "it had passed")
		}},
		{name: "made_after_it", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			require.NoError(w, task.Sleep(yield, time.Hour))
			require.NoError(w, a.SetReadDeadline(w.Loop.Time().Add(5*time.Second)))
			_, err := sock.Read(yield, a)
			requireTimeout(w, err)
			require.Equal(w, time.Hour+5*time.Second, w.Loop.Now())
		}},
	})
}

func TestInWorld(t *testing.T) {
	before := leaktest.Begin(t)
	w := simulation.New(1, simulation.Weather{})
	require.NoError(t, w.Run(func(yield coro.Yield, l *loop.Loop) error {
		listener, err := sock.Listen(l, "127.0.0.1:80")
		require.NoError(t, err)
		s, err := sock.Connect(yield, "127.0.0.1:80")
		require.NoError(t, err)
		require.NoError(t, s.SetReadDeadline(l.Time().Add(time.Second)))
		require.ErrorIs(t, s.SetReadDeadline(time.Now().Add(time.Hour)), simulation.ErrImpossible)
		_, err = sock.Read(yield, s)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded, "an impossible deadline leaves the old one")
		require.NoError(t, s.SetReadDeadline(time.Time{}), "none")
		_, err = sock.FromFD(l, listener.FD())
		require.ErrorIs(t, err, simulation.ErrImpossible, "a real descriptor")
		return nil
	}))
	before.End()
}
