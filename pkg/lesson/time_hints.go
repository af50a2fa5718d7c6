package lesson

var timeHints = map[string]Hints{
	"L06": {
		"Where do you keep a timer until it is due, and which of them do you look at first?",
		"CallLater puts it into the heap, with the time at which it is due. In a round, take timers off the heap as long as the first one is due, and put their callbacks into the queue.",
		"`heap.Push(&l.timers, &timer{when: l.clock.Now() + d, fn: fn})`, and after select `for now := l.clock.Now(); len(l.timers) > 0 && l.timers[0].when <= now; { t := heap.Pop(&l.timers).(*timer); l.CallSoon(t.fn) }`.",
	},
	"L13": {
		"What does select get if the queue holds something? If there is a timer? If there is none?",
		"0 with something in the queue; otherwise the time from now to the first timer; without a timer a negative time, which means no limit.",
		"`if len(l.ready) > 0 { return 0 }; if len(l.timers) == 0 { return -1 }; return max(0, l.timers[0].when-l.clock.Now())`. It is exact: the selector rounds up.",
	},
	"L30": {
		"Two timers are due at the same time. By what do you tell which was set first?",
		"Number the timers as they are set, and never use a number twice. The heap compares the times, and for equal times the numbers.",
		"`func (h timers) Less(i, j int) bool { if h[i].when != h[j].when { return h[i].when < h[j].when }; return h[i].number < h[j].number }`, and `l.calls++` in CallLater.",
	},
	"L07": {
		"When is a timer of -1 hour due, and when is one of 0?",
		"Both are due now. Less than 0 counts as 0, so that they run in the order of the calls, in the next round.",
		"`when := l.clock.Now() + max(0, d)`, and then into the heap like any other.",
	},
	"L02": {
		"A callback calls another soon while your round is at work. Into which list does that go?",
		"Into a new one. `l.ready[:0]` is the old list's memory: what is called soon overwrites what hasn't run yet.",
		"`batch := l.ready; l.ready = nil; for _, fn := range batch { fn() }`.",
	},
	"L28": {
		"What is now + d if d is the longest time that a time.Duration can hold?",
		"The sum overflows and becomes negative: due at once. Compare it with now, and take the latest time there is instead.",
		"`if when < now { when = math.MaxInt64 }`.",
	},
	"L08": {
		"Select has returned. How do you know that the first timer is due?",
		"Only the clock knows. Select may return for another reason, and early. Then the next round sleeps for what is left.",
		"`now := l.clock.Now()`, and take timers off the heap while `l.timers[0].when <= now`.",
	},
	"L12": {
		"A timer's callback sets a timer of 0. Is it due in this round?",
		"Collect what is due first, into the queue, behind what is there already. Then run the queue as it is now. What the callbacks add waits for the next round.",
		"In Round: select, then all that is due into l.ready, then `batch := l.ready; l.ready = nil; for _, fn := range batch { fn() }`, once.",
	},
	"L09": {
		"The first timer was due a while ago. What is when - now?",
		"It is negative, and to select a negative time means no limit. Late timers are due now: select only looks. They run in the order of their times, also before a timer of 0 that was set after them.",
		"`max(0, when-now)` for select. And a timer of 0 goes into the heap too, not straight into the queue.",
	},
	"L10": {
		"The timer is in the queue already when an earlier callback cancels it. What do you look at before you call it?",
		"Give each timer a flag. Cancel sets it, and what is in the queue looks at it. A timer that has run, or was canceled, can't be canceled.",
		"Let `t.fn` be the flag: cancel is `done := t.fn == nil; t.fn = nil; return !done`, and in the queue is `func() { if fn := t.fn; fn != nil { t.fn = nil; fn() } }`.",
	},
	"L11": {
		"Which timer's time does select get if the first one in the heap was canceled?",
		"Take canceled timers off the heap before you ask for the first one's time. Those further down may stay until they are the first.",
		"`for len(l.timers) > 0 && l.timers[0].fn == nil { heap.Pop(&l.timers) }`, before you look at l.timers[0].",
	},
	"L29": {
		"Do you take canceled timers out of the middle of the heap?",
		"Removing one there leaves a hole, and what fills it must find its place: heap.Remove does that, if you know the index. Simpler: leave it in, and pass over it when it is the first.",
		"Cancel only sets the flag: `t.fn = nil`. Use nothing but heap.Push and heap.Pop on the heap.",
	},
	"T38": {
		"The result has come. Who cancels the limit's timer?",
		"Make a Future for the caller. A callback on f ends it as f has ended, with its error too, even if that says for which reason f was canceled. When the caller's Future is done, a callback of it cancels the timer.",
		"`v, err := f.Result(); if err != nil { out.SetError(err) } else { out.SetResult(v) }` in f's callback, and `out.AddDoneCallback(func() { remove(); cancel() })`.",
	},
	"T23": {
		"The time is over, and f may stay pending for a year. What of yours is still on it?",
		"Set one timer in WaitFor itself, and don't look at f again and again. When it runs, end your own Future with os.ErrDeadlineExceeded, and leave f alone: others may wait for it. Then take your callback back: AddDoneCallback has returned a function for that.",
		"`remove := f.AddDoneCallback(…)`, and `out.AddDoneCallback(func() { remove(); cancel() })`: however out ends, nothing stays.",
	},
	"R11": {
		"The timer runs, and f is done, or will be before the round is over. What do you tell the caller?",
		"The result. So don't decide in the timer's callback: let it call you soon. In the next round all that happened in this one has happened. Then look whether f is done.",
		"`cancel := l.CallLater(d, func() { l.CallSoon(func() { if !f.Done() { out.SetError(os.ErrDeadlineExceeded) } }) })`.",
	},
	"T24": {
		"With a limit of 0, who is first: the result that is there, or the end of the time?",
		"Treat 0 like any other limit: CallLater takes it, and runs in the next round. There your callback looks whether f is done.",
		"No special case for 0 in WaitFor.",
	},
	"U14": {
		"Two wait for one Future. What happens to the second when the first runs out of time?",
		"Nothing. Each call of WaitFor makes a Future and a timer of its own, and only that Future times out.",
		"`out := future.New(l)` and `return out`. On f, call nothing but AddDoneCallback, Done and Result.",
	},
	"U07": {
		"The caller cancels the Future that you returned. Who tells you?",
		"That Future itself: it is done, so it runs its callbacks. If the clean-up is one of them, it runs however the Future ends. What you had called soon before that finds it done: SetResult and SetError say so, which is no trouble.",
		"`out.AddDoneCallback(func() { remove(); cancel() })`, and no clean-up anywhere else.",
	},
}
