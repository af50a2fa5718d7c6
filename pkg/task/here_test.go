package task_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

func TestHere(t *testing.T) {
	r := looptest.New(t)
	refused := func() bool { _, err := task.Here(r.Loop); return errors.Is(err, task.ErrNoTask) }
	elsewhere := func() bool {
		is := make(chan bool)
		go func() { is <- refused() }()
		return <-is
	}
	require.True(t, refused(), "nothing has run")
	r.Play(func(yield coro.Yield) {
		for range 2 {
			require.False(t, refused(), "in a task")
			require.True(t, elsewhere(), "in a goroutine that the task has started")
			other := r.Spawn(func(yield coro.Yield) error { require.False(t, refused(), "in another task"); return nil })
			_, err := task.Await(yield, other)
			require.NoError(t, err)
		}
		own, err := task.Here(r.Loop)
		require.NoError(t, err)
		mine, err := task.Current(own)
		require.NoError(t, err)
		current, err := task.Current(yield)
		require.NoError(t, err)
		require.Same(t, current, mine)

		r.CallSoon(func() { require.True(t, refused(), "in a callback") })
		require.NoError(t, task.Checkpoint(yield))

		generator := coro.New(func(coro.Yield) (any, error) { return refused(), nil })
		generator.Send(nil)
		is, _ := generator.Result()
		require.Equal(t, true, is, "in a coroutine that no task runs")

		second, err := loop.New(loop.Options{Selector: selector.NewFake()})
		require.NoError(t, err)
		is, err = task.Run(second, func(coro.Yield) (any, error) { return refused(), nil })
		require.NoError(t, err)
		require.Equal(t, true, is, "in another loop's task")
		require.NoError(t, second.Close())
		require.False(t, refused(), "after that")
	})
	require.True(t, refused(), "all have ended")

	atTheEnd := false
	r.Spawn(func(yield coro.Yield) error {
		defer func() { atTheEnd = !refused() }()
		return task.Sleep(yield, 1e9)
	})
	r.Spawn(func(yield coro.Yield) error { return task.Sleep(yield, 1e9) }) // its step is the last
	r.GoRound(2)
	require.NoError(t, r.Close())
	require.True(t, atTheEnd, "in a task that ends with its loop")
}
