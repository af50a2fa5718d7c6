package lesson

var sendHints = map[string]Hints{
	"W01": {
		"Write returns two values. Which one do you look at?",
		"The count says how much the kernel took. The rest is still yours to send: keep a position, and go on from there.",
		"`for sent := 0; sent < len(data); { n, err := unix.Write(s.FD(), data[sent:]) … sent += n }`.",
	},
	"W02": {
		"What does write return when there is no room for a single byte?",
		"EAGAIN isn't a failure: nothing was taken, and the count is -1, so don't add it. Try again when the socket is writable. AddWriter tells you when.",
		"On `unix.EAGAIN`: `err = stages.Ready(yield, s, selector.Write)`, and if that is nil, try again.",
	},
	"W04": {
		"You were woken and there is no room after all. What does your write return, and what do you do then?",
		"Do nothing in the callback that can fail. Wake up, try, and if it is EAGAIN again, wait again.",
		"Put the wait inside the loop around write, so that every EAGAIN leads to a wait, the second as well as the first.",
	},
	"W05": {
		"What does your code do before it looks at how much there is to send?",
		"With nothing to send there is nothing to wait for.",
		"Make the condition of the loop `sent < len(data)`, and wait for nothing before it.",
	},
	"W06": {
		"Which errors of write do you pass on?",
		"All but EAGAIN. EPIPE and ECONNRESET say that the peer is gone.",
		"`case err != nil: return err`, after the case of EAGAIN.",
	},
	"W17": {
		"For what does your code wait although write would take the bytes?",
		"Writable means that there is much room. Write first: only EAGAIN says that there is none. And when the last byte is taken, there is nothing left to wait for.",
		"The only `stages.Ready(yield, s, selector.Write)` is the one after `unix.EAGAIN`.",
	},
	"W09": {
		"When the Task is canceled, `task.Await` returns an error. What is still registered at that moment?",
		"The callback that removes the writer has not run, and will not. So you have to remove it.",
		"`stages.Ready` removes it. In a wait of your own: `_, err = task.Await(yield, f)`; if err isn't nil, `l.RemoveWriter(fd)`.",
	},
	"W10": {
		"One of your sends waits, and another one comes to the same socket. What does AddWriter say to the second, and what does the second do then?",
		"It says loop.ErrBusy: an error for your caller. Until AddWriter has worked, there is nothing of yours to remove; and once your callback has removed it, what is there belongs to the next one.",
		"`stages.Ready` minds both. In a wait of your own: `if err := l.AddWriter(fd, …); err != nil { return err }`, before any defer; and a variable that says whether you are still registered.",
	},
	"W13": {
		"What do you register, and what do you remove, when somebody else reads on the same socket?",
		"Reader and writer are two things. RemoveReader in a send takes away what isn't yours.",
		"Use AddWriter and RemoveWriter alone.",
	},
	"W16": {
		"Two tasks are in your function at the same moment. Which of your variables do they share?",
		"Whatever stands outside of the function, there is one of. Each send needs its own position, and each wait its own Future.",
		"Everything inside the function, such as `sent := 0`, and no variables of the package.",
	},
}
