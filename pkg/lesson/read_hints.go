package lesson

var readHints = map[string]Hints{
	"R01": {
		"What does a non-blocking read say when there is nothing yet?",
		"Wait until the socket is readable: AddReader, a Future, `task.Await`.",
		"The callback does `l.RemoveReader(fd)` and `f.SetResult(nil)`; after the Await you call `unix.Read`.",
	},
	"R02": {
		"A read of 0 bytes with no error: what does it mean?",
		"It means that the peer has ended its side. Give the end its own name, so that nobody takes it for an empty piece.",
		"`if n == 0 { return nil, io.EOF }`.",
	},
	"R03": {
		"How many kinds of ends are there, and which of them is good?",
		"Only a read of 0 bytes is the end. An error is an error: the answer was cut off.",
		"Return io.EOF for `n == 0 && err == nil` alone; return every other error as it is.",
	},
	"R04": {
		"You were woken and there is nothing to read after all. What does `unix.Read` say, and what is n then?",
		"EAGAIN after a wake-up is neither an error nor the end: wait again. With an error n is -1, so look at the error before you use n.",
		"Put the wait and the read into a `for`, and on `unix.EAGAIN` go round again.",
	},
	"R07": {
		"When the Task is cancelled, `task.Await` returns an error. What is still registered at that moment?",
		"The callback that removes the reader has not run. If it stays, the next AddReader is refused, or a forgotten callback eats the data.",
		"`_, err := task.Await(yield, f)`; if err isn't nil: `l.RemoveReader(fd)`, then return err.",
	},
	"Q02": {
		"One byte is there and no more will come. Does your read return?",
		"To read is to take what is there. Don't loop until a buffer is full.",
		"One `unix.Read` that brings something is enough: return `p[:n]`.",
	},
}
