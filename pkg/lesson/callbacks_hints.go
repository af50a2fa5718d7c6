package lesson

var callbacksHints = map[string]Hints{
	"S01": {
		"What do you register with the selector, and what do you find in a Ready when the descriptor is ready?",
		"Register the descriptor for selector.Read, with the reader as data. In a round, put the reader of each Ready into the ready queue, and run the queue.",
		"`l.selector.Register(fd, selector.Read, r)` in AddReader, `r := ready.Data.(*reader)` in Round. It stays registered until somebody removes it.",
	},
	"L01": {
		"Who runs what was given to CallSoon: CallSoon, or a round?",
		"CallSoon only keeps it, behind the others. A round runs what is kept, from the front.",
		"`func (l *Loop) CallSoon(fn func()) { l.ready = append(l.ready, fn) }`.",
	},
	"L02": {
		"Your round walks along the queue. What if the queue grows while it does?",
		"Take the queue away before you run it, and leave an empty one for what is added meanwhile. The next round runs that.",
		"`batch := l.ready; l.ready = nil; for _, fn := range batch { … }`, and no loop around it.",
	},
	"L03": {
		"A round takes the queue away. Does it take the array below the slice away too?",
		"`l.ready[:0]` is empty, but the next append writes over what the round still has to run. Begin with a new queue.",
		"`batch := l.ready; l.ready = nil; for _, fn := range batch { … }`.",
	},
	"L26": {
		"Select has failed. What of your loop has changed by then, and who changes it back?",
		"Take the queue away after Select has succeeded, not before it. And the flag that says a round is running must go down on every way out.",
		"`l.running = true; defer func() { l.running = false }()`, then `ready, err := l.selector.Select(timeout); if err != nil { return err }`, and only after it `batch := l.ready; l.ready = nil`.",
	},
	"L14": {
		"What do you tell Select when the queue holds something? And when it doesn't?",
		"With something to run, Select must only look: a time of 0. Otherwise it may sleep without a limit: a negative one.",
		"`timeout := time.Duration(-1); if len(l.ready) > 0 { timeout = 0 }`. Count Stop as something to do as well.",
	},
	"R08": {
		"What happens to the first reader when you add the second?",
		"A descriptor has one reader. The selector refuses a second registration by itself, so check its error.",
		"`if err := l.selector.Register(fd, selector.Read, r); err != nil { return err }`, before you write anything into your map.",
	},
	"S07": {
		"Two know of a reader: your loop and the selector. Which of them did you tell?",
		"A map from descriptor to reader says whether there is one: that is what RemoveReader returns. Tell the selector as well.",
		"`if l.readers[fd] == nil { return false }; delete(l.readers, fd); l.selector.Unregister(fd); return true`.",
	},
	"S14": {
		"Both were ready, so both are in the queue. How does the second learn that it was removed?",
		"Give each reader a flag of its own. RemoveReader sets it, and what is in the queue looks at it before it calls the reader.",
		"Put `func() { if !r.removed { r.fn() } }` into the queue, where r is a pointer to the reader's struct.",
	},
	"S15": {
		"The flag says that a reader was removed. Whose flag is it: the descriptor's, or the reader's?",
		"Each AddReader makes a new reader with a flag of its own, so the second is not removed because the first was.",
		"`r := &reader{fn: fn}` in AddReader, and after RemoveReader the selector must take the same descriptor again.",
	},
	"L04": {
		"Whose stack does a callback run on, and where does its panic go?",
		"It goes up into your loop. Catch it around each single call, and go on with the next.",
		"`func (l *Loop) call(fn func()) { defer func() { if v := recover(); v != nil { fmt.Println(\"callback panicked:\", v) } }(); fn() }`.",
	},
	"L20": {
		"When does Run check whether somebody has called Stop?",
		"After each round, and never before the first. The flag is cleared when Run returns, not when it begins. What is in the queue stays there.",
		"`for { if err := l.Round(); err != nil { return err }; if l.stopped { l.stopped = false; return nil } }`.",
	},
	"L21": {
		"A callback calls Round. Where do the callbacks of that round run?",
		"They would run inside the first one. Let a flag say that a round is running, and refuse a second one.",
		"`if l.running { return loop.ErrRunning }; l.running = true; defer func() { l.running = false }()`.",
	},
	"L23": {
		"The queue is empty, and nobody waits for a descriptor. What could wake Select?",
		"Nothing. Say so with an error, before you call Select. A reader that is removed doesn't count any more.",
		"`if len(l.ready) == 0 && len(l.readers) == 0 && !l.stopped { return loop.ErrDeadlock }`.",
	},
	"L22": {
		"Who closes the selector that your loop was given?",
		"The loop owns it, so its Close closes it, once. A second Close does nothing, and a Round after it is an error.",
		"`if l.closed { return nil }; l.closed = true; return l.selector.Close()`, and in Round `if l.closed { return loop.ErrClosed }`.",
	},
	"S05": {
		"The selector may say no. What is in your map then?",
		"Ask the selector first, return its error, and write into the map when it has accepted.",
		"`if err := l.selector.Register(fd, selector.Read, r); err != nil { return err }`, and only after it `l.readers[fd] = r`.",
	},
	"S12": {
		"What in the queue tells the old reader from the new one? The descriptor doesn't: both have the same number.",
		"Whether there is a reader for the number says nothing about this reader. Each has a flag of its own, and the queue looks at the flag of the one that it holds.",
		"`r := ready.Data.(*reader)`, and `func() { if !r.removed { r.fn() } }` in the queue: no look into the map.",
	},
	"L25": {
		"Select returns two values. Which of them do you look at?",
		"A selector that fails will fail again. Round returns its error, and Run ends with it.",
		"`ready, err := l.selector.Select(timeout); if err != nil { return err }`, and the same in Run: `if err := l.Round(); err != nil { return err }`.",
	},
}
