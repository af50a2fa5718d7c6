package task_test

import (
	"bytes"
	"runtime/pprof"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// labels is the part of a profile that has the labels of all goroutines.
func labels() string {
	var all bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&all, 1)
	return all.String()
}

func waits(yield coro.Yield) error { return task.Sleep(yield, 1) }

func TestLabels(t *testing.T) {
	for _, c := range []struct {
		name   string
		labels bool
	}{{"on", true}, {"off", false}} {
		t.Run(c.name, func(t *testing.T) {
			r := looptest.New(t, func(o *loop.Options) { o.Labels = c.labels })
			const label = `"task":"task_test.waits"`
			r.Play(func(yield coro.Yield) {
				named := task.Go(r.Loop, waits)
				require.NoError(t, task.Checkpoint(yield))
				require.Equal(t, c.labels, bytes.Contains([]byte(labels()), []byte(label)), "while it waits")
				_, err := task.Await(yield, named)
				require.NoError(t, err)
				require.NotContains(t, labels(), label, "its stack has forgotten it")
			})
			require.NoError(t, r.Close())
		})
	}
}
