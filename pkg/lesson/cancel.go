package lesson

// Lesson 15 judges two things: a task that can be canceled, in cancel_task.go, and a
// group, in cancel_group.go. Read task.go first.

import (
	"errors"
	"fmt"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/task"
)

// Cancelable is what lesson 15 builds: the task of lesson 07, which can be canceled too.
//
// Step resumes the coroutine. Cancel has its pending wait, or else its next one, return
// future.ErrCanceled, with a reason unless cause is nil, and reports whether the task was
// still alive.
type Cancelable interface {
	Step(value any, err error)
	Cancel(cause error) bool
}

// Cancel judges lesson 15: how do you stop something that waits?
var Cancel = Lesson{
	Number: 15, Name: "cancel", Code: "task",
	Question: "how do you stop something that waits?",
	Able:     "stop a task, and everything that it has begun",
	Noun:     "task or group",
	Judges:   "NewTask, Group", Wrong: wrongCancels, Hints: cancelHints,
	Needs: map[string][]string{
		"T37": {"T04", "T03", "T35"}, "T13": {"T04"}, "T12": {"T04"}, "T05": {"T04"}, "T06": {"T04"}, "T09": {"T04"}, "U14": {"T04"},
		"U16": {"T38"}, "T20": {"T38"}, "T22": {"T20"}, "T39": {"T38"}, "T40": {"T38"}, "T41": {"T38"}, "T21": {"T20"}, "T42": {"T20"}, "T43": {"T20", "T40"},
		"T46": {"T20", "T40"}, "T47": {"T40"},
	},
	Cases: []Case{
		{"T01", "all that lesson 07 judges", "a task that can be canceled is a task first", cancelAsBefore},
		{"T04", "canceled while it waits", "the body sleeps on, and its clean-up never runs; or what it waited for goes on without it", onEngine(cancelWaits)},
		{"T03", "canceled before it begins", "a task that was given up still does its work", onEngine(cancelEarly)},
		{"T35", "canceled at a bare yield", "it waits for nothing that could be canceled, and yet it must hear of it", onEngine(cancelBare)},
		{"T37", "canceled for a reason", "code that sees only the cancellation can't tell a time limit from a Ctrl-C", onEngine(cancelCause)},
		{"T08", "the body cancels itself", "the cancellation is lost, or the coroutine is resumed while it runs", onEngine(cancelSelf)},
		{"T06", "what it waits for is done already", "between a result and the step that brings it there is a round, in which a cancellation is lost", onEngine(cancelLate)},
		{"T09", "canceled twice, before it has its turn", "the second one hits the clean-up", onEngine(cancelTwice)},
		{"T05", "the body goes on", "whether a cancellation is the end is for the body to say, each time", onEngine(cancelSwallowed)},
		{"T13", "the clean-up waits", "a clean-up that is cut short leaves behind what it should remove", onEngine(cancelCleanUp)},
		{"T12", "the clean-up fails", "its error is hidden by the cancellation", onEngine(cancelFails)},
		{"T07", "canceled after its end", "a result that was read already changes, or ended code is resumed", onEngine(cancelEnded)},
		{"U14", "one of two tasks", "a cancellation reaches the wrong task", onEngine(cancelOne)},
		{"T38", "a group waits for all", "a task outlives its block, and nobody hears of its end", onEngine(groupWaits)},
		{"U16", "two groups at once", "what two groups share, one takes away from the other", onEngine(groupTwo)},
		{"T20", "a task of the group fails", "the others work on for nothing, or still hold what the block has given free", onEngine(groupFails)},
		{"T22", "more than one fails", "an error that nobody returns is lost", onEngine(groupErrors)},
		{"T39", "the block fails", "its tasks work on for nothing", onEngine(groupBlockFails)},
		{"T40", "the group is canceled from outside", "the code that cancels a task wants all of it to end", onEngine(groupCanceled)},
		{"T47", "canceled from outside twice, while a task cleans up", "a clean-up holds what it works with, however often the group is canceled", onEngine(groupTwice)},
		{"T41", "a task of the group is canceled", "in a group, a canceled task has not failed: the others have to go on", onEngine(groupChildCanceled)},
		{"T21", "a task is started too late", "a group that is over never waits for it", onEngine(groupLate)},
		{"T42", "the task goes on after a group that failed", "the group's own cancellation hits code that has nothing to do with it", onEngine(groupAfter)},
		{"T43", "canceled while a failed group ends", "the caller must hear both: that it was told to stop, and what has failed", onEngine(groupBoth)},
		{"T46", "a task fails, and the group is canceled from outside, at nearly the same time", "code that takes back its own cancellation may take back that of others too", onEngine(groupAtOnce)},
	},
}

// job is a task under trial: its end, how it is canceled, and whether its coroutine has
// ended.
type job struct {
	end    task.Awaitable
	cancel func(cause error) bool
	over   func() bool
}

// job makes a task of body: the library's, if there is no other.
func (e *engine) job(body coro.Body) job {
	if e.impl.NewTask == nil {
		t := task.Spawn(e.Loop, body)
		return job{t, t.CancelCause, t.Done}
	}
	c, done := coro.New(body), future.New(e.Loop)
	e.Site().Own(&ending{c})
	t := e.impl.NewTask(c, done)
	e.CallSoon(func() { t.Step(nil, nil) })
	return job{done, t.Cancel, func() bool { _, err := c.Result(); return !errors.Is(err, coro.ErrNotFinished) }}
}

// canceled cancels j, which is alive, and expects to hear that it was.
func (j job) canceled(tried string, cause error) {
	if !j.cancel(cause) {
		fail(tried, "false from Cancel", "true: the task was alive", nil)
	}
}

// listening makes a body that waits for each of these in turn, whatever comes, notes what
// comes, and returns "the end".
func listening(notes *[]string, waits ...any) coro.Body {
	return func(yield coro.Yield) (any, error) {
		for _, a := range waits {
			v, err := yield(a)
			if *notes = append(*notes, waitEnded(v, err)); len(*notes) > 100 {
				return nil, err
			}
		}
		return "the end", nil
	}
}

// waitEnded is how a wait ended: its value, or which kind of error.
func waitEnded(v any, err error) string {
	switch {
	case errors.Is(err, future.ErrCanceled):
		return "canceled"
	case err != nil:
		return err.Error()
	}
	return fmt.Sprint(v)
}
