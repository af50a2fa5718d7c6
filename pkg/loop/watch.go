package loop

import (
	"fmt"

	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
)

// AddReader runs fn in each round in which fd is readable, until RemoveReader:
// asyncio's add_reader. A reader and a writer of one descriptor are independent. The
// error is ErrBusy if fd has a reader, which is never replaced, ErrNilCallback,
// ErrClosed, or the selector's.
//
// Remove the reader before you close the descriptor. Only the loop's goroutine may
// call it.
func (l *Loop) AddReader(fd int, fn func()) error {
	return l.addWatch("add reader", fd, selector.Read, fn)
}

// AddWriter is AddReader for a descriptor that becomes writable.
func (l *Loop) AddWriter(fd int, fn func()) error {
	return l.addWatch("add writer", fd, selector.Write, fn)
}

// RemoveReader ends what AddReader began, and reports whether there was a reader. The
// callback never runs afterwards, even if it is due in the current round. Only the
// loop's goroutine may call it.
func (l *Loop) RemoveReader(fd int) bool { return l.removeWatch(fd, selector.Read) }

// RemoveWriter ends what AddWriter began, as RemoveReader does.
func (l *Loop) RemoveWriter(fd int) bool { return l.removeWatch(fd, selector.Write) }

// watch is one descriptor with a reader, a writer or both.
//
// Invariant: a descriptor is registered with the selector exactly as long as it is in
// Loop.watches, for the events that it has callbacks for, and with its *watch as data.
//
// Each AddReader makes a new entry, so that a turn in the ready queue can tell that its
// reader is gone, even if another has taken its place: one callback of a round may
// close the descriptor of the next.
type watch struct{ reader, writer *entry } // never both nil

func (w *watch) side(event selector.Events) **entry {
	if event == selector.Read {
		return &w.reader
	}
	return &w.writer
}

func (w *watch) interest() (events selector.Events) {
	if w.reader != nil {
		events |= selector.Read
	}
	if w.writer != nil {
		events |= selector.Write
	}
	return events
}

func (l *Loop) addWatch(op string, fd int, event selector.Events, fn func()) error {
	if err := l.watch(fd, event, fn); err != nil {
		return fmt.Errorf("loop: %s of fd %d: %w", op, fd, err)
	}
	*l.watches[fd].side(event) = &entry{fn: fn, by: l.tellScheduled(fn)}
	if e := l.events; e != nil {
		e.Watched(fd, event)
	}
	return nil
}

// watch makes the selector watch fd for event too, unless fn can't be added.
func (l *Loop) watch(fd int, event selector.Events, fn func()) (err error) {
	w := l.watches[fd]
	switch {
	case l.state != open:
		return ErrClosed
	case fn == nil:
		return ErrNilCallback
	case w == nil:
		w = &watch{}
		if err = l.selector.Register(fd, event, w); err == nil {
			l.watches[fd] = w
		}
		return err
	case *w.side(event) != nil:
		return ErrBusy
	}
	if err = l.selector.Modify(fd, w.interest()|event, w); err != nil {
		l.lose(fd)
	}
	return err
}

func (l *Loop) removeWatch(fd int, event selector.Events) bool {
	w := l.watches[fd]
	if w == nil || *w.side(event) == nil {
		return false
	}
	(*w.side(event)).fn = nil
	*w.side(event) = nil
	if e := l.events; e != nil {
		e.Unwatched(fd, event)
	}
	if rest := w.interest(); rest == 0 {
		delete(l.watches, fd)
		_ = l.selector.Unregister(fd) // fails only for what it has lost already
	} else if l.selector.Modify(fd, rest, w) != nil {
		l.lose(fd)
	}
	return true
}

// lose forgets a descriptor that was closed while it was watched, and runs its
// callbacks once, so that they try again and get the kernel's error instead of waiting
// forever.
func (l *Loop) lose(fd int) {
	w := l.watches[fd]
	delete(l.watches, fd)
	if e := l.events; e != nil && w.interest() != 0 {
		e.Unwatched(fd, w.interest())
	}
	l.queueSides(fd, w, selector.Read|selector.Write)
}

// queueWatch queues the callbacks of a descriptor that select has reported.
func (l *Loop) queueWatch(fd int, w *watch, ready selector.Events) {
	if e := l.events; e != nil {
		e.Ready(fd, ready)
	}
	l.queueSides(fd, w, ready)
}

func (l *Loop) queueSides(fd int, w *watch, ready selector.Events) {
	if ready&selector.Read != 0 && w.reader != nil {
		l.queue(handle{entry: w.reader}, probe.Read, fd, w.reader.by)
	}
	if ready&selector.Write != 0 && w.writer != nil {
		l.queue(handle{entry: w.writer}, probe.Write, fd, w.writer.by)
	}
}
