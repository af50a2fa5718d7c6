package lesson

var coroutineHints = map[string]Hints{
	"G14": {
		"Two sides hand something to each other. Which one waits for the other, and when?",
		"Give the body a goroutine and two unbuffered channels: one for the values that it is sent, one for those that it yields. Each side hands over and then waits for the other.",
		"Send: `c.in <- message{v, nil}; out, more := <-c.out`. yield: `c.out <- out; m := <-c.in; return m.value, m.err`. When the body has returned, keep its result and close c.out.",
	},
	"G16": {
		"Your goroutine starts at once. Does the body?",
		"Let the goroutine wait for the first message before it calls the body. That message is not for a yield, since there is none yet.",
		"The goroutine's function begins with `<-c.in`, and calls the body after it.",
	},
	"G13": {
		"Who calls your yield, and from how deep? Does it matter?",
		"A goroutine has a stack of its own: when it waits for a channel, everything on that stack waits with it. Nothing else is needed.",
		"Pass the body one function, yield, which does no more than hand over and wait. It works from any depth.",
	},
	"G15": {
		"What comes into the body besides values?",
		"Send a pair through the channel: a value and an error. The yield returns both.",
		"`type message struct { value any; err error }`; Throw does what Send does, with `message{nil, err}`.",
	},
	"G07": {
		"The goroutine has ended. Who takes what you put into the channel?",
		"Nobody. So note that the body has ended, and don't send to it anymore.",
		"`out, more := <-c.out; c.finished = !more`, and Send begins with `if c.finished { return nil, false }`.",
	},
	"G02": {
		"The body waits at a yield. How does it learn that it should end?",
		"Wake it with the error coro.ErrClosed, and wait until it has ended, so that its deferred calls have run when Close returns.",
		"Close: `close(c.in)`, then receive from c.out until it is closed. yield: `m, open := <-c.in; if !open { return nil, coro.ErrClosed }`.",
	},
	"G01": {
		"The goroutine waits for its first message, which never comes. What ends it?",
		"Close must wake this goroutine too, and it must see that there is nothing to begin.",
		"The goroutine's function: `if _, open := <-c.in; !open { close(c.out); return }`, before it calls the body.",
	},
	"G05": {
		"After Close the body yields again. Who takes what it yields, and what does it get?",
		"Nobody wants it, but somebody must take it, or the body waits forever. Its yield returns coro.ErrClosed again.",
		"Close receives from c.out in a loop, until the channel is closed: each value is dropped, and each yield finds c.in closed.",
	},
	"G03": {
		"A panic runs up the stack on which it happened. Whose stack is that?",
		"The goroutine's. Nobody above it can catch the panic, so the goroutine has to: with defer and recover, around the call of the body.",
		"`defer func() { if v := recover(); v != nil { c.err = &coro.PanicError{Value: v} } }()`, and close c.out after it.",
	},
	"G17": {
		"Somebody throws, and the body hasn't begun. Which yield should return the error?",
		"There is none. The body never runs, and the error is the coroutine's result.",
		"The goroutine looks at its first message: `if first.err != nil { c.err = first.err; close(c.out); return }`, before it calls the body.",
	},
	"G18": {
		"Two coroutines exist at the same moment. Which of your variables do they share?",
		"Each needs channels of its own, and a value and an error of its own: fields of the struct that New makes.",
		"`c := &Coroutine{in: make(chan message), out: make(chan any)}` in New, and no variables of the package.",
	},
	"G11": {
		"runtime.Goexit ends the goroutine without a return and without a panic. What of your code still runs then?",
		"Only what is deferred. So the end must be told by a defer, and the error must say that the body didn't return, unless it did.",
		"Begin with `c.err = coro.ErrGoexit`, let `defer close(c.out)` stand before the call of the body, and set `c.value, c.err` only when the body has returned.",
	},
}
