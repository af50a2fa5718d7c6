package lesson

var blockingHints = map[string]Hints{
	"Q01": {
		"Five system calls, one after the other. Which one brings the answer?",
		"socket, connect, write, read, close. What does read return: the bytes, or how many there are?",
		"`n, err := unix.Read(fd, p)` puts n bytes into p; `p[:n]` is what came.",
	},
	"R01": {
		"What does your code do while the server thinks?",
		"There is nothing to do: a read on a blocking descriptor waits by itself.",
		"Leave the descriptor as socket returns it: no SetNonblock, which belongs to lesson 02, and no SO_RCVTIMEO.",
	},
	"Q02": {
		"The first read brought one byte. Is that the answer?",
		"A read returns as soon as there is something. Only one of its answers says that nothing more will come: which?",
		"`for { n, err := unix.Read(fd, p) … if n == 0 { return all, nil } … all = append(all, p[:n]...) }`.",
	},
	"Q03": {
		"How large is your buffer, and what is in it when a read fills only a part of it?",
		"Go on until read returns 0, after a full buffer and after a short one alike. Keep only the part that read filled: what is behind it is older.",
		"`all = append(all, p[:n]...)`, never `p...`, and no comparison of n with len(p).",
	},
	"W01": {
		"Write returns two values. Which of them do you look at?",
		"A signal cuts short a write that waits for room: it returns how much went out until then, and no error.",
		"`for len(question) > 0 { n, err := unix.Write(fd, question) … question = question[n:] }`.",
	},
	"C02": {
		"Which call is the first to find out that nobody is there?",
		"Connect returns ECONNREFUSED. What write returns after that is about a socket that has no connection. Pass on the first error as it is, or wrapped by `%w`: your caller asks which one it was.",
		"`if err := unix.Connect(fd, sa); err != nil { return nil, err }`.",
	},
	"Q04": {
		"Read returned an error. What came before it, and who is told?",
		"Two things are worth knowing: the bytes that came, and that they are not all. Return both.",
		"`if err != nil { return all, err }` inside the loop around read.",
	},
	"M01": {
		"Who closes the descriptor when the answer is there?",
		"Nobody does it for you: a descriptor is a number, and Go's garbage collector knows nothing of it.",
		"`defer unix.Close(fd)`, right after Socket has succeeded.",
	},
	"M03": {
		"How often is close called when all goes well, and how often on each way out after an error?",
		"The number is free after the first close, and the next descriptor that anybody opens gets it. The second close ends that one.",
		"One `defer unix.Close(fd)`, and no other close.",
	},
	"C11": {
		"Which kind of address does your socket take?",
		"sock.Sockaddr returns the family beside the address: AF_INET or AF_INET6. The socket must be of that family.",
		"`family, sa, err := sock.Sockaddr(address)`, and `unix.Socket(family, unix.SOCK_STREAM, 0)`.",
	},
	"M02": {
		"Your function has several ways out. Which of them lead past the close?",
		"Each return after an error is a way out too, including the one after a failed connect.",
		"`defer unix.Close(fd)` in the line after the error of Socket, before Connect.",
	},
	"W06": {
		"Write can fail too. What does your loop do with its error?",
		"The peer may be gone while you write. Then the rest will never arrive, and your caller must hear of it. The count is -1: don't slice with it.",
		"`n, err := unix.Write(fd, question); if err != nil { return nil, err }`, and only after it `question = question[n:]`.",
	},
	"Q09": {
		"What is left of a call when your function is called again?",
		"What stands outside of the function stays. Each call needs a buffer, and an answer, of its own.",
		"`var all []byte` inside the function, and no variables of the package.",
	},
}
