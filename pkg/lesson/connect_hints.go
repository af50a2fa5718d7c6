package lesson

var connectHints = map[string]Hints{
	"C01": {
		"A non-blocking connect has three answers: done, under way, no. Which of them does your code treat as an error?",
		"EINPROGRESS means that the kernel goes on connecting. Wait until the socket is writable, with AddWriter and a Future, and then ask how it went.",
		"`if err == unix.EINPROGRESS { err = ready(yield, s, selector.Write) }`, then look at SO_ERROR.",
	},
	"C02": {
		"A refused socket becomes writable too. Who tells you that it was refused?",
		"The reason waits in the socket's option SO_ERROR, and reading it clears it: read it once, after the wait.",
		"`errno, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)`; if errno isn't 0, close the socket and return `unix.Errno(errno)`.",
	},
	"C04": {
		"Your wait may end with an error before anything happened: the Task was canceled. What does the loop still know about the descriptor then?",
		"On every way out, first remove what AddWriter registered, and then close the socket.",
		"After `_, err := task.Await(yield, f)`: if err isn't nil, `l.RemoveWriter(s.FD())`; the caller then does `s.Close()` and returns the error.",
	},
	"C06": {
		"The selector woke you, SO_ERROR is 0, and still nobody has answered. How can you tell?",
		"A socket that is connected has a peer. One that isn't says ENOTCONN when you ask for it.",
		"In a loop: wait, read SO_ERROR, then call `unix.Getpeername(fd)`; on `unix.ENOTCONN` do all three again.",
	},
	"C10": {
		"What do you do with an address before you open a socket?",
		"`sock.Sockaddr` parses an address and refuses what isn't one. Its error is your error.",
		"`family, sa, err := sock.Sockaddr(address)`; if err isn't nil, return it before you call `unix.Socket`.",
	},
	"C11": {
		"Which family does your socket have, and which has the address?",
		"`sock.Sockaddr` returns the family too: AF_INET or AF_INET6.",
		"`unix.Socket(family, unix.SOCK_STREAM, 0)` with the family that `sock.Sockaddr` gave you.",
	},
	"C12": {
		"The first connect says neither yes nor \"under way\". Which of your lines has the descriptor then?",
		"Some addresses can't be reached, and connect knows it at once: ENETUNREACH, or another errno. That is an error like any later one: close the descriptor, and return it as it is.",
		"`err := unix.Connect(fd, sa)`: wait only for `unix.EINPROGRESS`; for any other error but nil, `unix.Close(fd)`, and return err.",
	},
	"C17": {
		"What does SO_ERROR hold: that it failed, or why?",
		"It holds the errno. A connection may be refused, reset or unreachable, and your caller decides by the reason.",
		"Return `unix.Errno(errno)`, and not an error that you choose yourself.",
	},
	"C18": {
		"Two tasks are in your function at the same moment. Which of your variables do they share?",
		"Whatever stands outside of the function, there is one of. A wait needs a Future and a descriptor of its own.",
		"`f := future.New(l)` inside the function, for each wait anew, and no variables of the package.",
	},
	"M02": {
		"Count your descriptors before and after a connect that was refused.",
		"The caller gets no socket, so nobody but you can close the descriptor.",
		"On every return with an error after `unix.Socket`: `unix.Close(fd)`, once.",
	},
}
