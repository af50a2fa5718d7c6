package lesson

var taskHints = map[string]Hints{
	"T01": {
		"Send says false: the body has ended. Who has its result, and who waits for it?",
		"`c.Result()` has it. Put it into done: the value with SetResult, an error with SetError.",
		"`if !more { value, err := c.Result(); if err == nil { done.SetResult(value) } else { done.SetError(err) }; return }`.",
	},
	"T33": {
		"The coroutine has yielded a Future, and sleeps. When does it go on, and who sees to that?",
		"Add a callback to the Future that calls step again, with the Future's result. Then return: there is nothing else to do.",
		"`f.AddDoneCallback(func() { value, err := f.Result(); step(c, done, value, err) })`.",
	},
	"T34": {
		"step gets a value and an error. Which of them do you hand to the coroutine?",
		"An error goes in through Throw, a value through Send.",
		"`if err != nil { out, more = c.Throw(err) } else { out, more = c.Send(value) }`.",
	},
	"T04": {
		"What does SetError say when the error is future.ErrCanceled? Look at what it returns.",
		"It refuses: to be canceled is a state of its own, and only Cancel leads there. So done stays pending for ever.",
		"`if errors.Is(err, future.ErrCanceled) { done.Cancel() }`, before you call SetError.",
	},
	"T35": {
		"The body yields nil. There is nothing to wait for, so why does it yield?",
		"It lets the others have their turn. Have step called soon, and not at once.",
		"`if out == nil { done.Scheduler().CallSoon(func() { step(c, done, nil, nil) }); return }`.",
	},
	"T11": {
		"What if what comes out is no Future at all? Whose mistake is it, and who should hear of it?",
		"The body's, so tell the body: its yield returns an error.",
		"`f, ok := out.(*future.Future)`; if it isn't ok: `done.Scheduler().CallSoon(func() { step(c, done, nil, task.ErrNotAwaitable) })`.",
	},
	"U06": {
		"The Future is done already, so you could go on at once. In which call do you stand then?",
		"Inside of step, which would call step, which would call step. Add a callback as always: the Future hands it to the scheduler, and step has returned by then.",
		"Don't ask `f.Done()`. Only `f.AddDoneCallback(…)`.",
	},
	"U14": {
		"Two coroutines wait for one Future. What does each leave with it?",
		"A callback of its own, that knows its own coroutine. A Future has room for any number.",
		"Let the callback be a closure over c and done: nothing in a variable that two tasks share.",
	},
	"G03": {
		"Where does a panic of the body end up?",
		"The coroutine catches it: Send says false, and Result has an error, like any other end.",
		"Nothing of its own: when Send says false, put the error of `c.Result()` into done.",
	},
}
