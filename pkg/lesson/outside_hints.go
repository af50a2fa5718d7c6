package lesson

var outsideHints = map[string]Hints{
	"O01": {
		"Two goroutines use your loop now. What do they share?",
		"CallSoonThreadsafe puts the call into a queue, under a lock, and wakes the loop. Round sleeps, and then runs what is in the queue.",
		"Make a pipe, register the end to read from, and write a byte to the other end for each call. Round: Select(-1), empty the pipe, take the queue, run it.",
	},
	"L18": {
		"The loop has looked into its queue, and is about to sleep. What of a call that comes now keeps it awake?",
		"A byte in a pipe stays there until it is read, even if nobody sleeps yet. A flag, or a channel that nobody receives from, doesn't.",
		"Write the byte in every CallSoonThreadsafe, and have the selector watch the pipe. Don't look into the queue to find out whether you may sleep.",
	},
	"L15": {
		"Who can make a sleeping Select return?",
		"Only a descriptor that becomes ready. So another goroutine has to make one ready.",
		"Register the pipe's reading end once, when you make the loop, and write to its other end in CallSoonThreadsafe.",
	},
	"O02": {
		"In which order does your queue give back what was put in?",
		"A round runs all calls that were there when it began to run them, the oldest first.",
		"Take the whole queue at once, under the lock: calls, l.calls = l.calls, nil. Then unlock, and run calls from the first to the last.",
	},
	"O03": {
		"Your callback calls CallSoonThreadsafe too. Which lock is held at that moment?",
		"Take the queue under the lock, and unlock before you run anything. What a callback adds belongs to the next round.",
		"l.mu.Lock(); calls := l.calls; l.calls = nil; l.mu.Unlock(); and only then the loop over calls.",
	},
	"O04": {
		"A call comes while a callback runs, with its byte. Who takes the byte out of the pipe, and who the call out of the queue?",
		"If you empty the pipe after you have taken the queue, you throw away the wake-up of a call that is still in it.",
		"First empty the pipe, then take the queue, then run it. A byte too many costs an empty round; a byte too few costs a call. And what comes meanwhile needs a slice of its own: l.calls = nil, not l.calls[:0].",
	},
	"O05": {
		"What is still in the pipe when the round is over?",
		"One call is one byte, and a thousand calls are a thousand. Level-triggered, the selector reports the pipe until it is empty. And return the error of Select.",
		"Read until EAGAIN, with a buffer of some size. Then call Select(-1) once in each Round: no shorter sleeps, and no look before it.",
	},
	"O06": {
		"How many bytes does a pipe hold?",
		"64 KiB. Then a blocking write waits for the loop to read, and a non-blocking one returns EAGAIN. What does a full pipe say about the wake-up?",
		"Make the pipe non-blocking (unix.O_NONBLOCK), and ignore EAGAIN: if the pipe is full, the loop is as awake as it can be. The call goes into the queue all the same.",
	},
	"O07": {
		"Select has failed, and a call has come all the same. Where are the call and its byte after your Round?",
		"If Round returns early, it must leave both as they are. If it goes on, it must run the call.",
		"if _, err := p.Select(-1); err != nil { return err }, before you empty the pipe or touch the queue.",
	},
	"O09": {
		"A call comes while you empty the pipe, so its byte goes too. Who runs the call?",
		"Take the queue out after the pipe is empty, not before. A note that the loop has been woken must be cleared after that too, together with the queue.",
		"Read the pipe until it is empty; then lock, calls := l.calls, l.calls = nil, unlock; then run calls.",
	},
	"O19": {
		"The loop wakes as soon as the byte is in the pipe. What does it find in the queue?",
		"Put the call into the queue first, and then write the byte; or do both under the same lock.",
		"l.mu.Lock(); l.calls = append(l.calls, fn); then unix.Write; then l.mu.Unlock().",
	},
	"O08": {
		"What does Register return, and what is open by then?",
		"A loop whose pipe isn't registered can't be woken. Return the error instead of the loop.",
		"if err := p.Register(…); err != nil { close both ends; return nil, err }",
	},
	"O20": {
		"Between the look at closed and the write, another goroutine may call Close. What is the pipe's number then?",
		"Hold the lock from the look until the byte is written. Close takes the same lock, so it has to wait.",
		"In CallSoonThreadsafe: l.mu.Lock(); defer l.mu.Unlock(); and the write below it. In Close: the same two lines first.",
	},
	"O10": {
		"Two goroutines append to one slice at the same time. What may become of one of the calls?",
		"Every access to the queue needs the lock: where it is put in, and where it is taken out.",
		"Use a sync.Mutex in both places, and try `go test -race`: it finds what two cores show only now and then.",
	},
	"L19": {
		"After Close, the pipe's numbers may belong to another file. Who could still write to them?",
		"Note under the lock that the loop is closed, and have CallSoonThreadsafe look at that under the same lock, before it touches the pipe.",
		"Close: lock; return nil if closed already; set closed; unregister the reading end; close both ends. CallSoonThreadsafe: lock; if closed, return an error of your own.",
	},
	"O11": {
		"Your task waits for a result that comes later, from another goroutine. Which box for such a result do you have?",
		"Make a Future. Start a goroutine that calls the function, and has the loop complete the Future. Await the Future.",
		"go func() { v, err := fn(); l.CallSoonThreadsafe(func() { f.SetResult(v) }) }(), and then task.Await(yield, f). task.LoopOf(yield) is the loop.",
	},
	"O12": {
		"The function returns two values.",
		"A Future ends with a value or with an error.",
		"If err isn't nil, SetError(err); otherwise SetResult(v). Both on the loop, in CallSoonThreadsafe.",
	},
	"O14": {
		"The loop sleeps when the function returns. Who wakes it? And who sleeps: the loop, or only your task?",
		"The task pauses, so the loop can sleep. The goroutine may touch nothing of the loop but CallSoonThreadsafe, which wakes it.",
		"Don't ask in turns whether the function has ended, and don't receive from a channel in the task: await a Future that a call from outside completes.",
	},
	"O17": {
		"No timer, no descriptor: what does a loop take that for?",
		"It returns ErrDeadlock, since nothing can happen any more. It can't know of your goroutine.",
		"release := l.Hold() before you start the goroutine, and release() when you no longer wait for it.",
	},
	"O18": {
		"You told the loop that something will come from outside. When is that no longer true?",
		"When your wait is over, in whichever way: a result, an error, or a cancellation.",
		"defer l.Hold()() at the top of the function.",
	},
	"O16": {
		"What does Await return when your task is canceled? And what becomes of the function?",
		"Return that error at once. The function can't be stopped; when it ends, nobody waits for its result.",
		"return task.Await(yield, f), without a loop around it. SetResult on a Future that is canceled returns an error, which you may ignore.",
	},
	"O15": {
		"Does anything in your function let only one other run at a time?",
		"Start a goroutine for each call. Go runs as many threads as they need.",
		"No lock, and no single worker: go func() { … }() in each call.",
	},
	"O13": {
		"On which goroutine does the function run?",
		"On the loop's, it keeps every other task waiting for as long as it blocks.",
		"Call fn only inside the go statement.",
	},
}
