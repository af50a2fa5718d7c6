package draw

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
	"stepwise/pkg/trace"
)

// twoLoops is a recording of two loops, which take turns: as two threads do, but
// always the same.
func twoLoops(t *testing.T) *Recording {
	r := trace.NewRecorder(0)
	var loops []*loop.Loop
	var tasks []*task.Task
	for range 2 {
		w, fake := &world{pieces: []string{"an ", "answer"}}, selector.NewFake()
		calls := sys.Kernel
		w.connect(fake, &calls)
		l, err := loop.New(loop.Options{Selector: fake, Clock: w, Calls: &calls, Probe: r})
		require.NoError(t, err)
		w.Loop = l
		loops = append(loops, l)
		tasks = append(tasks, task.Spawn(l, func(yield coro.Yield) (any, error) { return fetchFake(yield, w) }))
	}
	for !tasks[0].Done() || !tasks[1].Done() {
		for i, l := range loops {
			if !tasks[i].Done() {
				require.NoError(t, l.Round())
			}
		}
	}
	done := Of(r)
	for i, l := range loops {
		v, err := tasks[i].Result()
		require.NoError(t, err)
		require.Equal(t, "an answer", v)
		require.NoError(t, l.Close())
	}
	return done
}

// TestTwoLoops: each has its own lane in every picture, and nobody says that
// nothing runs while one of them works.
func TestTwoLoops(t *testing.T) {
	r := twoLoops(t)
	all := pictures(r)
	var words strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		checkPicture(t, name, all[name])
		fmt.Fprintf(&words, "--- %s\n%s\n", name, all[name])
		assert.NotContains(t, all[name].String(), "nothing runs", name)
	}
	golden(t, "two_loops.txt", words.String())
	for _, name := range []string{"sequence", "timeline", "order"} {
		assert.Contains(t, all[name].String(), "loop 1", name)
		assert.Contains(t, all[name].String(), "loop 2", name)
		assert.NotContains(t, all[name].String(), "loop:", name)
	}
	assert.Contains(t, all["last step"].String(), "ready queue of loop 2: ")
	assert.Contains(t, all["last step"].String(), "select 1 watches: ")
}

// TestTwoLoopsInPerfetto: one thread for each, and one for each task.
func TestTwoLoopsInPerfetto(t *testing.T) {
	var file struct {
		TraceEvents []struct {
			Name, Ph string
			TID      uint64
			Args     map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(twoLoops(t).Chrome(), &file))
	threads, sleeps := map[uint64]any{}, map[uint64]int{}
	for _, e := range file.TraceEvents {
		switch {
		case e.Name == "thread_name":
			require.NotContains(t, threads, e.TID)
			threads[e.TID] = e.Args["name"]
		case e.Name == "select sleeps":
			sleeps[e.TID]++
		}
	}
	assert.Equal(t, map[uint64]any{0: "loop 1", 1: "loop 2", 2: "task 1, fetch", 3: "task 2, fetch"}, threads)
	assert.Equal(t, map[uint64]int{0: 3, 1: 3}, sleeps)
}

// TestOneLoopAfterAnother: a picture of the second alone has no numbers.
func TestOneLoopAfterAnother(t *testing.T) {
	r := twoLoops(t)
	r.Events = slices.DeleteFunc(r.Events, func(e trace.Event) bool { return e.Loop == 1 })
	assert.Contains(t, r.Timeline().String(), "\nloop: ")
	assert.Contains(t, r.Sequence().String(), "nothing runs, everything waits")
}
