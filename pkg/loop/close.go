package loop

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"reflect"
	"runtime/debug"
	"slices"
)

// Own makes the loop close c when it is closed itself: for whatever must not
// outlive it, a task or a socket. Owned again, c is the newest. It panics if c is
// nil, or a value that == can't compare, such as a function: Disown would not find
// it. Only the loop's goroutine may call it.
func (l *Loop) Own(c io.Closer) {
	switch {
	case c == nil:
		panic("loop: Own of nil")
	case !reflect.ValueOf(c).Comparable():
		panic(fmt.Sprintf("loop: Own of a %T, which can't be compared: own a pointer to it", c))
	}
	l.arrived++
	l.owned[c] = l.arrived
}

// Disown takes back Own, for what has come to its own end. For what the loop
// doesn't own it does nothing. Only the loop's goroutine may call it.
func (l *Loop) Disown(c io.Closer) {
	if reflect.ValueOf(c).Comparable() { // or the map panics
		delete(l.owned, c)
	}
}

// Closed reports whether Close has begun.
func (l *Loop) Closed() bool { return l.state != open }

// Close ends what lives on the loop, the newest first, and releases its
// descriptors. Callbacks and timers that wait never run. A second Close does
// nothing; on a running loop it is ErrRunning.
func (l *Loop) Close() error {
	if !l.running.CompareAndSwap(false, true) {
		return fmt.Errorf("loop: close: %w", ErrRunning)
	}
	defer l.running.Store(false)
	if l.state == closed {
		return nil
	}
	l.setState(closing)
	l.closeOwned()
	l.reportUnread(l.unread)
	l.reportForgotten()
	l.ready, l.spare, l.unread = nil, nil, nil
	l.timers.drop()
	l.setState(closed)
	if err := l.selector.Close(); err != nil {
		return fmt.Errorf("loop: %w", err)
	}
	return nil
}

func (l *Loop) setState(s state) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state = s
	l.outside = nil
}

// closeOwned goes on until nothing is left: what is closed may leave something
// new behind.
func (l *Loop) closeOwned() {
	for len(l.owned) > 0 {
		newest := slices.SortedFunc(maps.Keys(l.owned), func(a, b io.Closer) int {
			return cmp.Compare(l.owned[b], l.owned[a])
		})
		for _, c := range newest {
			if _, still := l.owned[c]; still {
				l.Disown(c)
				l.closeOne(c)
			}
		}
	}
}

func (l *Loop) closeOne(c io.Closer) {
	defer func() {
		if v := recover(); v != nil {
			l.CallExceptionHandler(Exception{"panic while the loop closed", asError(v), debug.Stack()})
		}
	}()
	if err := c.Close(); err != nil {
		l.CallExceptionHandler(Exception{"the loop closed", err, nil})
	}
}
