package stages

// How a stage's system calls are counted, without a change to the stage.

import (
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
	"stepwise/pkg/sys"
)

// Observer is told of each system call that a stage makes on its sockets and
// its selector, by the name in the manual: "recv", "epoll_ctl". It is called in
// the goroutine that runs the stage, before the call. nil observes nothing.
//
// Not told: what a selector does to open and close itself.
type Observer func(call string)

// kernel is the table that stages use, unless they block.
var kernel = sys.Kernel

// calls is table, with each call that stages make told to o.
func (o Observer) calls(table sys.Calls) sys.Calls {
	if o == nil {
		return table
	}
	seen := table
	seen.Socket = func(family int) (int, error) { o("socket"); return table.Socket(family) }
	seen.Connect = func(fd int, sa unix.Sockaddr) error { o("connect"); return table.Connect(fd, sa) }
	seen.SocketError = func(fd int) error { o("getsockopt"); return table.SocketError(fd) }
	seen.SetOption = func(fd, level, option, value int) error {
		o("setsockopt")
		return table.SetOption(fd, level, option, value)
	}
	seen.LocalName = func(fd int) (unix.Sockaddr, error) { o("getsockname"); return table.LocalName(fd) }
	seen.PeerName = func(fd int) (unix.Sockaddr, error) { o("getpeername"); return table.PeerName(fd) }
	seen.Recv = func(fd int, p []byte) (int, error) { o("recv"); return table.Recv(fd, p) }
	seen.Send = func(fd int, p []byte) (int, error) { o("send"); return table.Send(fd, p) }
	seen.Close = func(fd int) error { o("close"); return table.Close(fd) }
	return seen
}

// selector is s, with each call told to o.
func (o Observer) selector(s selector.Selector) selector.Selector {
	if o == nil {
		return s
	}
	return observed{s, o}
}

type observed struct {
	selector.Selector
	o Observer
}

func (s observed) Register(fd int, interest selector.Events, data any) error {
	s.o("epoll_ctl")
	return s.Selector.Register(fd, interest, data)
}

func (s observed) Modify(fd int, interest selector.Events, data any) error {
	s.o("epoll_ctl")
	return s.Selector.Modify(fd, interest, data)
}

func (s observed) Unregister(fd int) error {
	s.o("epoll_ctl")
	return s.Selector.Unregister(fd)
}

func (s observed) Select(timeout time.Duration) ([]selector.Ready, error) {
	s.o("epoll_wait")
	return s.Selector.Select(timeout)
}
