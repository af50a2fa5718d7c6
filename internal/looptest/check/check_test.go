package check

// Every rule, broken once: a Checker that lets it pass would let every test pass.

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
)

// judge is a test that may fail, and says of what.
type judge struct {
	testing.TB
	verdicts []string
}

func (j *judge) Helper() {}
func (j *judge) Errorf(format string, args ...any) {
	j.verdicts = append(j.verdicts, fmt.Sprintf(format, args...))
}

// host is a Checker, and a loop that does as it is told.
type host struct {
	*Checker
	number uint64
	*judge
}

type name string

func (n name) String() string { return string(n) }

// call is a callback that was handed in now.
func (h *host) call(why probe.Why) probe.Callback {
	return h.turn(h.Scheduled(nil), why, -1)
}

// turn is the next turn of a callback that was handed in before.
func (h *host) turn(by any, why probe.Why, fd int) probe.Callback {
	h.number++
	return probe.Callback{Number: h.number, Why: why, FD: fd, By: by}
}

// queued queues n callbacks.
func (h *host) queue(n int) (all []probe.Callback) {
	for range n {
		c := h.call(probe.Soon)
		h.Queued(c)
		all = append(all, c)
	}
	return all
}

func (h *host) run(c probe.Callback) { h.Began(c); h.Returned(c) }

// select has what is ready reported.
func (h *host) look(fds ...int) {
	h.Sleep(0)
	h.Woke(len(fds))
	for _, fd := range fds {
		h.Ready(fd, selector.Read)
	}
}

// soon runs fn in a callback of its own.
func (h *host) soon(fn func()) {
	c := h.queue(1)[0]
	h.look()
	h.Began(c)
	fn()
	h.Returned(c)
}

// task is a task that was spawned.
func (h *host) task() (t, result *int) {
	t, result = new(int), new(int)
	h.Made(result)
	h.Spawned(t, result, nil)
	return t, result
}

func (h *host) ends(f any) { h.Done(f, name("finished"), nil, nil) }

// registered is a Selector that the Checker sees, on which fd can be registered.
func (h *host) registered(fd int) *Selector {
	s := h.Checker.Selector(selector.NewFake())
	_ = s.Register(fd, selector.Read, nil)
	return s
}

// lies fails each Modify.
type lies struct{ selector.Selector }

func (lies) Modify(int, selector.Events, any) error { return errors.New("lost") }

func TestRules(t *testing.T) {
	const r, w = selector.Read, selector.Write
	for _, test := range []struct {
		name string
		tell func(h *host)
		want string // part of the verdict; "" if there is none
	}{
		{"a whole life", func(h *host) {
			s := h.registered(3)
			fd := h.Scheduled(nil)
			h.Watched(3, r)
			task, result := h.task()
			h.Opened(task, name("socket"))
			first := h.queue(1)[0]
			h.look(3)
			read := h.turn(fd, probe.Read, 3)
			h.Queued(read)
			h.Began(first)
			h.Resumed(task, nil, nil)
			h.Yielded(task, nil)
			second := h.queue(1)[0]
			h.Stepped(task)
			h.Returned(first)
			h.Began(read)
			h.Unwatched(3, r)
			_ = s.Unregister(3)
			h.Returned(read)
			h.look()
			h.Began(second)
			h.Resumed(task, nil, nil)
			h.ends(result)
			h.Stepped(task)
			h.Closed(task)
			h.Returned(second)
			h.Read(result)
			h.Refused(result, "SetResult")
			h.Sleep(-1)
			h.Woke(0)
			h.End()
		}, ""},
		{"two loops", func(h *host) { h.Watch(nil); h.Watch(nil) }, "for one loop"},
		{"queued out of number", func(h *host) { h.number++; h.queue(1) }, "callback 2 is queued after 0"},
		{"queued while select sleeps", func(h *host) { h.Sleep(0); h.queue(1) }, "while select sleeps"},
		{"without what Scheduled returned", func(h *host) { h.Queued(probe.Callback{Number: 1, Why: probe.Soon, FD: -1}) }, "doesn't bring back"},
		{"calls in another order", func(h *host) {
			one, two := h.Scheduled(nil), h.Scheduled(nil)
			h.Queued(h.turn(two, probe.Soon, -1))
			h.Queued(h.turn(one, probe.Soon, -1))
		}, "calls soon are queued in another order"},
		{"calls from outside in another order", func(h *host) {
			one, two := h.Scheduled(nil), h.Scheduled(nil)
			h.look()
			h.Queued(h.turn(two, probe.Outside, -1))
			h.Queued(h.turn(one, probe.Outside, -1))
		}, "calls from outside are queued in another order"},
		{"a call twice", func(h *host) {
			one := h.Scheduled(nil)
			h.Queued(h.turn(one, probe.Soon, -1))
			h.Queued(h.turn(one, probe.Soon, -1))
		}, "or twice"},
		{"a timer twice", func(h *host) {
			one := h.Scheduled(nil)
			h.look()
			h.Queued(h.turn(one, probe.Timer, -1))
			h.Queued(h.turn(one, probe.Timer, -1))
		}, "a call timer has a second turn"},
		{"a timer in a callback", func(h *host) { h.soon(func() { h.Queued(h.call(probe.Timer)) }) }, "outside of its place"},
		{"for no reason", func(h *host) { h.Queued(h.call("whim")) }, "for no reason"},
		{"a call for a descriptor", func(h *host) { h.Queued(h.turn(h.Scheduled(nil), probe.Soon, 3)) }, "queued for fd 3"},
		{"a reader that isn't ready", func(h *host) {
			h.Watched(3, r)
			h.look()
			h.Queued(h.turn(h.Scheduled(nil), probe.Read, 3))
		}, "select didn't report"},
		{"a writer where a reader is ready", func(h *host) {
			h.Watched(3, r|w)
			h.look(3)
			h.Queued(h.turn(h.Scheduled(nil), probe.Write, 3))
		}, "select didn't report"},
		{"ready, and forgotten", func(h *host) {
			h.Watched(3, r)
			c := h.queue(1)[0]
			h.look(3)
			h.run(c)
		}, "without a turn"},
		{"ready, and nobody waits", func(h *host) { h.look(3) }, "nobody waits for that"},
		{"ready before select", func(h *host) { h.Watched(3, r); h.Ready(3, r) }, "select has not returned"},
		{"out of order", func(h *host) { all := h.queue(2); h.look(); h.run(all[1]) }, "callback 2 begins after 0"},
		{"one lost on the way", func(h *host) { all := h.queue(3); h.look(); h.run(all[0]); h.run(all[2]) }, "callback 3 begins after 1"},
		{"run twice", func(h *host) { c := h.queue(1)[0]; h.look(); h.run(c); h.run(c) }, "callback 1 begins after 1"},
		{"one in another", func(h *host) { all := h.queue(2); h.look(); h.Began(all[0]); h.Began(all[1]) }, "begins in another"},
		{"in its own round", func(h *host) {
			var late probe.Callback
			h.soon(func() { late = h.queue(1)[0] })
			h.run(late)
		}, "in the round in which it was queued"},
		{"never queued", func(h *host) { h.look(); h.run(h.call(probe.Soon)) }, "in the round in which"},
		{"while select sleeps", func(h *host) { c := h.queue(1)[0]; h.Sleep(0); h.run(c) }, "begins while select sleeps"},
		{"returns unbegun", func(h *host) { h.Returned(h.queue(1)[0]) }, "returns and doesn't run"},
		{"another returns", func(h *host) { all := h.queue(2); h.look(); h.Began(all[0]); h.Returned(all[1]) }, "callback 2 returns"},
		{"skipped unbegun", func(h *host) { h.Skipped(h.call(probe.Timer)) }, "is skipped and doesn't run"},
		{"a call that nobody can take back", func(h *host) { c := h.queue(1)[0]; h.look(); h.Began(c); h.Skipped(c) }, "nobody can take it back"},
		{"taken back, and run", func(h *host) { taken(h, false) }, "no longer watched"},
		{"taken back, and skipped", func(h *host) { taken(h, true) }, ""},
		{"sleeps though one waits", func(h *host) { h.queue(1); h.Sleep(time.Second) }, "while 1 callbacks wait"},
		{"sleeps for ever though one waits", func(h *host) { h.queue(1); h.Sleep(-1) }, "while 1 callbacks wait"},
		{"sleeps in a callback", func(h *host) { h.soon(func() { h.Sleep(0) }) }, "called in a callback"},
		{"sleeps twice", func(h *host) { h.Sleep(0); h.Sleep(0) }, "while it sleeps"},
		{"wakes twice", func(h *host) { h.look(); h.Woke(0) }, "that wasn't called"},

		{"watched twice", func(h *host) { h.Watched(3, r); h.Watched(3, r|w) }, "fd 3 is watched twice"},
		{"unwatched twice", func(h *host) { h.Watched(3, r); h.Unwatched(3, r); h.Unwatched(3, r) }, "wasn't watched"},
		{"unwatched on the other side", func(h *host) { h.Watched(3, r); h.Unwatched(3, w) }, "wasn't watched"},
		{"registered and not watched", func(h *host) { h.registered(3); h.changed = true; h.look() }, "watched to nothing and registered to read"},
		{"watched and not registered", func(h *host) { h.registered(3); h.Watched(3, r); h.Watched(4, w); h.look() }, "not registered: map[4:write]"},
		{"registered for more", func(h *host) { h.registered(3); h.Watched(3, r|w); h.look() }, "watched to read+write and registered to read"},
		{"lost: it has one turn", func(h *host) { lost(h, 1) }, ""},
		{"lost: it has no second turn", func(h *host) { lost(h, 2) }, "select didn't report"},

		{"done and not made", func(h *host) { h.ends(new(int)) }, "never made"},
		{"done twice", func(h *host) { f := new(int); h.Made(f); h.ends(f); h.ends(f) }, "done twice"},
		{"refused while pending", func(h *host) { f := new(int); h.Made(f); h.Refused(f, "SetResult") }, "is pending"},
		{"read while pending", func(h *host) { f := new(int); h.Made(f); h.Read(f) }, "is pending"},
		{"awaited and not made", func(h *host) { h.Awaits(new(int), nil) }, "Awaits of a future that was never made"},
		{"named and not made", func(h *host) { h.Named(new(int), nil) }, "Named of a future that was never made"},
		{"spawned done", func(h *host) { f := new(int); h.Made(f); h.ends(f); h.Spawned(new(int), f, nil) }, "whose result is done"},
		{"stepped and not spawned", func(h *host) { h.soon(func() { h.Resumed(new(int), nil, nil) }) }, "never spawned"},
		{"stepped after its end", func(h *host) {
			t, f := h.task()
			h.ends(f)
			h.soon(func() { h.Resumed(t, nil, nil) })
		}, "that has ended"},
		{"stepped in a step", func(h *host) {
			t, _ := h.task()
			other, _ := h.task()
			h.soon(func() { h.Resumed(t, nil, nil); h.Resumed(other, nil, nil) })
		}, "in the step of another"},
		{"stepped outside", func(h *host) { t, _ := h.task(); h.Resumed(t, nil, nil) }, "outside of a callback"},
		{"a step that has no end", func(h *host) { t, _ := h.task(); h.soon(func() { h.Resumed(t, nil, nil) }) }, "a callback returns in the step"},
		{"a step that has no beginning", func(h *host) { t, _ := h.task(); h.soon(func() { h.Stepped(t) }) }, "that didn't begin"},
		{"a step that comes to nothing", func(h *host) { t, _ := h.task(); h.soon(func() { h.Resumed(t, nil, nil); h.Stepped(t) }) }, "has yielded: false; has ended: false"},
		{"yields, and ends", func(h *host) {
			t, f := h.task()
			h.soon(func() { h.Resumed(t, nil, nil); h.Yielded(t, nil); h.ends(f); h.Stepped(t) })
		}, "has yielded: true; has ended: true"},
		{"yields twice", func(h *host) {
			t, _ := h.task()
			h.soon(func() { h.Resumed(t, nil, nil); h.Yielded(t, nil); h.Yielded(t, nil) })
		}, "twice in a step"},
		{"yields in another's step", func(h *host) {
			t, _ := h.task()
			other, _ := h.task()
			h.soon(func() { h.Resumed(t, nil, nil); h.Yielded(other, nil) })
		}, "yields in the step of another"},
		{"yields outside of a step", func(h *host) { t, _ := h.task(); h.soon(func() { h.Yielded(t, nil) }) }, "outside of its step"},
		{"unwinds as the loop closes", func(h *host) { t, _ := h.task(); h.Yielded(t, nil) }, ""},
		{"canceled and not spawned", func(h *host) { h.CancelAsked(new(int)) }, "never spawned"},

		{"opened twice", func(h *host) { o := new(int); h.Opened(o, name("o")); h.Opened(o, name("o")) }, "opened twice"},
		{"closed and never opened", func(h *host) { h.Closed(new(int)) }, "never opened"},
		{"left twice", func(h *host) { o := new(int); h.Opened(o, name("o")); h.Abandoned(o); h.Abandoned(o) }, "isn't open"},
		{"left, and closed late and twice", func(h *host) {
			o := new(int)
			h.Opened(o, name("o"))
			h.Abandoned(o)
			h.Closed(o)
			h.Closed(o)
			h.End()
		}, ""},
		{"left after it was closed", func(h *host) { o := new(int); h.Opened(o, name("o")); h.Closed(o); h.Abandoned(o) }, "isn't open"},
		{"left open", func(h *host) { h.Opened(new(int), name("o")); h.End() }, "is open"},
		{"ends twice", func(h *host) { h.End(); h.End() }, "tells End"},
		{"ends in a callback", func(h *host) { h.soon(h.End) }, "closed in a callback"},
		{"queued after the end", func(h *host) { h.End(); h.queue(1) }, "tells Queued"},
		{"run after the end", func(h *host) { c := h.queue(1)[0]; h.look(); h.End(); h.Began(c) }, "tells Began"},
		{"returned after the end", func(h *host) { h.End(); h.Returned(probe.Callback{}) }, "tells Returned"},
		{"slept after the end", func(h *host) { h.End(); h.Sleep(0) }, "tells Slept"},
		{"woke after the end", func(h *host) { h.Sleep(0); h.End(); h.Woke(0) }, "tells Woke"},
		{"ready after the end", func(h *host) { h.look(); h.End(); h.Ready(3, r) }, "tells Ready"},
		{"watched after the end", func(h *host) { h.End(); h.Watched(3, r) }, "tells Watched"},
		{"unwatched after the end", func(h *host) { h.Watched(3, r); h.End(); h.Unwatched(3, r) }, "tells Unwatched"},
		{"stepped after the end", func(h *host) { t, _ := h.task(); h.End(); h.Resumed(t, nil, nil) }, "tells Resumed"},
		{"a step over after the end", func(h *host) { t, _ := h.task(); h.End(); h.Stepped(t) }, "tells Stepped"},
	} {
		t.Run(test.name, func(t *testing.T) {
			j := &judge{TB: t}
			test.tell(&host{Checker: New(j), judge: j})
			if test.want == "" {
				require.Empty(t, j.verdicts)
				return
			}
			require.Len(t, j.verdicts, 1, "the first fault is reported, and no echo")
			require.Contains(t, j.verdicts[0], "a loop's rule is broken: ")
			require.Contains(t, j.verdicts[0], test.want)
		})
	}
}

// taken takes a reader back in the round in which its turn waits.
func taken(h *host, skipped bool) {
	h.Watched(3, selector.Read)
	h.look(3)
	c := h.turn(h.Scheduled(nil), probe.Read, 3)
	h.Queued(c)
	h.Unwatched(3, selector.Read)
	h.Began(c)
	if skipped {
		h.Skipped(c)
	}
	h.Returned(c)
}

// lost has the selector lose a descriptor, whose reader then has some turns.
func lost(h *host, turns int) {
	s := h.registered(3)
	h.Watched(3, selector.Read)
	s.Selector = lies{s.Selector}
	_ = s.Modify(3, selector.Read|selector.Write, nil)
	by := h.Scheduled(nil)
	for range turns {
		h.Queued(h.turn(by, probe.Read, 3))
	}
	h.look()
}

func TestSelectorPassesOn(t *testing.T) {
	j := &judge{TB: t}
	s := New(j).Selector(selector.NewFake())
	require.Error(t, s.Register(3, 0, nil))
	require.Empty(t, s.Registered, "what is refused isn't registered")
	require.NoError(t, s.Register(3, selector.Read, io.EOF))
	require.NoError(t, s.Modify(3, selector.Write, io.EOF))
	require.Equal(t, map[int]selector.Ready{3: {FD: 3, Events: selector.Write, Data: io.EOF}}, s.Registered)
	require.NoError(t, s.Unregister(3))
	require.Empty(t, s.Registered)
	_, err := s.Select(time.Second)
	require.NoError(t, err)
	require.Equal(t, []time.Duration{time.Second}, s.Timeouts)
	require.NoError(t, s.Close())
}
