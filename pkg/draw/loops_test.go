package draw

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
	"stepwise/pkg/trace"
)

// twoLoops is a recording of two loops that take turns, as two threads do, but always in
// the same order.
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

// TestTwoLoops: each has its own lane in every picture, and no picture says that nothing
// runs while one of them works.
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
	assert.Equal(t, map[uint64]any{0: "loop 1", 1: "loop 2", 2: "task 1, fetch (loop 1)", 3: "task 2, fetch (loop 2)"}, threads)
	assert.Equal(t, map[uint64]int{0: 3, 1: 3}, sleeps)
}

// TestOneLoopAfterAnother: a picture of the second alone has no numbers.
func TestOneLoopAfterAnother(t *testing.T) {
	r := twoLoops(t)
	r.Events = slices.DeleteFunc(r.Events, func(e trace.Event) bool { return e.Loop == 1 })
	assert.Contains(t, r.Timeline().String(), "\nloop: ")
	assert.Contains(t, r.Sequence().String(), "nothing runs, everything waits")
}

// at returns a recording in which each event comes a millisecond after the one before it.
func at(events ...trace.Event) *Recording {
	for i := range events {
		events[i].Seq, events[i].At = uint64(i+1), time.Duration(i)*time.Millisecond
	}
	return &Recording{Events: events}
}

// TestOnlyASleepIsWokenFrom: a select that only looks has no beginning in a recording.
func TestOnlyASleepIsWokenFrom(t *testing.T) {
	woke := func(loop int) trace.Event { return trace.Event{Kind: trace.Woke, Loop: loop, N: 1} }
	sleep := func(loop int) trace.Event { return trace.Event{Kind: trace.Sleep, Loop: loop, Took: -1} }
	text := at(woke(1), sleep(2), woke(1), sleep(1), woke(2), woke(2), woke(1)).Sequence().String()
	assert.Equal(t, 2, strings.Count(text, ": sleeps"))
	assert.Equal(t, 2, strings.Count(text, ": woke"))
}

// lanesOf returns the lanes of a timeline's text: what is drawn of loops, the names of tasks.
func lanesOf(p *Picture) (all []string) {
	rows := strings.Split(p.String(), "\n")
	for i, row := range rows {
		switch {
		case strings.HasPrefix(row, "loop"):
			all = append(all, strings.TrimSuffix(rows[i+1], "|"))
		case strings.HasPrefix(row, "task"):
			all = append(all, row[:len("task 1")])
		}
	}
	return all
}

// TestLoopLanes: from its first event to its last, a loop is awake unless it sleeps, and
// what takes no time can be seen all the same.
func TestLoopLanes(t *testing.T) {
	const wide = 72
	note := func(loop int) trace.Event { return trace.Event{Kind: trace.Note, Loop: loop} }
	sleep := func(loop int) trace.Event { return trace.Event{Kind: trace.Sleep, Loop: loop, Took: -1} }
	woke := func(loop int) trace.Event { return trace.Event{Kind: trace.Woke, Loop: loop} }
	brief := at(sleep(1), woke(1), sleep(1), woke(1))
	brief.Events[2].At = brief.Events[1].At
	brief.Events[3].At = 2 * brief.Events[1].At
	for _, c := range []struct {
		name         string
		run          *Recording
		time, orders []string // by loop
	}{
		{"one after the other", at(note(1), note(1), note(2), note(2), note(2)),
			[]string{line("#", 18), line(" ", 35) + line("#", 37)}, []string{line("#", 15), line(" ", 28) + line("#", 44)}},
		{"asleep to the end", at(note(1), sleep(1), note(2)),
			[]string{line("#", 36) + line("=", 36), line(" ", 71) + "#"}, []string{line("#", 24) + line("=", 48), line(" ", 48) + line("#", 24)}},
		{"awake for a moment", brief, []string{line("=", 35) + "#" + line("=", 35) + "#"},
			[]string{line("=", 18) + line("#", 18) + line("=", 18) + line("#", 18)}},
		{"nothing is known", at(), []string{""}, []string{""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, got := range []struct {
				lanes, want []string
			}{{lanesOf(c.run.Timeline()), c.time}, {lanesOf(c.run.TimelineInOrder()), c.orders}} {
				for i, want := range got.want {
					got.want[i] = "  |" + want + line(" ", wide-len(want))
				}
				assert.Equal(t, got.want, got.lanes)
			}
		})
	}
}

func line(letter string, n int) string { return strings.Repeat(letter, n) }

// TestTasksStandBelowTheirLoop, whatever order they were made in.
func TestTasksStandBelowTheirLoop(t *testing.T) {
	spawned := func(loop int, task uint64) trace.Event {
		return trace.Event{Kind: trace.Spawned, Loop: loop, About: task}
	}
	r := at(spawned(2, 1), spawned(1, 2), trace.Event{Kind: trace.Note, Loop: 1, Task: 3}, spawned(2, 4))
	lanes := lanesOf(r.Timeline())
	require.Len(t, lanes, 6)
	assert.Equal(t, []string{"task 2", "task 3"}, lanes[1:3])
	assert.Equal(t, []string{"task 1", "task 4"}, lanes[4:])
	assert.Contains(t, r.Timeline().SVG(), "shaded: all loops sleep")
}

// TestShadedOnlyWhileAllSleep, in both kinds of timeline.
func TestShadedOnlyWhileAllSleep(t *testing.T) {
	sleep := func(loop int) trace.Event { return trace.Event{Kind: trace.Sleep, Loop: loop, Took: -1} }
	works := func(loop int) trace.Event { return trace.Event{Kind: trace.Note, Loop: loop} }
	for _, c := range []struct {
		name string
		run  *Recording
		want bool
	}{
		{"one sleeps, one works", at(works(2), sleep(1), works(2), works(2)), false},
		{"both sleep", at(sleep(1), sleep(2)), true},
		{"one sleeps, one has not begun", at(sleep(1), trace.Event{Kind: trace.Woke, Loop: 1}, works(2)), true},
	} {
		for _, p := range []*Picture{c.run.Timeline(), c.run.TimelineInOrder()} {
			assert.Equal(t, c.want, strings.Contains(p.SVG(), `class="night"`), c.name)
		}
	}
}

// TestPendingFuturesEndOnTheirLoop: a future that is pending at the end of a recording ends
// there, on the track on which it began.
func TestPendingFuturesEndOnTheirLoop(t *testing.T) {
	r := at(trace.Event{Kind: trace.Note, Loop: 1}, trace.Event{Kind: trace.Made, Loop: 2, Future: 1}, trace.Event{Kind: trace.Made, Loop: 2, Future: 2},
		trace.Event{Kind: trace.Done, Loop: 2, Future: 1})
	var file struct {
		TraceEvents []struct {
			Ph, ID string
			TID    uint64
		}
	}
	require.NoError(t, json.Unmarshal(r.Chrome(), &file))
	var got []string
	for _, e := range file.TraceEvents {
		if e.ID != "" {
			got = append(got, fmt.Sprint(e.Ph, e.ID, " on ", e.TID))
		}
	}
	assert.Equal(t, []string{"b1 on 1", "b2 on 1", "e1 on 1", "e2 on 1"}, got)
}

// The names of the lanes stand again where the last ones leave the screen, but not to cut
// off the last few rows.
func TestSequenceRepeatsItsHeadsAboveRowsEnough(t *testing.T) {
	repeated := 0
	for n := range 100 {
		p := sequence{story: story{rows: make([]row, n), lanes: []lane{{key: "a"}}}}
		rows, heads, bottom := p.layout(0)
		for _, head := range heads {
			below := slices.IndexFunc(rows, func(y int) bool { return y > head })
			if below < 0 {
				assert.GreaterOrEqual(t, head, bottom, "%d rows, and the names again below them", n)
				continue
			}
			repeated++
			assert.GreaterOrEqual(t, n-below, 4, "%d rows, of which few stand below the names", n)
		}
	}
	assert.Positive(t, repeated)
}
