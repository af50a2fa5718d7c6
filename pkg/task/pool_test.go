package task_test

import (
	"runtime"
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
		kept    int // goroutines that ten tasks leave while the loop runs
	}{
		{"kept", 0, 1},
		{"switched_off", sys.KeepStacks, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := looptest.New(t, func(o *loop.Options) { o.Without = c.without })
			defer r.Close()
			before := leaktest.Begin(t)
			r.Play(func(yield coro.Yield) {
				base := runtime.NumGoroutine()
				for range 10 {
					_, err := task.Await(yield, r.Spawn(func(coro.Yield) error { return nil }))
					require.NoError(t, err)
				}
				leaktest.Until(t, "ten tasks have left their stacks", func() bool { return runtime.NumGoroutine() == base+c.kept })
			})
			before.Goroutines() // the loop is still open
		})
	}
}
