package draw

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
	"stepwise/pkg/trace"
)

// A function of a cell has the same name as all others; here called is added several times.
func called() {}
func other()  {}

// scheduled returns, for each callback of the first future of a run, whether the picture says
// that it was added, then that the future is done, and that a callback was scheduled.
func scheduled(t *testing.T, run func(l *loop.Loop, f *future.Future)) (lines []string) {
	r := trace.NewRecorder(0)
	l, err := loop.New(loop.Options{Selector: selector.NewFake(), Probe: r})
	require.NoError(t, err)
	run(l, future.New(l))
	require.NoError(t, l.Close())
	short := strings.NewReplacer("when it is done, call ", "add ", "call soon: ", "soon ", "draw.", "", "the program: ", "")
	for _, line := range strings.Split(Of(r).Future(0).text, "\n")[2:] {
		if line = strings.TrimSpace(short.Replace(line)); strings.HasPrefix(line, "add ") || strings.HasPrefix(line, "soon ") || strings.HasPrefix(line, "it is done") {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestCallbacksInThePictureOfAFuture(t *testing.T) {
	for _, test := range []struct {
		name string
		run  func(l *loop.Loop, f *future.Future)
		want []string
	}{
		{"an early one and a late one of the same name", func(_ *loop.Loop, f *future.Future) {
			f.AddDoneCallback(called)
			_ = f.SetResult(1)
			f.AddDoneCallback(called)
		}, []string{"add called", "it is done: 1", "soon called", "add called", "soon called"}},
		{"late ones only, long after the end", func(l *loop.Loop, f *future.Future) {
			_ = f.SetResult(1)
			l.CallSoon(other)
			_ = l.Round()
			f.AddDoneCallback(called)
			f.AddDoneCallback(called)
		}, []string{"it is done: 1", "add called", "soon called", "add called", "soon called"}},
		{"two early ones of the same name", func(_ *loop.Loop, f *future.Future) {
			f.AddDoneCallback(called)
			f.AddDoneCallback(called)
			_ = f.SetResult(1)
		}, []string{"add called", "add called", "it is done: 1", "soon called", "soon called"}},
		{"the program schedules the same function before the end", func(l *loop.Loop, f *future.Future) {
			f.AddDoneCallback(called)
			l.CallSoon(called)
			_ = f.SetResult(1)
		}, []string{"add called", "it is done: 1", "soon called"}},
		{"and after it", func(l *loop.Loop, f *future.Future) {
			f.AddDoneCallback(called)
			_ = f.SetResult(1)
			l.CallSoon(called)
			f.AddDoneCallback(other)
			l.CallSoon(other)
		}, []string{"add called", "it is done: 1", "soon called", "add other", "soon other"}},
		{"the first one was removed", func(l *loop.Loop, f *future.Future) {
			remove := f.AddDoneCallback(other)
			f.AddDoneCallback(called)
			remove()
			_ = f.SetResult(1)
			l.CallSoon(called)
		}, []string{"add other", "add called", "it is done: 1", "soon called"}},
		{"the only one was removed, and the program schedules the same function later", func(l *loop.Loop, f *future.Future) {
			remove := f.AddDoneCallback(called)
			remove()
			_ = f.SetResult(1)
			l.CallSoon(other)
			l.CallSoon(called)
		}, []string{"add called", "it is done: 1"}},
		{"another future of the same loop ends after it", func(l *loop.Loop, f *future.Future) {
			second := future.New(l)
			f.AddDoneCallback(called)
			second.AddDoneCallback(called)
			_ = f.SetResult(1)
			_ = second.SetResult(2)
		}, []string{"add called", "it is done: 1", "soon called"}},
	} {
		t.Run(test.name, func(t *testing.T) { require.Equal(t, test.want, scheduled(t, test.run)) })
	}
}

// Other loops, and calls from outside, may come between a future's end and its callbacks.
func TestCallbacksAmongEventsOfOthers(t *testing.T) {
	queued := func(loop int, why probe.Why) trace.Event {
		return trace.Event{Kind: trace.Queued, Loop: loop, Name: "fn", Text: string(why)}
	}
	of := func(kind trace.Kind) trace.Event { return trace.Event{Kind: kind, Loop: 1, Future: 5, Name: "fn"} }
	events := []trace.Event{
		of(trace.Awaits), of(trace.Done), queued(2, probe.Soon), queued(1, probe.Outside), queued(1, probe.Soon),
		of(trace.Awaits), queued(1, probe.Outside), queued(2, probe.Soon), queued(1, probe.Soon), queued(1, probe.Soon),
	}
	var soon []int
	var c calls
	for i := range events {
		if c.take(&events[i]) {
			soon = append(soon, i)
		}
		switch events[i].Kind {
		case trace.Awaits:
			c.add(&events[i])
		case trace.Done:
			c.start(&events[i])
		}
	}
	require.Equal(t, []int{4, 8}, soon)
}
