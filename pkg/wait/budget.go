package wait

import (
	"stepwise/pkg/coro"
	"stepwise/pkg/task"
)

// Budget keeps a task from starving the others when everything it asks for is
// ready, so that it never has to wait. The name is tokio's. The zero value is a full
// Budget. Only the loop's goroutine may call its methods.
//
// A task that passes things on may pay from two, that of a queue and that of a socket, and
// so gets half as far in a turn as the one that fills the queue. Where the queue must not
// grow, have the filler call task.Checkpoint after each item instead. Against many fillers,
// have the task that empties the queue take all that is there, by GetNowait: in a turn each of
// them may put an item in, and Get takes at most 32 out.
type Budget struct{ spent int }

// Spend comes before a call that may not have to wait. It returns at once 32 times
// in a row; the next call lets everything else that is ready run first. Errors are
// those of task.Checkpoint.
func (b *Budget) Spend(yield coro.Yield) error {
	const inARow = 32
	if yield == nil {
		return task.ErrNoTask
	}
	if b.spent++; b.spent <= inARow {
		return nil
	}
	b.Renew()
	return task.Checkpoint(yield)
}

// Renew fills b up again: its task is about to wait, so the others get their turn.
func (b *Budget) Renew() { b.spent = 0 }
