package lesson

var readHints = map[string]Hints{
	"R01": {
		"What does a non-blocking read say when there is nothing yet?",
		"It says EAGAIN. Wait until the socket is readable, and read again.",
		"On `unix.EAGAIN`: `err = stages.Ready(yield, s, selector.Read)`, and if that is nil, `unix.Read` again.",
	},
	"R02": {
		"A read of 0 bytes with no error: what does it mean?",
		"It means that the peer has ended its side. Give the end its own name, so that nobody takes it for an empty piece.",
		"`if n == 0 { return nil, io.EOF }`.",
	},
	"R03": {
		"In how many ways can a connection end, and which of them is a good end?",
		"Only a read of 0 bytes is the end. An error is an error: the answer was cut off.",
		"Return io.EOF for `n == 0 && err == nil` alone; return every other error so that errors.Is finds it.",
	},
	"R04": {
		"You were woken and there is nothing to read after all. What does `unix.Read` say, and what is n then?",
		"EAGAIN after a wake-up is neither a failure nor the end: wait again. With an error, n is -1, so look at the error before you use n.",
		"Put the wait and the read into a `for`, and on `unix.EAGAIN` start over.",
	},
	"R07": {
		"When the Task is canceled, `task.Await` returns an error. What is still registered at that moment?",
		"The callback that removes the reader has not run. If it stays, the next AddReader is refused, or a forgotten callback takes the data.",
		"`stages.Ready` removes it. In a wait of your own: `_, err := task.Await(yield, f)`; if err isn't nil, `l.RemoveReader(fd)`.",
	},
	"Q02": {
		"One byte is there and no more will come. Does your read return?",
		"Reading means taking what is there. Don't loop until a buffer is full.",
		"One `unix.Read` that brings something is enough: return `p[:n]`.",
	},
	"Q07": {
		"What do you do to the bytes on their way?",
		"Nothing. n says how many came: the last of them may be a zero or a line end.",
		"`return p[:n], nil`, and no function of package strings or bytes.",
	},
	"R11": {
		"The data has come, and the Task is canceled before its turn. Where are the bytes now?",
		"If your callback reads, they are in the Future, and nobody will look into it. If the callback only wakes you, they are still with the kernel, for the next read.",
		"The callback does `l.RemoveReader(fd)` and `f.SetResult(nil)`, and no more. `unix.Read` comes after the `task.Await`.",
	},
	"Q03": {
		"Your caller keeps the first piece, and reads the second. What is in the first one now?",
		"A slice is a view of a buffer. What the next read writes into it, the caller of the last one sees.",
		"`p := make([]byte, 4096)` inside the function: each call has a buffer of its own, and returns `p[:n]`.",
	},
	"R08": {
		"One of your reads waits, and another one comes to the same socket. What does AddReader say to the second, and what does the second do then?",
		"It says loop.ErrBusy: an error for your caller. Until AddReader has worked, there is nothing of yours to remove; and once your callback has removed it, what is there belongs to the next one.",
		"`stages.Ready` minds both. In a wait of your own: `if err := l.AddReader(fd, …); err != nil { return err }`, before any defer; and a variable that says whether you are still registered.",
	},
	"W13": {
		"What do you register, and what do you remove, when somebody else sends on the same socket?",
		"Reader and writer are two things. RemoveWriter in a read takes away what isn't yours.",
		"Use AddReader and RemoveReader alone.",
	},
	"R14": {
		"Two tasks are in your function at the same moment. Which of your variables do they share?",
		"Whatever stands outside of the function, there is one of. Each wait needs a Future of its own.",
		"`f := future.New(s.Loop())` inside the function, for each wait anew, and no variables of the package.",
	},
}
