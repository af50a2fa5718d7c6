package loop

import "stepwise/pkg/probe"

// A handle is one turn in the ready queue: asyncio's Handle.
type handle struct {
	fn    func()          // nil if entry has it
	entry *entry          // of a timer or a watch; otherwise nil
	seen  *probe.Callback // what probes are told; nil if the loop is not watched
}

// An entry is a callback that may be taken back while its turn waits in the ready
// queue, by a callback that runs earlier in the round.
type entry struct {
	fn   func() // nil once it was taken back or, if it runs once, has run
	once bool   // it is a timer's
	by   any    // what Scheduled returned
}

// An arrival is what another goroutine has handed to the loop, before it is queued.
type arrival struct {
	fn func()
	by any // what Scheduled returned
}

// take returns the function whose turn has come; nil if it was taken back.
func (h handle) take() func() {
	if h.entry == nil {
		return h.fn
	}
	fn := h.entry.fn
	if h.entry.once {
		h.entry.fn = nil
	}
	return fn
}

// queue puts h at the end of the ready queue.
func (l *Loop) queue(h handle, why probe.Why, fd int, by any) {
	if l.events != nil {
		h.seen = l.tellQueued(h, why, fd, by)
	}
	l.ready = append(l.ready, h)
}

func (l *Loop) tellQueued(h handle, why probe.Why, fd int, by any) *probe.Callback {
	l.queued++
	seen := &probe.Callback{Number: l.queued, Fn: h.fn, Why: why, FD: fd, By: by}
	if h.entry != nil {
		seen.Fn = h.entry.fn
	}
	l.events.Queued(*seen)
	return seen
}

// tellScheduled tells probes that fn was handed to the loop, and returns what they want
// to get back when its turn comes. Any goroutine may call it.
func (l *Loop) tellScheduled(fn func()) any {
	if l.events == nil {
		return nil
	}
	return l.events.Scheduled(fn)
}

// tellBegan, tellSkipped and tellReturned tell of a turn. seen is set on a watched loop
// only, so there are events.
func (l *Loop) tellBegan(h handle) {
	if h.seen != nil {
		l.events.Began(*h.seen)
	}
}

func (l *Loop) tellSkipped(h handle) {
	if h.seen != nil {
		l.events.Skipped(*h.seen)
	}
}

func (l *Loop) tellReturned(h handle) {
	if h.seen != nil {
		l.events.Returned(*h.seen)
	}
}
