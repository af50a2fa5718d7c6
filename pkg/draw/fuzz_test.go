package draw

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
	"stepwise/pkg/trace"
)

// words make up the names, values and errors of a fuzzed event. XML, terminals and layouts
// stumble over them.
var words = []string{
	"", "read", "task.Task.wakeup", `<script>&"'`, "]]>", "\x00\x01\xff", "тест данных", "漢字カナ交じり文", "e\u0301\u0308\u0301", "👩‍👩‍👧‍👦🙂",
	"\u202eright to left", "line\nbreak\ttab", "a very long name of a function that somebody has written in an afternoon, and more of it, and more",
	"漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字", "canceled", "finished", "write", "read+write",
	"soon", "timer", "from outside", "nil", "pkg.", ".", "fd 7", "1.2ms", "\ufffe\uffff",
}

var allKinds = []trace.Kind{
	trace.Sleep, trace.Woke, trace.Ready, trace.Watched, trace.Unwatched, trace.Queued, trace.Began, trace.Returned, trace.Skipped,
	trace.Made, trace.Awaits, trace.Named, trace.Done, trace.Refused, trace.Spawned, trace.Resumed, trace.Yielded, trace.Stepped,
	trace.CancelAsked, trace.Called, trace.Left, trace.System, trace.Note, trace.Kind(0), trace.Kind(255),
}

const eventBytes = 8

// eventsOf makes events of bytes, eight for each: any order, any numbers.
func eventsOf(data []byte) (events []trace.Event) {
	at := time.Duration(0)
	for b := range slices.Chunk(data, eventBytes) {
		if len(b) < eventBytes || len(events) == 400 {
			break
		}
		at += time.Duration(b[1]) * time.Duration(b[1]) * time.Microsecond
		e := trace.Event{
			Seq: uint64(len(events) + 1), At: at, Kind: allKinds[int(b[0])%len(allKinds)], Loop: int(b[0]) / len(allKinds) % 4,
			Task: uint64(b[2] % 16), Callback: uint64(b[2] / 16), About: uint64(b[3] % 64), Future: uint64(b[4] % 32),
			FD: int(b[5])*300 - 1, N: int(b[5]) << (b[6] % 32), Took: time.Duration(int(b[6])-1) << (b[1] % 50),
			Name: words[int(b[6])%len(words)], Text: words[int(b[7])%len(words)],
		}
		if b[3]&0x80 != 0 {
			e.Err = words[int(b[5])%len(words)]
		}
		for i := range int(b[4] / 32) {
			e.Stack = append(e.Stack, words[(int(b[7])+i)%len(words)])
		}
		events = append(events, e)
	}
	return events
}

// FuzzPictures: for any recording, each picture is well-formed, no two of its texts
// overlap, and the export is JSON in the documented format.
func FuzzPictures(f *testing.F) {
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		r := &Recording{Events: eventsOf(data), Lost: uint64(len(data) % 3)}
		for name, p := range pictures(r) {
			checkPicture(t, name, p)
		}
		checkChrome(t, r.Chrome())
		tasks := len(learn(r.Events).tasks)
		require.Contains(t, r.Tree().SVG(), "<desc>"+count(tasks, "task")+".", "each task stands in the tree")
	})
}

// TestLongNames draws functions with names that don't fit above their lanes.
func TestLongNames(t *testing.T) {
	for n := 1; n <= 12; n++ {
		e := trace.Event{Seq: 1, Kind: trace.Yielded, Task: 1, FD: -1}
		for i := range n {
			e.Stack = append(e.Stack, fmt.Sprintf("example.Client.aNameThatIsFarTooLongForALane%d", i))
		}
		for name, p := range pictures(&Recording{Events: []trace.Event{{Seq: 1, Kind: trace.Resumed, Task: 1, FD: -1}, e}}) {
			checkPicture(t, fmt.Sprintf("%d functions: %s", n, name), p)
		}
	}
}

func TestCells(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "тест": 4, "漢字": 4, "a漢": 3, "…": 1, "カナ": 4, "🙂": 2, "한국": 4, "ｗｉｄｅ": 8} {
		assert.Equal(t, want, cells(text), text)
		assert.LessOrEqual(t, cells(shorten(text+text, 3)), 3, text)
	}
	assert.Equal(t, wideOf("fd 7 read"), wideOf("fd 123 read"), "a descriptor's number moves nothing")
	assert.Equal(t, wideOf("woke after 9ms"), wideOf("woke after 123ms"), "nor does a time")
}

// TestTreeOfACircle: tasks that spawned each other, which no run has, are all shown.
func TestTreeOfACircle(t *testing.T) {
	tree := (&Recording{Events: []trace.Event{
		{Seq: 1, Kind: trace.Spawned, Task: 5, About: 3, Future: 1},
		{Seq: 2, Kind: trace.Spawned, Task: 3, About: 5, Future: 2},
		{Seq: 3, Kind: trace.Spawned, Task: 5, About: 5, Future: 2},
	}}).Tree().String()
	assert.Contains(t, tree, "task 3, body:")
	assert.Contains(t, tree, "   task 5, body:")
}

// TestRemarks: every picture and its text say with what error a run ended, and how much
// the ring has lost.
func TestRemarks(t *testing.T) {
	r := record(t, nil, func(yield coro.Yield, w *world) (any, error) { return task.Await(yield, future.New(w.Loop)) })
	require.ErrorIs(t, r.Err, loop.ErrDeadlock)
	r.Lost = 3
	for name, p := range pictures(r) {
		for _, words := range []string{"3 older events had to make room for these", "the run ended with an error: task: run: loop: run: nothing left to wait for"} {
			assert.Contains(t, p.SVG(), words, name)
			assert.Contains(t, p.String(), words, name)
		}
		checkPicture(t, name, p)
	}
}

// TestOneToFifty draws 1 to 50 tasks, and 1 to 50 events.
func TestOneToFifty(t *testing.T) {
	for n := 1; n <= 50; n++ {
		var events []trace.Event
		add := func(e trace.Event) {
			e.Seq = uint64(len(events) + 1)
			e.At = time.Duration(len(events)) * time.Millisecond
			events = append(events, e)
		}
		for i := uint64(1); i <= uint64(n); i++ {
			add(trace.Event{Kind: trace.Spawned, Task: i - 1, About: i, Future: i, FD: -1, Name: fmt.Sprintf("main.aRatherLongName%d", i)})
			add(trace.Event{Kind: trace.Resumed, Task: i, FD: -1, Text: "nil"})
			add(trace.Event{Kind: trace.Yielded, Task: i, Future: i + 1, FD: -1, Stack: []string{fmt.Sprintf("main.body%d", i), "sock.Read"}})
			add(trace.Event{Kind: trace.Stepped, Task: i, FD: -1})
		}
		for name, p := range pictures(&Recording{Events: events}) {
			checkPicture(t, fmt.Sprintf("%d tasks: %s", n, name), p)
		}
		for name, p := range pictures(&Recording{Events: events[:n]}) {
			checkPicture(t, fmt.Sprintf("%d events: %s", n, name), p)
		}
		tree, timeline := (&Recording{Events: events}).Tree(), (&Recording{Events: events}).Timeline()
		assert.Contains(t, tree.String(), fmt.Sprintf("task %d, main.aRatherLongName%d:", n, n))
		assert.Contains(t, timeline.String(), fmt.Sprintf("task %d, main.aRatherLongName%d:", n, n))
		assert.NotContains(t, timeline.String(), "folded")
	}
}

// checkChrome is the code of the Trace Event Format: an object with traceEvents,
// each with name, ph, ts, pid and tid, times in microseconds; a complete event
// has a duration, an asynchronous one an id and its other half.
func checkChrome(t testing.TB, data []byte) {
	var doc struct {
		DisplayTimeUnit string                       `json:"displayTimeUnit"`
		TraceEvents     []map[string]json.RawMessage `json:"traceEvents"`
	}
	require.NoError(t, json.Unmarshal(data, &doc))
	require.Contains(t, []string{"ms", "ns"}, doc.DisplayTimeUnit)
	open := map[string]int{}
	type span struct{ from, to float64 }
	spans := map[string][]span{}
	for _, e := range doc.TraceEvents {
		for _, key := range []string{"name", "ph", "ts", "pid", "tid"} {
			require.Contains(t, e, key, "%s", e)
		}
		var ph string
		var ts float64
		require.NoError(t, json.Unmarshal(e["ph"], &ph))
		require.NoError(t, json.Unmarshal(e["ts"], &ts))
		require.GreaterOrEqual(t, ts, 0.0)
		switch ph {
		case "M":
			require.Contains(t, []string{`"process_name"`, `"thread_name"`}, string(e["name"]))
			require.Contains(t, string(e["args"]), "name")
		case "X":
			var dur float64
			require.NoError(t, json.Unmarshal(e["dur"], &dur), "%s", e)
			require.GreaterOrEqual(t, dur, 0.0)
			spans[string(e["tid"])+string(e["cat"])] = append(spans[string(e["tid"])+string(e["cat"])], span{ts, ts + dur})
		case "i":
			require.Equal(t, `"t"`, string(e["s"]))
		case "b":
			require.Contains(t, e, "cat")
			open[string(e["id"])]++
		case "e":
			open[string(e["id"])]--
			require.GreaterOrEqual(t, open[string(e["id"])], 0, "%s ends before it begins", e["id"])
		default:
			t.Fatalf("ph is %q", ph)
		}
	}
	for id, n := range open {
		require.Zero(t, n, "%s has no end", id)
	}
	for track, list := range spans {
		for i := range list[1:] {
			require.LessOrEqual(t, list[i].to, list[i+1].from+0.002, "two overlap on %s", track)
		}
	}
}

// TestChrome checks the export of a run against the run: its steps and its sleeps, in
// microseconds.
func TestChrome(t *testing.T) {
	r := record(t, []string{"an ", "answer"}, fetchFake)
	data := r.Chrome()
	checkChrome(t, data)
	assert.Equal(t, data, record(t, []string{"an ", "answer"}, fetchFake).Chrome())
	var doc struct{ TraceEvents []chromeEvent }
	require.NoError(t, json.Unmarshal(data, &doc))
	var sleeps, steps []float64
	for _, e := range doc.TraceEvents {
		switch e.Name {
		case "select sleeps":
			sleeps = append(sleeps, *e.Dur)
			assert.Zero(t, e.TID)
		case "step":
			steps = append(steps, e.TS)
			assert.EqualValues(t, 1, e.TID)
		}
	}
	assert.Len(t, steps, 4)
	assert.Len(t, sleeps, 3)
	for _, d := range sleeps {
		assert.InDelta(t, 1000, d, 5, "1 ms")
	}
	golden(t, "lesson_11.json", string(data))
}
