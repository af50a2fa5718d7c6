package draw

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trace"
)

// arrow is one arrow of the picture in lesson 11: what it says, how it is drawn, and
// which event it must come from.
type arrow struct {
	tells    string
	kind     rowKind
	from, to string
	label    string // a pattern
	event    trace.Kind
}

// lesson11 is the course's oldest diagram, from top to bottom and back, for an answer that
// comes after one sleep.
var lesson11 = []arrow{
	{"the loop runs the task's first step", call, "loop", "Task.step", `^run Task\.begin$`, trace.Began},
	{"Task.step does send(None)", call, "Task.step", "fetch", `^send nil$`, trace.Resumed},
	{"fetch calls down", call, "fetch", "read_all", `^call read_all$`, trace.Called},
	{"through read_all to read", call, "read_all", "read", `^call read$`, trace.Called},
	{"read makes a Future", note, "read", "read", `^make future \d+ \(fd \d+ read\)$`, trace.Made},
	{"and has the selector watch", call, "read", "select", `^watch fd \d+ read$`, trace.Watched},
	{"down to the first yield: the Future comes all the way up to Task.step", back, "read", "Task.step", `^yield future \d+ \(fd \d+ read\)$`, trace.Yielded},
	{"which adds itself as the callback", note, "Task.step", "Task.step", `^when future \d+ .*is done, call Task\.wakeup$`, trace.Awaits},
	{"and goes home", back, "Task.step", "loop", `^back to the loop$`, trace.Stepped},
	{"everything sleeps on select: the most important moment", sleep, "select", "select", `^select sleeps: nothing runs, everything waits$`, trace.Sleep},
	{"it wakes", call, "select", "loop", `^fd \d+ read is possible$`, trace.Ready},
	{"an inner function runs, the read callback", call, "loop", "callback", `^run receive for fd \d+ read$`, trace.Began},
	{"which receives", note, "callback", "callback", `^recv\(fd \d+\) = 1 byte$`, trace.System},
	{"set_result completes the Future", note, "callback", "callback", `^future \d+ .*is done: 1 byte "a"$`, trace.Done},
	{"its callback is due", call, "callback", "loop", `^call soon: Task\.wakeup$`, trace.Queued},
	{"and steps the task again", call, "loop", "Task.step", `^run Task\.wakeup$`, trace.Began},
	{"the value goes down to the yield", call, "Task.step", "read", `^send 1 byte "a"$`, trace.Resumed},
	{"from there it returns to read_all", back, "read", "read_all", `^return$`, trace.Left},
	{"whose loop calls again", call, "read_all", "read", `^call read$`, trace.Called},
	{"at the end read_all returns to fetch", back, "read_all", "fetch", `^return$`, trace.Left},
	{"and fetch to the step, with the answer", back, "fetch", "Task.step", `^return, done: "a"$`, trace.Done},
}

// TestLesson11HasEveryArrow takes a real run, over a real socket, and finds each
// arrow of the diagram in it, in order; and each that it finds, in the SVG.
func TestLesson11HasEveryArrow(t *testing.T) {
	r := lessonRun(t)
	s := tell(r.Events)
	names := map[string]string{}
	for _, l := range s.lanes {
		names[l.key] = l.name
	}
	kinds := map[uint64]trace.Kind{}
	for _, e := range r.Events {
		kinds[e.Seq] = e.Kind
	}
	at := 0
	for _, want := range lesson11 {
		found := slices.IndexFunc(s.rows[at:], func(r row) bool {
			return r.kind == want.kind && names[r.from] == want.from && names[r.to] == want.to &&
				regexp.MustCompile(want.label).MatchString(r.label)
		})
		require.GreaterOrEqual(t, found, 0, "%s: not behind row %d of\n%s", want.tells, at, r)
		at += found
		assert.Equal(t, want.event, kinds[s.rows[at].seq], want.tells)
		at++
	}
	assert.Equal(t, "a", r.Value)
	require.NoError(t, r.Err)
	require.LessOrEqual(t, len(s.rows), mostRows, "nothing of it is folded")
	arrowsOf(t, r.Sequence().SVG(), s.rows, names)
}

// arrowsOf checks an SVG against the rows that it draws: as many arrows, in their order,
// each from lifeline to lifeline, dashed if it leads back.
func arrowsOf(t *testing.T, svg string, rows []row, names map[string]string) {
	all := parse(t, svg)
	x := map[string]int{}
	for i, e := range all {
		if e.class == "box" {
			x[all[i+1].text] = all[i+1].num(t, "x")
		}
	}
	var lines, labels []element
	for i, e := range all {
		if strings.HasSuffix(e.class, " head") {
			lines = append(lines, all[i-1])
			labels = append(labels, all[i+1])
		}
	}
	for _, r := range rows {
		if r.kind != call && r.kind != back || r.from == r.to {
			continue
		}
		require.NotEmpty(t, lines, "no arrow for %v", r)
		assert.Equal(t, map[rowKind]string{call: "call", back: "back"}[r.kind], lines[0].class)
		assert.InDelta(t, x[names[r.from]], lines[0].num(t, "x1"), 2, "%v", r)
		assert.InDelta(t, x[names[r.to]], lines[0].num(t, "x2"), 2, "%v", r)
		assert.Equal(t, r.label, labels[0].text)
		lines, labels = lines[1:], labels[1:]
	}
	assert.Empty(t, lines, "arrows of nothing")
}

// lessonRun reads "a" from a real server with the functions of the lesson.
func lessonRun(t *testing.T) *Recording {
	server := faulty.Drip("a", 0)
	t.Cleanup(func() { _ = server.Close() })
	recorder := trace.NewRecorder(0)
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer l.Close()
	// Connect on a loop that isn't recorded, so that the picture shows only the reading.
	value, err := task.Run(l, func(yield coro.Yield) (any, error) {
		s, err := sock.Connect(yield, server.Addr())
		if err != nil {
			return nil, err
		}
		recorded, err := loop.New(loop.Options{Probe: recorder})
		if err != nil {
			return nil, err
		}
		defer recorded.Close()
		return task.Run(recorded, func(yield coro.Yield) (any, error) { return fetch(yield, recorded, s.FD()) })
	})
	r := Of(recorder)
	r.Value, r.Err = value, err
	return r
}
