package lesson

var cancelHints = map[string]Hints{
	"T01": {
		"Your task is the task of lesson 07 first. Does your step of that lesson pass `%test 07`?",
		"Copy it, and make its parameters fields: c and done are the same in each step of a task.",
		"`func (t *Task) Step(value any, err error)`, with Throw for an error, Send for a value, AddDoneCallback for a Future, CallSoon for nil and for anything else.",
	},
	"T04": {
		"The body sleeps at its yield. What wakes it in lesson 07, when the Future that it waits for is canceled?",
		"Keep that Future in a field of the task, and let Cancel cancel it. Its callback is there already, and brings the error to the body in the next round.",
		"`t.waiting = f` before AddDoneCallback, `t.waiting = nil` in the callback, and `t.waiting.CancelCause(cause)` in Cancel.",
	},
	"T03": {
		"The loop will make the first step soon, and nothing is awaited yet. Where does a Cancel go meanwhile?",
		"Keep it in a field, and look at that field at the beginning of each step. An error that is thrown into a coroutine that has not begun ends it, so Cancel itself has nothing to end.",
		"In Cancel: `t.pending = future.CanceledBy(cause)`. In Step, first of all: `if t.pending != nil { err, t.pending = t.pending, nil }`.",
	},
	"T35": {
		"At a bare yield the body waits for its turn, and for no Future. What is there to cancel?",
		"Nothing: keep the cancellation, and throw it in at the next step, which the loop makes anyway. And then forget it.",
		"`if t.waiting == nil || !t.waiting.CancelCause(cause) { t.pending = future.CanceledBy(cause) }`, with waiting nil after a bare yield.",
	},
	"T37": {
		"Cancel gets a cause. On which ways does a cancellation reach the body, and does the cause come along on each?",
		"A Future takes it by CancelCause. An error that you keep for the next step is future.CanceledBy(cause), which for nil is future.ErrCanceled itself.",
		"`t.pending = future.CanceledBy(cause)`; and at the end `done.SetError(err)` with the body's own error, not `done.Cancel()`.",
	},
	"T08": {
		"The body runs while Cancel is called, so it can't be resumed now. When is the next time that it can?",
		"At its next yield. If a Future comes out while a cancellation is kept, cancel that Future at once: its callback does the rest.",
		"After AddDoneCallback: `if t.pending != nil && f.CancelCause(t.pending) { t.pending = nil }`. CancelCause returns false for a Future that is done: then keep the cancellation for the next step.",
	},
	"T06": {
		"The Future is done, and its callback is in the ready queue. What does the Future's CancelCause return then?",
		"False. The step comes with the Future's result or error, and must bring the cancellation instead. Neither is lost: the Future keeps it.",
		"`if t.waiting == nil || !t.waiting.CancelCause(cause) { t.pending = future.CanceledBy(cause) }`.",
	},
	"T09": {
		"After the first Cancel the Future is canceled, and the step is on its way. What does the second one do, and what becomes of it?",
		"It is kept for the next step, which brings a cancellation anyway. One error is enough for both. The task is still alive, so the second Cancel returns true as well.",
		"At the beginning of Step, `if t.pending != nil { err, t.pending = t.pending, nil }`: it takes the place of what the Future says.",
	},
	"T05": {
		"The body has got a cancellation, and waits again. What does your task still know of the first one?",
		"Nothing may be left: the next wait is a wait like any other, and the next Cancel a Cancel like any other.",
		"No field such as `canceled` that stays true. `pending` is nil once it has been thrown in.",
	},
	"T13": {
		"The body is canceled, and its clean-up yields. Who ends done, and when?",
		"Only the end of the coroutine ends done, as in lesson 07. Cancel touches it never.",
		"In Cancel there is neither `t.done.CancelCause` nor `t.c.Close()`: wake the body, and wait for it.",
	},
	"T12": {
		"The body was canceled, and returns another error. Which of the two is the task's end?",
		"The one that the body returns. It has heard of the cancellation and knows better.",
		"`value, err := t.c.Result()`, and `t.done.SetError(err)`, whatever was canceled before.",
	},
	"T07": {
		"What does Cancel change when the body has returned, and what does it report?",
		"Nothing, and false.",
		"`if t.done.Done() { return false }`, as the first line.",
	},
	"U14": {
		"Two tasks wait for two Futures. Where does each keep its own?",
		"In a field of its own: a variable that all tasks share holds what the last one has begun to wait for.",
		"`type Task struct { …; waiting *future.Future; pending error }`, and a new one in each NewTask.",
	},
	"T38": {
		"When is the last task of the group over, if a task can start another one?",
		"Count: one more in start, one less in the callback of each end. Then wait for a Future that the callback ends when the count is 0. If you run the block as one of the tasks, the count is never 0 too early.",
		"`for alive > 0 { idle = future.New(l); task.Await(yield, idle) }`, and `alive--; if alive == 0 { idle.SetResult(nil) }` in the callback.",
	},
	"U16": {
		"Two groups are open at once. Which of your variables belong to one of them?",
		"All of them: the tasks, the count, the errors and the Future that the group waits for. They are made anew in each call of Group.",
		"Local variables of Group, which the functions in it share; or the fields of a struct that Group makes.",
	},
	"T20": {
		"A task has failed. Who is told of it, and who is still waiting for something?",
		"Its end calls your callback. There, cancel all the others, the block too, and go on waiting until all have ended.",
		"In the callback: `if _, err := t.Result(); future.WithoutCancel(err) != nil { keep it, and for each of the tasks t.Cancel() }`.",
	},
	"T22": {
		"A task fails while the others clean up. Where does its error go, and what happens to the others?",
		"Into a list, with the first one. The others have been canceled already; a second Cancel would hit their clean-up.",
		"`errs = append(errs, err); if !over { over = true; cancel all }`, and `return errors.Join(errs...)`.",
	},
	"T39": {
		"The block returns an error. Is that different from a task that fails?",
		"No: keep the error, cancel all, wait for all.",
		"Run the block as the first task of the group: `start(func(yield coro.Yield) (any, error) { return nil, block(yield, start) })`.",
	},
	"T40": {
		"The group waits, and its own task is canceled. What does your wait return, and what then?",
		"The cancellation. Keep that error, which may have a reason, as one of the group's, cancel all tasks, and wait again: they have not ended yet.",
		"`if _, err := task.Await(yield, idle); err != nil { errs = append(errs, err); cancel all }`, in the loop that runs until none is alive.",
	},
	"T47": {
		"The group waits for a clean-up, and its own task is canceled once more. What does your wait return, and what then?",
		"The cancellation again. Some tasks have still not ended, so wait again, however often that happens.",
		"The wait stands in a loop that only the count ends: `for alive > 0 { idle = future.New(l); if _, err := task.Await(yield, idle); err != nil { fail(err) } }`.",
	},
	"T41": {
		"A task ends with future.ErrCanceled, and no other has failed. Has something gone wrong?",
		"No: only that one task was given up. The others go on.",
		"`future.WithoutCancel(err)` is what an error says besides that something was canceled; nil if that is all.",
	},
	"T21": {
		"The group has failed, was canceled from outside, or is over. What happens to a task that is started now?",
		"Nobody would cancel it, or wait for it. So start does nothing then.",
		"`if over { return }` as the first line of start; over is set by the first failure, by a cancellation from outside, and at the end.",
	},
	"T42": {
		"A task of the group has failed, and the group has returned. What is left of the cancellation that you made?",
		"Nothing may be: not in the error, and not in the task. If you cancel the group's own task, take that back by Uncancel. It is easier if the block is a task of its own.",
		"`t.Cancel()` only for the tasks of the group, of which the block is the first; and `future.WithoutCancel(err)` for what each of them returns.",
	},
	"T43": {
		"A task has failed; then the group itself is canceled from outside. Which of the two does the caller have to hear of?",
		"Of both. A caller that finds only the failure would try again, although it was told to stop.",
		"Keep the error of your Await beside that of the task: `return errors.Join(errs...)`.",
	},
	"T46": {
		"You have canceled the group's own task, and so have others. How do you tell that there were two?",
		"By the count: Uncancel returns how many Cancels are left. If that is more than Cancelling was when the group began, others have canceled too, and future.ErrCanceled is among the group's errors.",
		"It is easier if the block is the first task of the group. Then only others cancel the group's own task, and each error of your Await comes from them.",
	},
}
