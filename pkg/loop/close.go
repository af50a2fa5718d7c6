package loop

import (
	"fmt"
	"io"
	"runtime/debug"
)

// Closed reports whether Close has begun.
func (l *Loop) Closed() bool { return l.state != open }

// Close ends everything that lives on the loop, the newest first, and releases the
// loop's descriptors. Pending callbacks and timers never run. A second Close does
// nothing; on a running loop Close returns ErrRunning.
func (l *Loop) Close() error {
	if !l.running.CompareAndSwap(false, true) {
		return fmt.Errorf("loop: close: %w", ErrRunning)
	}
	defer l.running.Store(false)
	if l.state == closed {
		return nil
	}
	l.setState(closing)
	l.site.Close(l.closeOne)
	l.ready, l.spare = nil, nil
	l.timers.drop()
	l.setState(closed)
	if e := l.events; e != nil {
		e.End()
	}
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
