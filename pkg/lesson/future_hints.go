package lesson

var futureHints = map[string]Hints{
	"U04": {
		"Who runs a callback: SetResult, or somebody else, a little later?",
		"Keep the callbacks in a slice, in the order in which they come. When the result is there, hand each to the scheduler's CallSoon.",
		"In SetResult: note the value and that you are done; `for _, fn := range f.callbacks { f.s.CallSoon(fn) }`; then forget them.",
	},
	"U01": {
		"What does your Result return while there is none?",
		"Let a flag say whether the future is done. The value can't: nil is a result too.",
		"`if !f.done { return nil, future.ErrNotReady }`.",
	},
	"U02": {
		"Can your future end twice? In how many ways?",
		"Three methods end it. Let all three go through one place, which refuses when it is done.",
		"`func (f *Future) finish(value any, err error) error { if f.done { return future.ErrDone } … }`, and let SetResult, SetError and Cancel call it.",
	},
	"U03": {
		"To cancel is to end. What does an end always do?",
		"A canceled future has an error, future.ErrCanceled, and its callbacks run like those of any other.",
		"`func (f *Future) Cancel() bool { return f.finish(nil, future.ErrCanceled) == nil }`.",
	},
	"U05": {
		"Somebody adds a callback after the end. Who will ever call it?",
		"You know already that the future is done, so don't keep the callback: hand it to the scheduler.",
		"In AddDoneCallback: `if f.done { f.s.CallSoon(fn); return }`, before you append.",
	},
	"U06": {
		"A callback may end another future, whose callback ends another one. On whose stack are all these calls?",
		"If SetResult calls the callback, each call is inside the one before. If the scheduler does, each has returned before the next begins.",
		"Call no callback anywhere: only `f.s.CallSoon(fn)`.",
	},
	"U08": {
		"When a callback runs, is the future done or not?",
		"It is done before its callbacks run. So a callback that a callback adds is a late one.",
		"Set the flag before you hand the callbacks to the scheduler.",
	},
	"U10": {
		"Where do you keep an error, and who may see it?",
		"Result returns two values. An error has a place of its own beside the value, and nil isn't an error: refuse it.",
		"`func (f *Future) SetError(err error) error { if err == nil { return future.ErrNilError }; return f.finish(nil, err) }`.",
	},
	"U16": {
		"Two futures exist at the same moment. Which of your variables do they share?",
		"Each has a result and callbacks of its own: they are fields of the struct.",
		"`type Future struct { s future.Scheduler; done bool; value any; err error; callbacks []func() }`, and no variables of the package.",
	},
}
