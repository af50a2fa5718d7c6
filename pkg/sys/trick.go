package sys

// A Trick makes the engine faster and changes nothing else. Each stands in one place, which
// says why it pays and what it costs; loop.Options.Without switches it off.
type Trick uint

// The tricks, with their places.
const (
	// KeepProcessor: the first 10 ms of a sleep aren't reported to Go's scheduler
	// (selector/epoll_linux.go).
	KeepProcessor Trick = 1 << iota
	// KeepStacks: a task runs on the stack of one that has ended (coro/pool.go).
	KeepStacks
	// KeepFutures: a socket waits by the Future of its last wait (sock/socket.go).
	KeepFutures
	// SmallStacks: what is deep is called on the loop's stack (task/current.go): 2 KB less for
	// each connection that waits.
	SmallStacks
	// ShortCalls: Go's scheduler isn't told of system calls that never block
	// (sys/short_linux.go).
	ShortCalls
)
