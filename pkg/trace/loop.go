package trace

import (
	"fmt"
	"reflect"
	"time"
)

// Loop is the side of a Recorder that a loop speaks to. Its methods are called
// by the loop's goroutine, but for Outside's; on a nil *Loop they do nothing.
//
// Invariant: queued is the loop's ready queue, in its order. So a callback need
// not carry its number: the first of queued is the first to run.
type Loop struct {
	r       *Recorder
	queued  []Event
	timeout time.Duration // of the select that runs
	began   time.Duration // when it began
}

// Loop begins the recording of a loop whose clock is now; nil on a nil
// *Recorder. A second loop goes on at the time where the first has stopped.
func (r *Recorder) Loop(now func() time.Duration) *Loop {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock, r.offset = now, r.last-now()
	r.running, r.steps = nil, nil
	return &Loop{r: r}
}

// Recorder is where l records; nil for a nil *Loop.
func (l *Loop) Recorder() *Recorder {
	if l == nil {
		return nil
	}
	return l.r
}

// Sleep says that select begins, to wait for timeout at the longest.
func (l *Loop) Sleep(timeout time.Duration) {
	if l != nil {
		l.sleep(timeout)
	}
}

func (l *Loop) sleep(timeout time.Duration) {
	if timeout != 0 {
		l.r.add(Event{Kind: Sleep, Took: timeout})
	}
	l.timeout, l.began = timeout, l.r.now()
}

// Woke says that select has returned with n descriptors. A select that only
// looked, and found nothing, is not recorded: a busy loop has one in each round.
func (l *Loop) Woke(n int) {
	if l != nil && (l.timeout != 0 || n > 0) {
		l.r.add(Event{Kind: Woke, N: n, Took: l.r.now() - l.began})
	}
}

// Ready says what select reported on fd: what is "read" or "write", or both.
func (l *Loop) Ready(fd int, what fmt.Stringer) {
	if l != nil {
		l.r.add(Event{Kind: Ready, FD: fd, Name: what.String()})
	}
}

// Watch says that fd is waited for: what is "read" or "write".
func (l *Loop) Watch(fd int, what fmt.Stringer) {
	if l != nil {
		l.r.addHere(Event{Kind: Watched, FD: fd, Name: what.String()})
	}
}

// Unwatch says that fd isn't waited for any more.
func (l *Loop) Unwatch(fd int, what fmt.Stringer) {
	if l != nil {
		l.r.addHere(Event{Kind: Unwatched, FD: fd, Name: what.String()})
	}
}

// Queue says that fn stands in the ready queue, and why: "soon", "timer",
// "from outside", or what fd is ready for. fd is -1 where there is none.
func (l *Loop) Queue(fn any, why string, fd int) {
	if l != nil {
		l.queue(fn, why, fd)
	}
}

func (l *Loop) queue(fn any, why string, fd int) {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.r.callbacks++
	e := Event{Kind: Queued, About: l.r.callbacks, Name: FuncName(fn), Text: why, FD: fd}
	l.queued = append(l.queued, e)
	l.r.addLocked(e)
}

// Begin says that the first of the queue runs.
func (l *Loop) Begin() {
	if l != nil {
		l.begin()
	}
}

func (l *Loop) begin() {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	if len(l.queued) == 0 { // queued before the recording began: can't be, but must not panic
		l.queued = []Event{{FD: -1}}
	}
	e := l.queued[0]
	l.queued = l.queued[1:]
	l.r.running = append(l.r.running, e.About)
	e.Kind = Began
	l.r.addLocked(e)
}

// Skip says that the callback that runs was removed before, and does nothing.
func (l *Loop) Skip() {
	if l != nil {
		l.r.add(Event{Kind: Skipped, About: l.r.callback(), FD: -1})
	}
}

// End says that the callback that ran is over, however it ended.
func (l *Loop) End() {
	if l != nil {
		l.end()
	}
}

func (l *Loop) end() {
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	l.r.addLocked(Event{Kind: Returned, About: top(l.r.running), FD: -1})
	l.r.running = pop(l.r.running)
}

func (r *Recorder) callback() uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return top(r.running)
}

func (r *Recorder) now() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.clock() + r.offset
}

// FuncName is the name by which fn was declared: "sock.Socket.wait"; "" if fn
// is no function.
func FuncName(fn any) string {
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func || v.IsNil() {
		return ""
	}
	return nameAt(v.Pointer())
}
