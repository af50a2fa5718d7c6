package loop

import "stepwise/pkg/probe"

// A handle is one turn in the ready queue: asyncio's Handle.
type handle struct {
	fn    func()          // nil if entry has it
	entry *entry          // of a timer or a watch; nil otherwise
	seen  *probe.Callback // what probes are told of it; nil while nobody watches
}

// An entry is a callback that may be taken back while its turn waits in the ready
// queue, by one whose turn is earlier in the round.
type entry struct {
	fn   func() // nil once it was taken back, or has run if it is once
	once bool   // a timer
	by   any    // what probes said when it was scheduled
}

// take is the function whose turn has come; nil if it was taken back.
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

// queue gives h its turn behind the others.
func (l *Loop) queue(h handle, why probe.Why, fd int, by any) {
	if e := l.site.Events(); e != nil {
		l.queued++
		h.seen = &probe.Callback{Number: l.queued, Fn: h.fn, Why: why, FD: fd, By: by}
		if h.entry != nil {
			h.seen.Fn = h.entry.fn
		}
		e.Queued(*h.seen)
	}
	l.ready = append(l.ready, h)
}

// tellScheduled tells that fn was handed to the loop, and returns what probes want
// to hear again when its turn comes. Any goroutine may call it.
func (l *Loop) tellScheduled(fn func()) any {
	if e := l.site.Events(); e != nil {
		return e.Scheduled(fn)
	}
	return nil
}

// announced is tellScheduled for another goroutine's call, which gets its turn later.
func (l *Loop) announced(fn func()) *probe.Callback {
	if e := l.site.Events(); e != nil {
		return &probe.Callback{By: e.Scheduled(fn)}
	}
	return nil
}

func (h handle) by() any {
	if h.seen == nil {
		return nil
	}
	return h.seen.By
}

// tellBegan, tellSkipped and tellReturned tell of a turn. What watches a loop does
// so from its beginning.
func (l *Loop) tellBegan(h handle) {
	if h.seen != nil {
		l.site.Events().Began(*h.seen)
	}
}

func (l *Loop) tellSkipped(h handle) {
	if h.seen != nil {
		l.site.Events().Skipped(*h.seen)
	}
}

func (l *Loop) tellReturned(h handle) {
	if h.seen != nil {
		l.site.Events().Returned(*h.seen)
	}
}
