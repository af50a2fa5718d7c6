package lesson

var taskHints = map[string]Hints{
	"T01": {
		"Send returns false: the body has ended. Where is its result, and who waits for it?",
		"`c.Result()` returns it. Put it into done: the value with SetResult, an error with SetError.",
		"`if !more { value, err := c.Result(); if err == nil { done.SetResult(value) } else { done.SetError(err) }; return }`.",
	},
	"T33": {
		"The coroutine has yielded a Future, and sleeps. When does it go on, and what makes it?",
		"Add a callback to the Future that calls step again, with the Future's result. Then return: there is nothing more to do.",
		"`f.AddDoneCallback(func() { value, err := f.Result(); step(c, done, value, err) })`.",
	},
	"T34": {
		"step gets a value and an error. Which of them do you hand to the coroutine?",
		"An error goes in through Throw, a value through Send.",
		"`if err != nil { out, more = c.Throw(err) } else { out, more = c.Send(value) }`.",
	},
	"T04": {
		"The body ends with future.ErrCanceled. Does done end, and with what?",
		"A cancellation is an end like any other: what the body returns is what done must say.",
		"Hand every error to SetError: `if err != nil { done.SetError(err) }`. It cancels done if that is what the error says.",
	},
	"T37": {
		"How do you find out that an error is a cancellation, and do you have to?",
		"done.Cancel() says canceled, and forgets why. What keeps the whole error?",
		"`done.SetError(err)` for every error: it cancels done if err holds future.ErrCanceled, and keeps the rest.",
	},
	"T05": {
		"step is called with future.ErrCanceled. Who decides whether that is the end?",
		"The body: it may clean up, or try something else. Hand it the cancellation like any other error, and end done only when the body has ended.",
		"`if err != nil { out, more = c.Throw(err) }`, for every error, and no look at which one it is before that.",
	},
	"T35": {
		"The body yields nil. There is nothing to wait for, so why does it yield?",
		"It lets the others have their turn. Have step called soon, not at once.",
		"`if out == nil { done.Scheduler().CallSoon(func() { step(c, done, nil, nil) }); return }`.",
	},
	"T11": {
		"What if the body yields something that isn't a Future? Whose mistake is it, and who should hear of it?",
		"The body's, so tell the body: its yield returns an error.",
		"`f, ok := out.(*future.Future)`; if it isn't ok: `done.Scheduler().CallSoon(func() { step(c, done, nil, task.ErrNotAwaitable) })`.",
	},
	"U06": {
		"The Future is done already, so you could go on at once. In which call would you be then?",
		"Inside step, which would call step, which would call step. Add a callback as always: the Future hands it to the scheduler, and step has returned by then.",
		"Don't ask `f.Done()`. Only `f.AddDoneCallback(…)`.",
	},
	"U14": {
		"Two coroutines wait for one Future. What does each leave with it?",
		"A callback of its own, which knows its own coroutine. A Future has room for any number.",
		"Let the callback be a closure over c and done: nothing in a variable that two tasks share.",
	},
	"G03": {
		"Where does a panic in the body end up?",
		"The coroutine catches it: Send returns false, and Result an error, as at any other end.",
		"It needs no code of its own: when Send returns false, put the error of `c.Result()` into done.",
	},
}
