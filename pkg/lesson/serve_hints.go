package lesson

var serveHints = map[string]Hints{
	"V01": {
		"While your server waits for one client's question, who answers the other?",
		"Give each connection a task of its own, which waits until its socket is readable, calls answer, and begins again. The task of Serve goes on accepting.",
		"`task.Spawn(s.Loop(), func(yield coro.Yield) (any, error) { return nil, talk(yield, s) })`, and in talk: `for { err := stages.Ready(yield, s, selector.Read); if err == nil { err = answer(yield, s) }; if err != nil { return err } }`.",
	},
	"V02": {
		"How many clients do you accept when the listener becomes readable?",
		"Readable means that at least one waits. Accept until TryAccept says EAGAIN, or ask again before you sleep.",
		"Put the wait into the loop around TryAccept: only `unix.EAGAIN` leads to `stages.Ready(yield, listener, selector.Read)`.",
	},
	"V06": {
		"Who gets the error of an answer, and what does that do?",
		"The error, or the panic, ends the task of its connection. When that task is done, close its socket, and do nothing else: no one waits for its error.",
		"`t.AddDoneCallback(func() { t.Result(); s.Close(); … })`: it runs however the task ends.",
	},
	"V07": {
		"How many clients have you accepted when all places are taken?",
		"Take a place before you accept, and give it back when the connection has ended and is closed. A semaphore counts places.",
		"`places := wait.NewSemaphore(most)`; `places.Acquire(yield)` before TryAccept, `places.Release()` in the done-callback of the connection's task.",
	},
	"V17": {
		"Which ways out of a connection give its place back, and close its socket?",
		"There are three: the client leaves, answer fails, answer panics. A panic runs none of the lines behind it.",
		"Close and Release in the task's done-callback. It runs after every end.",
	},
	"A08": {
		"What does accept return for a client that has closed its connection already?",
		"A connection like any other. Its end, or its reset, is found by the first read; so it is answer's error.",
		"Nothing special: no error of a connection may reach the task that accepts, and each must give its place back.",
	},
	"A04": {
		"What do you do at an error of accept? Is it about your listener?",
		"ECONNABORTED is about a client that has given up while it waited in the queue. Try the next one, at once.",
		"`case errors.Is(err, unix.ECONNABORTED): err = nil`, and go round the loop again. err isn't the bare number, so == doesn't find it.",
	},
	"A03": {
		"Accept says EMFILE. Is the listener still readable?",
		"It is, for the client still waits. So waiting for readable ends at once, and fails again. Wait for time to pass instead, and let the loop go on meanwhile.",
		"`case errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE): err = task.Sleep(yield, 100*time.Millisecond)`, and go round the loop again.",
	},
	"A05": {
		"Accept fails, and not for want of a client or a descriptor. What then?",
		"Trying again fails again. End the server: close the listener, let the connections end as at a shutdown, and return the error.",
		"`default: return nil, err` in the switch over accept's error, and the way out of the shutdown behind it.",
	},
	"V08": {
		"Your task is canceled while it waits. Which call returns an error, and which tasks are still there?",
		"Closing the listener is not enough: each idle connection has a task that waits for a question. Note in a field when it waits, and cancel those that do.",
		"`c.idle = true` before stages.Ready, false behind it; at the shutdown `if c.idle && !c.s.Arrived() { c.task.Cancel() }`. Return the error that ended the accepting, after all tasks have ended.",
	},
	"V13": {
		"Which connections are at work when you are canceled? And can a new client still connect?",
		"Close the listener first. A task in an answer is not idle, whatever it was before. Wait for these: each looks behind its answer whether the server is being shut down, and whether more has come.",
		"In the connection's loop: `for !going || s.Arrived() { … }`. In Serve: `for len(conns) > 0 { empty.Clear(); empty.Wait(yield) }`, where the last done-callback calls `empty.Set()`.",
	},
	"V14": {
		"A connection waits for a question. Is it idle?",
		"Not if the question is in the kernel's buffer, and the loop hasn't seen it yet. Ask the socket.",
		"`if c.idle && !c.s.Arrived() { c.task.Cancel() }`.",
	},
	"V15": {
		"Where is a client between its connect and your accept? What happens to it when you close the listener?",
		"It waits in the kernel's queue, and Close would reset it. Before you close, accept as many as there are places for. Their tasks have not begun, so they are not idle yet; and a task that is canceled before it begins runs nothing, not even a defer.",
		"`for !places.Locked() { s, err := listener.TryAccept(); … }`: pass over ECONNABORTED, stop at every other error. TryAcquire takes the place. Close the socket in the task's done-callback, not in its body.",
	},
	"V16": {
		"Where does your task wait when all places are taken? Does it hear that it is canceled?",
		"The wait for a place returns the cancellation too. Those in the queue have no place, so closing the listener ends them.",
		"`if err := places.Acquire(yield); err != nil { return err }`, and at the shutdown accept only while `!places.Locked()`.",
	},
	"V19": {
		"The pause is a wait like any other. What does it return when the task is canceled?",
		"task.Sleep returns the cancellation: don't go on accepting. And at the shutdown, TryAccept may still say EMFILE: then close the listener.",
		"`if err = task.Sleep(…); err != nil { return nil, err }`; in the loop that empties the queue, return at every error but ECONNABORTED.",
	},
	"V18": {
		"Your task waits for the connections to end, and is canceled again. What does that wait return?",
		"An error. Cancel the tasks that are left, and then wait for their end all the same, even if you are canceled a third time.",
		"`if empty.Wait(yield) != nil { for c := range conns { c.task.Cancel() } }`, inside the loop that waits until there are none.",
	},
}
