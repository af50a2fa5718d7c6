package trace

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/probe"
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

// host is a loop, as a probe sees it, by its clock.
type host func() time.Duration

func (h host) Now() time.Duration   { return h() }
func (h host) Report(string, error) {}

// recorded is a Recorder, and a loop that it watches.
func recorded(now host) (*Recorder, probe.Events) {
	r := NewRecorder(0)
	return r, r.Watch(now)
}

func still() time.Duration { return 0 }

func TestRing(t *testing.T) {
	for _, limit := range []int{1, 2, 3, 7} {
		for n := range 3 * limit {
			r := NewRecorder(limit)
			l := r.Watch(host(still))
			var want []string
			for i := range n {
				l.Noted(fmt.Sprint(i))
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
	l := r.Watch(host(still))
	l.Noted("1")
	events := r.Events()
	events[0].Text = "changed"
	l.Noted("2")
	assert.Equal(t, []string{"1", "2"}, texts(r.Events()))
}

func TestNilHasRecordedNothing(t *testing.T) {
	var r *Recorder
	assert.Nil(t, r.Events())
	assert.Zero(t, r.Lost())
}

// hooks calls each hook once.
func hooks(l probe.Events) {
	task, result := new(int), new(string)
	c := probe.Callback{Number: 7, Fn: nothing, Why: probe.Soon, FD: -1}
	l.Made(result)
	l.Sleep(-1)
	l.Woke(1)
	l.Ready(3, word("read"))
	l.Watched(3, word("read"))
	l.Queued(c)
	l.Began(c)
	l.Spawned(task, result, nothing)
	l.Resumed(task, nil, nil)
	l.Awaits(result, nothing)
	l.Named(result, descriptor{})
	l.Named(result, word("what is no descriptor"))
	l.Yielded(task, nil)
	l.Stepped(task)
	l.Done(result, word("finished"), 1, nil)
	l.Refused(result, "SetResult")
	l.CancelAsked(task)
	l.Skipped(c)
	l.Returned(c)
	l.Unwatched(3, word("read"))
}

type descriptor struct{}

func (descriptor) String() string                  { return "fd 3 to read" }
func (descriptor) Descriptor() (int, fmt.Stringer) { return 3, word("read") }

func nothing() {}

func TestHooks(t *testing.T) {
	now := time.Duration(0)
	r, l := recorded(func() time.Duration { now += time.Second; return now })
	hooks(l)
	events := r.Events()
	assert.Equal(t, []string{"made", "sleep", "woke", "ready", "watched", "queued", "began", "spawned", "resumed",
		"awaits", "named", "yielded", "stepped", "done", "refused", "cancel asked", "skipped", "returned", "unwatched"},
		kindsOf(events))
	for i, e := range events {
		assert.Equal(t, 1, e.Loop)
		assert.Equal(t, i >= 6 && i <= 17, e.Callback == 1, "callback of %v", e.Kind)
		assert.Equal(t, i >= 8 && i <= 12, e.Task == 1, "task of %v", e.Kind)
		assert.Equal(t, e.Kind == Ready || e.Kind == Watched || e.Kind == Unwatched || e.Kind == Named, e.FD == 3, "fd of %v", e.Kind)
		assert.True(t, e.FD == 3 || e.FD == -1, "fd of %v", e.Kind)
	}
	assert.Equal(t, Woke, events[2].Kind)
	assert.Equal(t, 1, events[2].N)
	assert.Equal(t, time.Second, events[2].Took)
	assert.Equal(t, "trace.nothing", events[5].Name)
	assert.Equal(t, events[5].Name, events[6].Name)
	for _, i := range []int{5, 6, 16, 17} {
		assert.EqualValues(t, 1, events[i].About, "%v is about the callback", events[i].Kind)
	}
}

// TestYieldedSaysForWhat: the future is known when the step adds its callback.
func TestYieldedSaysForWhat(t *testing.T) {
	task, result, other := new(int), new(string), new(string)
	for _, c := range []struct {
		name string
		then func(l probe.Events)
		want string
	}{
		{"a future", func(l probe.Events) { l.Awaits(other, nothing) }, "yielded future 2 2, awaits  2, stepped  0"},
		{"another task", func(l probe.Events) { l.Awaits(result, nothing) }, "yielded task 1 1, awaits  1, stepped  0"},
		{"nothing", func(l probe.Events) { l.Queued(probe.Callback{Number: 1}) }, "yielded nil 0, queued  0, stepped  0"},
		{"the task is over", func(probe.Events) {}, "yielded nil 0, stepped  0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, l := recorded(still)
			l.Made(result)
			l.Spawned(task, result, nothing)
			l.Made(other)
			l.Resumed(task, nil, nil)
			l.Yielded(task, nil)
			c.then(l)
			l.Stepped(task)
			var got []string
			for _, e := range r.Events()[4:] {
				got = append(got, fmt.Sprintf("%v %s %d", e.Kind, e.Text, e.Future))
			}
			assert.Equal(t, c.want, strings.Join(got, ", "))
		})
	}
}

// TestAnOldAddress: what is made where something else was is another.
func TestAnOldAddress(t *testing.T) {
	r, l := recorded(still)
	f := new(string)
	l.Made(f)
	l.Made(f)
	l.Done(f, word("finished"), nil, nil)
	events := r.Events()
	assert.Equal(t, []uint64{1, 2, 2}, []uint64{events[0].Future, events[1].Future, events[2].Future})
	l.Done(new(string), word("finished"), nil, nil)
	assert.Zero(t, r.Events()[3].Future, "made before it was recorded")
}

// TestTwoLoops: each has what runs on it, and numbers of its own callbacks.
func TestTwoLoops(t *testing.T) {
	r, one := recorded(still)
	two := r.Watch(host(still))
	c := probe.Callback{Number: 1, Fn: nothing, Why: probe.Soon, FD: -1}
	one.Queued(c)
	two.Queued(c)
	one.Began(c)
	two.Began(c)
	one.Noted("one")
	two.Noted("two")
	two.Returned(c)
	one.Noted("one goes on")
	one.Returned(c)
	var got []string
	for _, e := range r.Events() {
		got = append(got, fmt.Sprintf("%d %v %d in %d", e.Loop, e.Kind, e.About, e.Callback))
	}
	assert.Equal(t, []string{"1 queued 1 in 0", "2 queued 2 in 0", "1 began 1 in 1", "2 began 2 in 2", "1 note 0 in 1", "2 note 0 in 2",
		"2 returned 2 in 2", "1 note 0 in 1", "1 returned 1 in 1"}, got)
}

func TestSelectThatOnlyLooked(t *testing.T) {
	r, l := recorded(still)
	l.Sleep(0)
	l.Woke(0)
	assert.Empty(t, r.Events())
	l.Sleep(0)
	l.Woke(1)
	assert.Equal(t, []string{"woke"}, kindsOf(r.Events()))
}

// TestSystemCalls: each by its errno's name, and no question that changes nothing.
func TestSystemCalls(t *testing.T) {
	for _, c := range []struct {
		name string
		call string
		err  error
		want string
	}{
		{"no error", "recv", nil, "recv 7 5 "},
		{"an errno, by its name", "recv", unix.EAGAIN, "recv 7 5 EAGAIN"},
		{"an errno inside of another error", "send", fmt.Errorf("outer: %w", unix.EPIPE), "send 7 5 EPIPE"},
		{"no errno", "recv", errors.New("oops"), "recv 7 5 oops"},
		{"the one option that changes something", "getsockopt", nil, "SO_ERROR 7 5 "},
		{"a question", "getpeername", nil, ""},
		{"a look", "peek", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, l := recorded(still)
			l.System(c.call, 7, 5, c.err)
			got := ""
			for _, e := range r.Events() {
				got += fmt.Sprintf("%s %d %d %s", e.Name, e.FD, e.N, e.Err)
			}
			assert.Equal(t, c.want, got)
		})
	}
}

func TestClock(t *testing.T) {
	now := 100 * time.Second
	r, l := recorded(func() time.Duration { return now })
	now += time.Second
	l.Noted("1 s")
	now -= 10 * time.Second
	l.Noted("the clock went back")
	later := 5 * time.Second
	second := r.Watch(host(func() time.Duration { return later }))
	second.Noted("a second loop goes on")
	later += time.Second
	second.Noted("2 s")
	var at []time.Duration
	for _, e := range r.Events() {
		at = append(at, e.At)
	}
	s := time.Second
	assert.Equal(t, []time.Duration{s, s, s, 2 * s}, at)
}

func TestManyGoroutines(t *testing.T) {
	r := NewRecorder(100)
	l := r.Watch(host(still))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				l.Noted("from outside")
				l.Entered("x")()
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
		"struct {}":                             struct{}{},
		"*trace.Event":                          &Event{},
		"[]int":                                 []int{1},
		string(make59('x')) + "…":               errors.New(string(make59('x')) + "yz"),
		"%!v(PANIC=Error method: not my error)": bad{},
	} {
		assert.Equal(t, want, short(v))
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

type bad struct{}

func (bad) Error() string { panic("not my error") }

func BenchmarkNote(b *testing.B) {
	l := NewRecorder(1000).Watch(host(still))
	b.ReportAllocs()
	for b.Loop() {
		l.Noted("x")
	}
}
