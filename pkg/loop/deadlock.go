package loop

import (
	"fmt"

	"stepwise/pkg/site"
)

// DeadlockError is ErrDeadlock together with the tasks that will wait forever.
type DeadlockError struct {
	// Tasks says of each task that is alive who it is and what it awaits, the oldest
	// first: "task main.crawl awaits an item of a queue"; in debug mode also where it
	// was made.
	Tasks []string
}

// Error is ErrDeadlock's, and below it a line for each of the first ten tasks.
func (e *DeadlockError) Error() string {
	const most = 10
	text := ErrDeadlock.Error()
	for i, task := range e.Tasks {
		if i == most {
			return text + fmt.Sprintf("\n  and %d more", len(e.Tasks)-most)
		}
		text += "\n  " + task
	}
	return text
}

// Unwrap returns ErrDeadlock, for errors.Is.
func (e *DeadlockError) Unwrap() error { return ErrDeadlock }

// deadlock is the error of a loop that nothing can wake. The tasks are asked at once: when
// the error is read, they may have ended with the loop.
func (l *Loop) deadlock() error {
	e := &DeadlockError{}
	for _, one := range l.site.Owned() {
		if w, ok := one.(site.Waiter); ok {
			e.Tasks = append(e.Tasks, nameOf(w)+" awaits "+w.Waits())
		}
	}
	return e
}

func nameOf(w site.Waiter) string {
	if named, ok := w.(fmt.Stringer); ok {
		return named.String()
	}
	return "a task"
}
