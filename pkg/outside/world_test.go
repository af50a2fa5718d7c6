package outside

import (
	"context"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// TestInWorld: names are the World's; goroutines and signals are refused by name.
func TestInWorld(t *testing.T) {
	before := leaktest.Begin(t)
	w := simulation.New(1, simulation.Weather{})
	w.Host("shop.example", "10.0.0.2")
	require.NoError(t, w.Run(func(yield coro.Yield, l *loop.Loop) error {
		_, err := Run(yield, func(context.Context) (any, error) { panic("it ran") })
		require.ErrorIs(t, err, simulation.ErrImpossible)
		_, err = Notify(l, syscall.SIGUSR1)
		require.ErrorIs(t, err, simulation.ErrImpossible)
		_, err = OnSignal(l, func() {}, syscall.SIGUSR1)
		require.ErrorIs(t, err, simulation.ErrImpossible)
		require.NoError(t, task.Checkpoint(yield), "nothing holds the loop")

		found, err := Resolve(yield, "shop.example")
		require.NoError(t, err)
		require.Equal(t, "10.0.0.2", found[0].String())
		_, err = sock.Listen(l, "10.0.0.2:80")
		require.NoError(t, err)
		_, err = (&Dialer{Resolver: systemResolver}).Dial(yield, "shop.example:80")
		require.NoError(t, err)

		me, _ := task.Current(yield)
		me.Cancel()
		_, err = Resolve(yield, "shop.example")
		require.ErrorIs(t, err, future.ErrCanceled)
		me.Uncancel()
		return nil
	}))
	w = simulation.New(1, simulation.Weather{})
	err := Main(w.Options(), func(coro.Yield) error { panic("it ran") })
	require.ErrorIs(t, err, simulation.ErrImpossible)
	require.Zero(t, w.Open())
	before.End()
}
