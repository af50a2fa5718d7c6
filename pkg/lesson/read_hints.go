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
		"In how many ways can a connection end, and which of them is a good end?",
		"Only a read of 0 bytes is the end. An error is an error: the answer was cut off.",
		"Return io.EOF for `n == 0 && err == nil` alone; return every other error as it is.",
	},
	"R04": {
		"You were woken and there is nothing to read after all. What does `unix.Read` say, and what is n then?",
		"EAGAIN after a wake-up is neither a failure nor the end: wait again. With an error, n is -1, so look at the error before you use n.",
		"Put the wait and the read into a `for`, and on `unix.EAGAIN` start over.",
	},
	"R07": {
		"When the Task is canceled, `task.Await` returns an error. What is still registered at that moment?",
		"The callback that removes the reader has not run. If it stays, the next AddReader is refused, or a forgotten callback takes the data.",
		"`_, err := task.Await(yield, f)`; if err isn't nil: `l.RemoveReader(fd)`, then return err.",
	},
	"Q02": {
		"One byte is there and no more will come. Does your read return?",
		"Reading means taking what is there. Don't loop until a buffer is full.",
		"One `unix.Read` that brings something is enough: return `p[:n]`.",
	},
}
