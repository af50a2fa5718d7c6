package lesson

var togetherHints = map[string]Hints{
	"T17": {
		"When a callback comes, how do you know which argument it belongs to?",
		"The results needn't be collected by the callbacks. When the last one has ended, each argument still knows its own: a.Result().",
		"After the wait: `for i, a := range as { values[i], _ = a.Result() }`. Before it, let each callback count `left--`, and end your Future with SetResult when `left == 0`.",
	},
	"T38": {
		"Which callback ends your Future if there is no argument?",
		"None. So there must be nothing to wait for.",
		"`if len(as) == 0 { return nil, nil }`, before you wait.",
	},
	"T39": {
		"What does AddDoneCallback do on a Task that is done already?",
		"It calls you too, soon. So you need no other way for those that are done. And nil is a result like any other.",
		"Add a callback to each argument, whether it is done or not, and set `left` to len(as) before the first.",
	},
	"T40": {
		"How many results does the caller want for gather(a, b, a)?",
		"Count arguments, not Tasks. A Task can have two callbacks, and both are called.",
		"No map: `left := len(as)`, a callback for each place, and the results in a loop over `as`.",
	},
	"T41": {
		"What happens at the first method that you call on a nil?",
		"Look at all arguments before you wait for any.",
		"`if a == nil { return nil, task.ErrNotAwaitable }`, in a loop of its own.",
	},
	"T18": {
		"The second fails while the first is pending. Where is your code at that moment?",
		"It must wait for all of them at once, by one Future of its own. The callback of whichever fails ends that Future; nobody cancels the others.",
		"In the callback: `if _, err := a.Result(); err != nil && failed == nil { failed = a }`, and then `if failed != nil || left == 0 { all.SetResult(nil) }`. That it is done already is no trouble.",
	},
	"T42": {
		"Two have failed before your task runs again. Which error do you return?",
		"The one whose callback came first. A loop over the arguments finds the first in their order.",
		"Keep the one that failed first: `if err != nil && failed == nil { failed = a }`.",
	},
	"T44": {
		"One of the arguments is canceled. What does its Result return?",
		"An error, future.ErrCanceled. It counts as failed, and you weren't canceled yourself.",
		"Treat it like every other error. Cancel the arguments only if task.Await on your own Future returns an error, and let callbacks end that Future by SetResult alone.",
	},
	"T19": {
		"Your task is canceled while it waits for your Future. What becomes of the arguments?",
		"They know nothing of it. Cancel each that hasn't ended, or they go on for nobody. And the error of your wait says why you were canceled: return that one.",
		"`if _, err := task.Await(yield, all); err != nil { for _, a := range as { a.Cancel() }; return nil, err }`.",
	},
	"T45": {
		"A callback has ended your Future. Then your task is canceled, before it runs. What does your wait return?",
		"The cancellation. It comes before what you have gathered, even before an error that you have gathered.",
		"Look at the error of task.Await on your own Future first. Only if it is nil, return what failed, or the results.",
	},
	"T43": {
		"Two tasks are in your gather at the same moment. Which of your variables do they share?",
		"Whatever stands outside of the function, there is one of.",
		"`left`, the Future, and the one that failed belong inside the function.",
	},
	"P01": {
		"How many places are free after each of your lines?",
		"A place that is free is taken without a wait: count down. Release gives it to the first that waits, or else counts up. Never both.",
		"Acquire: `if s.free > 0 { s.free--; return nil }`, and otherwise wait for a Future that you append to a list. Release: take the first Future from the list and end it by SetResult, or, if there is none, `s.free++`.",
	},
	"P02": {
		"Eleven wait. Which of them wakes at one Release?",
		"The one that came first, and only that one.",
		"`turn := s.waiting[0]; s.waiting = s.waiting[1:]`, once for each Release.",
	},
	"P03": {
		"Between Release and the step of the one that it wakes, another task calls Acquire. What does it find?",
		"Nothing that is free, if Release has given the place away: it didn't count up, and the woken one doesn't look again.",
		"After its wait, Acquire returns nil at once, without a loop and without `s.free--`.",
	},
	"P04": {
		"One in the middle of the line is canceled. What is still in your list, and how many places are there?",
		"It had no place, so it has none to give back. Its Future is canceled, and Release passes it over. The error of the wait says why it was canceled: return that one.",
		"In Acquire, after the wait, call Release only if the turn had come: `if _, none := turn.Result(); err != nil && none == nil { s.Release() }`.",
	},
	"P07": {
		"The first in your list is canceled, but has not run yet. What does SetResult on its Future return?",
		"An error: the Future has ended. Then the turn isn't given, and the next one must get it.",
		"`for len(s.waiting) > 0 { turn := s.waiting[0]; s.waiting = s.waiting[1:]; if turn.SetResult(nil) == nil { return } }`, and after the loop `s.free++`.",
	},
	"P05": {
		"Release has ended its Future, and then it was canceled. Who has the place?",
		"The canceled one, which goes away with an error. It must hand the place on.",
		"After the wait: `if _, none := turn.Result(); err != nil && none == nil { s.Release() }`. The Future says whether the turn had come, the error of the wait that the task was canceled.",
	},
	"P10": {
		"One that was canceled in its turn hands its place on. To whom, if the next one is canceled too?",
		"To the first in the line whose Future takes a result: the same search as in Release.",
		"Call Release for it: `if _, none := turn.Result(); err != nil && none == nil { s.Release() }`.",
	},
	"P06": {
		"As in P05, but nobody else waits. How many places are free at the end?",
		"The canceled one gives its place back as if it had been inside: by Release.",
		"`if _, none := turn.Result(); err != nil && none == nil { s.Release() }`.",
	},
	"P08": {
		"How many places has a semaphore that begins with 0, after one Release?",
		"One. The number at the start is no limit.",
		"`s.free++`, without a condition, where nobody waits.",
	},
	"P09": {
		"Which variables do two of your semaphores share?",
		"Each has its own count and its own line.",
		"Fields of the struct, and no variables of the package.",
	},
}
