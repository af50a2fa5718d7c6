package task_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
	"stepwise/pkg/trace"
)

// told is a recording as text, a line an event.
func told(r *trace.Recorder) string {
	var b strings.Builder
	for _, e := range r.Events() {
		fmt.Fprintf(&b, "%v", e.Kind)
		for _, field := range []struct {
			name  string
			value any
			there bool
		}{
			{"about", e.About, e.About != 0}, {"future", e.Future, e.Future != 0}, {"task", e.Task, e.Task != 0},
			{"callback", e.Callback, e.Callback != 0}, {"fd", e.FD, e.FD >= 0}, {"n", e.N, e.N != 0},
			{"took", e.Took, e.Took != 0}, {"name", e.Name, e.Name != ""}, {"text", e.Text, e.Text != ""},
			{"err", e.Err, e.Err != ""}, {"stack", strings.Join(e.Stack, ">"), e.Stack != nil},
		} {
			if field.there {
				fmt.Fprintf(&b, " %s=%v", field.name, field.value)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// recorded is a loop and its recording. What it waits for without a limit is ready
// after 1 ms.
func recorded(t *testing.T) (*loop.Loop, *trace.Recorder) {
	r := trace.NewRecorder(0)
	rig := looptest.New(t, looptest.Probe(r))
	rig.Fake.Sleep = func(d time.Duration) {
		if d < 0 {
			d = time.Millisecond
			rig.Fake.SetReady(7, selector.Read|selector.Write)
		}
		rig.Time += d
	}
	return rig.Loop, r
}

// TestRecording compares whole recordings: every hook of loop, future, coro and
// task, in its order.
func TestRecording(t *testing.T) {
	t.Run("a read by hand", func(t *testing.T) {
		l, r := recorded(t)
		v, err := task.Run(l, func(yield coro.Yield) (any, error) { return waitAndRead(yield, l) })
		require.NoError(t, err)
		require.Equal(t, "data", v)
		assert.Equal(t, `made future=1
spawned about=1 future=1 name=task_test.TestRecording.func1.1
queued about=1 name=task.Task.begin text=soon
awaits future=1 name=loop.Loop.Stop
began about=1 callback=1 name=task.Task.begin text=soon
resumed task=1 callback=1 text=nil
made future=2 task=1 callback=1 stack=task_test.TestRecording.func1.1>task_test.waitAndRead
watched task=1 callback=1 fd=7 name=read stack=task_test.TestRecording.func1.1>task_test.waitAndRead
yielded future=2 task=1 callback=1 text=future 2 stack=task_test.TestRecording.func1.1>task_test.waitAndRead
awaits future=2 task=1 callback=1 name=task.Task.wakeup
stepped task=1 callback=1
returned about=1 callback=1
sleep took=-1ns
woke n=1 took=1ms
ready fd=7 name=read
queued about=2 fd=7 name=task_test.waitAndRead.func1 text=read
began about=2 callback=2 fd=7 name=task_test.waitAndRead.func1 text=read
unwatched callback=2 fd=7 name=read
done future=2 callback=2 name=finished text="data"
queued about=3 callback=2 name=task.Task.wakeup text=soon
returned about=2 callback=2
began about=3 callback=3 name=task.Task.wakeup text=soon
resumed task=1 callback=3 text="data"
done future=1 task=1 callback=3 name=finished text="data"
queued about=4 task=1 callback=3 name=loop.Loop.Stop text=soon
stepped task=1 callback=3
returned about=3 callback=3
began about=4 callback=4 name=loop.Loop.Stop text=soon
returned about=4 callback=4
`, told(r))
		require.NoError(t, l.Close())
	})
	t.Run("a timer that is cancelled in its round", func(t *testing.T) {
		l, r := recorded(t)
		var second *loop.Timer
		l.CallLater(time.Millisecond, func() { second.Cancel() })
		second = l.CallLater(time.Millisecond, func() {})
		require.NoError(t, l.Round())
		assert.Equal(t, `sleep took=1ms
woke took=1ms
queued about=1 name=task_test.TestRecording.func2.1 text=timer
queued about=2 name=task_test.TestRecording.func2.2 text=timer
began about=1 callback=1 name=task_test.TestRecording.func2.1 text=timer
returned about=1 callback=1
began about=2 callback=2 name=task_test.TestRecording.func2.2 text=timer
skipped about=2 callback=2
returned about=2 callback=2
`, told(r))
		require.NoError(t, l.Close())
	})
	t.Run("a writer that is removed in its round", func(t *testing.T) {
		l, r := recorded(t)
		require.NoError(t, l.AddReader(7, func() { l.RemoveWriter(7) }))
		require.NoError(t, l.AddWriter(7, func() {}))
		require.NoError(t, l.Round())
		assert.Equal(t, `watched fd=7 name=read
watched fd=7 name=write
sleep took=-1ns
woke n=1 took=1ms
ready fd=7 name=read+write
queued about=1 fd=7 name=task_test.TestRecording.func3.1 text=read
queued about=2 fd=7 name=task_test.TestRecording.func3.2 text=write
began about=1 callback=1 fd=7 name=task_test.TestRecording.func3.1 text=read
unwatched callback=1 fd=7 name=write
returned about=1 callback=1
began about=2 callback=2 fd=7 name=task_test.TestRecording.func3.2 text=write
skipped about=2 callback=2
returned about=2 callback=2
`, told(r))
		require.NoError(t, l.Close())
	})
	t.Run("a call from outside, and one that ends in a panic", func(t *testing.T) {
		l, r := recorded(t)
		require.NoError(t, l.CallSoonThreadsafe(func() { panic("bang") }))
		require.NoError(t, l.Round())
		assert.Equal(t, `queued about=1 name=task_test.TestRecording.func4.1 text=from outside
began about=1 callback=1 name=task_test.TestRecording.func4.1 text=from outside
returned about=1 callback=1
`, told(r))
		require.NoError(t, l.Close())
	})
	t.Run("refused, failed, cancelled, panicked, and let others have their turn", func(t *testing.T) {
		l, r := recorded(t)
		f := future.New(l)
		require.NoError(t, f.SetError(errors.New("oops")))
		require.Error(t, f.SetResult(1))
		tk := task.Spawn(l, func(yield coro.Yield) (any, error) {
			defer l.Site().Enter("body")()
			if err := task.Checkpoint(yield); err != nil {
				return nil, err
			}
			panic("bang")
		})
		require.NoError(t, l.Round())
		tk.Cancel()
		require.NoError(t, l.Round())
		assert.Equal(t, `made future=1
done future=1 name=finished err=oops
refused future=1 name=SetResult
made future=2
spawned about=1 future=2 name=task_test.TestRecording.func5.1
queued about=1 name=task.Task.begin text=soon
began about=1 callback=1 name=task.Task.begin text=soon
resumed task=1 callback=1 text=nil
called task=1 callback=1 name=body stack=task_test.TestRecording.func5.1>body
yielded task=1 callback=1 text=nil stack=task_test.TestRecording.func5.1>body
queued about=2 task=1 callback=1 name=task.Task.wakeup text=soon
stepped task=1 callback=1
returned about=1 callback=1
cancel asked about=1 future=2
began about=2 callback=2 name=task.Task.wakeup text=soon
resumed task=1 callback=2 err=canceled
left task=1 callback=2 name=body
done future=2 task=1 callback=2 name=canceled err=canceled
stepped task=1 callback=2
returned about=2 callback=2
`, told(r))
		require.NoError(t, l.Close())
	})
}

func waitAndRead(yield coro.Yield, l *loop.Loop) (any, error) {
	f := future.New(l)
	if err := l.AddReader(7, func() { l.RemoveReader(7); _ = f.SetResult("data") }); err != nil {
		return nil, err
	}
	return task.Await(yield, f)
}
