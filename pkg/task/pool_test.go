package task_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// TestStacks: the stack of a task that has ended is there for the next one, until the Run
// is over.
func TestStacks(t *testing.T) {
	for _, c := range []struct {
		name    string
		without sys.Trick
		stacks  int // on how many goroutines ten tasks run, one after the other
	}{
		{"kept", 0, 1},
		{"switched_off", sys.KeepStacks, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := looptest.New(t, func(o *loop.Options) { o.Without = c.without })
			defer r.Close()
			before := leaktest.Begin(t)
			r.Play(func(yield coro.Yield) {
				ran := map[string]bool{} // by the goroutine's number, which is never given twice
				for range 10 {
					_, err := task.Await(yield, r.Spawn(func(coro.Yield) error {
						var text [64]byte
						name, _, _ := strings.Cut(string(text[:runtime.Stack(text[:], false)]), " [")
						ran[name] = true
						return nil
					}))
					require.NoError(t, err)
				}
				require.Len(t, ran, c.stacks)
			})
			before.Goroutines() // the loop is still open
		})
	}
}

// TestAllocationsOfATask: what a task costs that is spawned and ends, on a stack that is
// there: itself, with its coroutine and its result; its callbacks begin and wakeup; and the
// yield that its body is given.
func TestAllocationsOfATask(t *testing.T) {
	r := newLoop(t)
	body := func(coro.Yield) (any, error) { return nil, nil }
	_, err := task.Run(r, func(yield coro.Yield) (any, error) {
		per := testing.AllocsPerRun(1000, func() {
			task.Spawn(r, body)
			_ = task.Checkpoint(yield)
		})
		require.LessOrEqual(t, per, 4.0)
		return nil, nil
	})
	require.NoError(t, err)
}
