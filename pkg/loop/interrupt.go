package loop

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"stepwise/pkg/selector"
	"stepwise/pkg/site"
)

// Interrupt makes the current Run or Round return an *InterruptedError at the end of
// its round: what Ctrl-C is to a program, Interrupt is to a loop. The loop is as good
// as before, and can be run again. On a loop that doesn't run, it does nothing. It
// can't end a callback that never returns. Any goroutine may call it.
func (l *Loop) Interrupt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.running.Load() {
		l.interrupted.Store(true)
		_ = l.rouse()
	}
}

// interruption is the error of a round in which Interrupt was called; otherwise nil.
func (l *Loop) interruption() error {
	if !l.interrupted.Swap(false) {
		return nil
	}
	err := &InterruptedError{l.Where()}
	if tell := l.tell.Swap(nil); tell != nil {
		(*tell)(err)
	}
	return err
}

// InterruptedError is how Run ends after an Interrupt.
type InterruptedError struct{ Where Snapshot }

func (e *InterruptedError) Error() string {
	return "loop: run: interrupted while " + e.Where.String()
}

// A Snapshot says where a loop stands: what it has to run, and what it waits for.
type Snapshot struct {
	Ready  int              // callbacks that the next round runs
	Timers int              // timers that are pending
	Next   time.Duration    // until the first of them; 0 if there is none, or if it is due
	Fds    []selector.Ready // the watched descriptors, in order; Data is nil
	Tasks  []string         // what each task that is alive awaits, the oldest first
}

// Where says where l stands. Only the loop's goroutine may call it.
func (l *Loop) Where() Snapshot {
	s := Snapshot{Ready: len(l.ready), Tasks: l.awaited()}
	if when, ok := l.timers.next(); ok {
		s.Timers = len(l.timers.heap) - l.timers.canceled
		s.Next = until(when, l.clock.Now())
	}
	for _, fd := range slices.Sorted(maps.Keys(l.watches)) {
		s.Fds = append(s.Fds, selector.Ready{FD: fd, Events: l.watches[fd].interest()})
	}
	return s
}

func (l *Loop) awaited() (tasks []string) {
	for _, one := range l.site.Owned() {
		if w, ok := one.(site.Waiter); ok {
			tasks = append(tasks, w.Waits())
		}
	}
	return tasks
}

// String is the snapshot in words: a line, and then one for each task.
func (s Snapshot) String() string {
	const most = 10 // a server has thousands: nobody reads them all
	text := fmt.Sprintf("%s ready, %s, watching %s; %s alive",
		count(s.Ready, "callback"), s.timers(), s.watched(most), count(len(s.Tasks), "task"))
	for i, task := range s.Tasks {
		if i == most {
			return text + fmt.Sprintf("\n  and %d more", len(s.Tasks)-most)
		}
		text += "\n  a task awaits " + task
	}
	return text
}

func (s Snapshot) timers() string {
	if s.Timers == 0 {
		return "no timer"
	}
	return fmt.Sprintf("%s, the next in %v", count(s.Timers, "timer"), s.Next.Round(time.Millisecond))
}

func (s Snapshot) watched(most int) string {
	if len(s.Fds) == 0 {
		return "no descriptor"
	}
	var names []string
	for i, r := range s.Fds {
		if i == most {
			names = append(names, fmt.Sprintf("%d more", len(s.Fds)-most))
			break
		}
		names = append(names, fmt.Sprintf("fd %d to %s", r.FD, strings.ReplaceAll(r.Events.String(), "+", " and ")))
	}
	return strings.Join(names, ", ")
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
