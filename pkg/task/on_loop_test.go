package task_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// inside reports whether it is called in the coroutine of a task of l.
func inside(l *loop.Loop) bool {
	_, err := task.Here(l)
	return err == nil
}

func TestOnLoop(t *testing.T) {
	for _, c := range []struct {
		name    string
		without sys.Trick
	}{{"as_usual", 0}, {"switched_off", sys.SmallStacks}} {
		t.Run(c.name, func(t *testing.T) {
			r := looptest.New(t, func(o *loop.Options) { o.Without = c.without })
			other := looptest.New(t)
			r.Play(func(yield coro.Yield) {
				r.CallSoon(r.Noting("the next callback"))
				rounds := r.Rounds()
				task.OnLoop(r.Loop, func() { r.Note("on the stack of the task: %v", inside(r.Loop)) })
				task.OnLoop(other.Loop, func() { r.Note("for another loop: %v", inside(r.Loop)) })
				require.Equal(t, rounds, r.Rounds())
				me, err := task.Current(yield)
				require.NoError(t, err)
				task.OnLoop(r.Loop, func() { me.Cancel() })
				r.Note("it goes on")
				require.Error(t, task.Checkpoint(yield), "canceled")
				r.CallSoon(func() { task.OnLoop(r.Loop, r.Noting("a callback")) })
				require.NoError(t, task.Checkpoint(yield))
			})
			r.Happened("on the stack of the task: "+map[sys.Trick]string{0: "false", sys.SmallStacks: "true"}[c.without],
				"for another loop: true", "it goes on", "the next callback", "a callback")
			bare := coro.New(func(coro.Yield) (any, error) { task.OnLoop(r.Loop, r.Noting("no task")); return nil, nil })
			bare.Send(nil)
			r.Happened("no task")
			require.NoError(t, r.Close())
			require.NoError(t, other.Close())
		})
	}
}

// TestOnLoopAsItCloses: a task that is closed asks nobody any more.
func TestOnLoopAsItCloses(t *testing.T) {
	r := looptest.New(t)
	task.Go(r.Loop, func(yield coro.Yield) error {
		defer func() { task.OnLoop(r.Loop, r.Noting("its farewell")) }()
		return task.Sleep(yield, 1)
	}).Detach()
	r.GoRound(1)
	require.NoError(t, r.Close())
	r.Happened("its farewell")
}
