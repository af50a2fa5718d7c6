package trace

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type word string

func (w word) String() string { return string(w) }

// texts are what notes say, in order.
func texts(events []Event) (all []string) {
	for _, e := range events {
		all = append(all, e.Text)
	}
	return all
}

func kindsOf(events []Event) (all []string) {
	for _, e := range events {
		all = append(all, e.Kind.String())
	}
	return all
}

func TestRing(t *testing.T) {
	for _, limit := range []int{1, 2, 3, 7} {
		for n := range 3 * limit {
			r := NewRecorder(limit)
			var want []string
			for i := range n {
				r.Note(fmt.Sprint(i))
				want = append(want, fmt.Sprint(i))
			}
			kept := want[max(0, n-limit):]
			if len(kept) == 0 {
				kept = nil
			}
			events := r.Events()
			require.Equal(t, kept, texts(events), "limit %d, %d events", limit, n)
			require.EqualValues(t, n-len(kept), r.Lost())
			for i, e := range events {
				require.EqualValues(t, n-len(kept)+i+1, e.Seq)
			}
			require.LessOrEqual(t, cap(r.events), 2*limit)
		}
	}
	assert.Equal(t, Limit, NewRecorder(0).limit)
	assert.Equal(t, Limit, NewRecorder(-1).limit)
}

func TestEventsAreTheCallers(t *testing.T) {
	r := NewRecorder(2)
	r.Note("1")
	events := r.Events()
	events[0].Text = "changed"
	r.Note("2")
	assert.Equal(t, []string{"1", "2"}, texts(r.Events()))
}

func TestNilRecordsNothing(t *testing.T) {
	var r *Recorder
	assert.Nil(t, r.Events())
	assert.Zero(t, r.Lost())
	r.Note("x")
	r.System("recv", 3, 1, "")
	r.Enter("x")()
	l := r.Loop(func() time.Duration { return 0 })
	assert.Nil(t, l)
	assert.Nil(t, l.Recorder())
	m := r.Future()
	assert.Nil(t, m)
	assert.Empty(t, m.String())
	allocations := testing.AllocsPerRun(100, func() { hooks(l, m) })
	assert.Zero(t, allocations)
}

// hooks calls each hook once.
func hooks(l *Loop, m *Mark) {
	l.Sleep(-1)
	l.Woke(1)
	l.Ready(3, word("read"))
	l.Watch(3, word("read"))
	l.Queue(nothing, "soon", -1)
	l.Begin()
	m.Spawned(nothing)
	m.Resumed(nil, nil)
	m.Awaits(nothing)
	m.Named(3, word("read"))
	m.Yielded(nil)
	m.Stepped()
	m.Done(word("finished"), 1, nil)
	m.Refused("SetResult")
	m.CancelAsked()
	l.Skip()
	l.End()
	l.Unwatch(3, word("read"))
}

func nothing() {}

func TestHooks(t *testing.T) {
	r := NewRecorder(0)
	now := time.Duration(0)
	l := r.Loop(func() time.Duration { now += time.Second; return now })
	m := r.Future()
	hooks(l, m)
	assert.Equal(t, "task 1", m.String())
	events := r.Events()
	assert.Equal(t, []string{"made", "sleep", "woke", "ready", "watched", "queued", "began", "spawned", "resumed",
		"awaits", "named", "yielded", "stepped", "done", "refused", "cancel asked", "skipped", "returned", "unwatched"},
		kindsOf(events))
	for i, e := range events {
		assert.Equal(t, i >= 6 && i <= 17, e.Callback == 1, "callback of %v", e.Kind)
		assert.Equal(t, i >= 8 && i <= 12, e.Task == 1, "task of %v", e.Kind)
		assert.Equal(t, e.Kind == Ready || e.Kind == Watched || e.Kind == Unwatched || e.Kind == Named, e.FD == 3, "fd of %v", e.Kind)
		assert.True(t, e.FD == 3 || e.FD == -1, "fd of %v", e.Kind)
	}
	assert.Equal(t, Event{Seq: 3, At: 5 * time.Second, Kind: Woke, FD: -1, N: 1, Took: time.Second}, events[2])
	assert.Equal(t, "trace.nothing", events[5].Name)
	assert.Equal(t, events[5].Name, events[6].Name)
}

func TestQueueIsTheLoops(t *testing.T) {
	r := NewRecorder(0)
	l := r.Loop(func() time.Duration { return 0 })
	l.Queue(nothing, "soon", -1)
	l.Queue(hooks, "timer", -1)
	l.Begin()
	l.Queue(TestRing, "read", 7)
	l.End()
	for range 2 {
		l.Begin()
		l.End()
	}
	l.Begin() // nothing is queued: no panic
	l.End()
	var began []string
	for _, e := range r.Events() {
		if e.Kind == Began {
			began = append(began, fmt.Sprint(e.About, e.Name, e.Text, e.FD))
		}
	}
	assert.Equal(t, []string{"1trace.nothingsoon-1", "2trace.hookstimer-1", "3trace.TestRingread7", "0-1"}, began)
}

func TestSelectThatOnlyLooked(t *testing.T) {
	r := NewRecorder(0)
	l := r.Loop(func() time.Duration { return 0 })
	l.Sleep(0)
	l.Woke(0)
	assert.Empty(t, r.Events())
	l.Sleep(0)
	l.Woke(1)
	assert.Equal(t, []string{"woke"}, kindsOf(r.Events()))
}

func TestClock(t *testing.T) {
	r := NewRecorder(0)
	r.Note("before there is a loop")
	now := 100 * time.Second
	r.Loop(func() time.Duration { return now })
	now += time.Second
	r.Note("1 s")
	now -= 10 * time.Second
	r.Note("the clock went back")
	later := 5 * time.Second
	r.Loop(func() time.Duration { return later })
	r.Note("a second loop goes on")
	later += time.Second
	r.Note("2 s")
	var at []time.Duration
	for _, e := range r.Events() {
		at = append(at, e.At)
	}
	s := time.Second
	assert.Equal(t, []time.Duration{0, s, s, s, 2 * s}, at)
}

func TestManyGoroutines(t *testing.T) {
	r := NewRecorder(100)
	l := r.Loop(func() time.Duration { return 0 })
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				l.Queue(nothing, "from outside", -1)
				r.Enter("x")()
				r.Events()
			}
		})
	}
	wg.Wait()
	assert.Len(t, r.Events(), 100)
	assert.EqualValues(t, 1100, r.Lost())
	assert.Empty(t, r.names)
}

func TestKinds(t *testing.T) {
	assert.Equal(t, "unknown", Kind(0).String())
	names := map[string]bool{}
	for k, name := range kinds {
		assert.Equal(t, name, k.String())
		names[name] = true
	}
	assert.Len(t, names, len(kinds))
}

func TestValue(t *testing.T) {
	r := NewRecorder(0)
	r.Future()
	for want, v := range map[string]any{
		"nil":                                   nil,
		`0 bytes ""`:                            []byte{},
		`1 byte "a"`:                            []byte("a"),
		`3 bytes "abc"`:                         []byte("abc"),
		`4096 bytes "` + sixteen + `"…`:         []byte(sixteen + string(make([]byte, 4080))),
		`2 bytes "\xff\x00"`:                    []byte("\xff\x00"),
		`"привет"`:                              "привет",
		"oops":                                  errors.New("oops"),
		"true":                                  true,
		"-3":                                    int8(-3),
		"7":                                     uint16(7),
		"0.5":                                   0.5,
		"future 2":                              marked{r.Future()},
		"struct {}":                             struct{}{},
		"trace.marked":                          marked{},
		"*trace.Event":                          &Event{},
		"[]int":                                 []int{1},
		string(make59('x')) + "…":               errors.New(string(make59('x')) + "yz"),
		"%!v(PANIC=Error method: not my error)": bad{},
	} {
		assert.Equal(t, want, Value(v))
	}
}

const sixteen = "0123456789abcdef"

func make59(c byte) []byte {
	b := make([]byte, 59)
	for i := range b {
		b[i] = c
	}
	return b
}

type marked struct{ m *Mark }

func (m marked) Mark() *Mark { return m.m }

type bad struct{}

func (bad) Error() string { panic("not my error") }

func BenchmarkNote(b *testing.B) {
	r := NewRecorder(1000)
	r.Loop(func() time.Duration { return 0 })
	b.ReportAllocs()
	for b.Loop() {
		r.Note("x")
	}
}

// BenchmarkNothing is the cost of all 18 hooks where nothing is recorded.
func BenchmarkNothing(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		hooks(nil, nil)
	}
}
