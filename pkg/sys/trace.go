package sys

import (
	"errors"

	"golang.org/x/sys/unix"

	"stepwise/pkg/trace"
)

// Traced is a table that makes the calls of calls and has r record them, with
// what they return. Questions about names and options, which change nothing,
// are not recorded, but for SO_ERROR. On a nil Recorder it is calls itself.
func Traced(calls *Calls, r *trace.Recorder) *Calls {
	if r == nil {
		return calls
	}
	t := *calls
	t.Socket, t.SocketDatagram = opening(calls.Socket, r), opening(calls.SocketDatagram, r)
	t.RecvFrom = func(fd int, p []byte) (int, bool, unix.Sockaddr, error) {
		n, truncated, from, err := calls.RecvFrom(fd, p)
		r.System("recvmsg", fd, n, errno(err))
		return n, truncated, from, err
	}
	t.SendTo = func(fd int, p []byte, to unix.Sockaddr) error {
		err := calls.SendTo(fd, p, to)
		n := len(p)
		if err != nil {
			n = 0
		}
		r.System("sendmsg", fd, n, errno(err))
		return err
	}
	t.SocketError = func(fd int) error {
		err := calls.SocketError(fd)
		r.System("SO_ERROR", fd, 0, errno(err))
		return err
	}
	t.Accept = func(fd int) (int, unix.Sockaddr, error) {
		accepted, from, err := calls.Accept(fd)
		r.System("accept", fd, accepted, errno(err))
		return accepted, from, err
	}
	t.Connect = withAddress("connect", calls.Connect, r)
	t.Bind = withAddress("bind", calls.Bind, r)
	t.Listen = withNumber("listen", calls.Listen, r)
	t.Shutdown = withNumber("shutdown", calls.Shutdown, r)
	t.Recv = withBytes("recv", calls.Recv, r)
	t.Send = withBytes("send", calls.Send, r)
	t.SendFile = func(fd, from int, offset int64, n int) (int, error) {
		sent, err := calls.SendFile(fd, from, offset, n)
		r.System("sendfile", fd, sent, errno(err))
		return sent, err
	}
	t.Close = func(fd int) error {
		err := calls.Close(fd)
		r.System("close", fd, 0, errno(err))
		return err
	}
	return &t
}

func opening(call func(int) (int, error), r *trace.Recorder) func(int) (int, error) {
	return func(family int) (int, error) {
		fd, err := call(family)
		r.System("socket", fd, fd, errno(err))
		return fd, err
	}
}

func withAddress(name string, call func(int, unix.Sockaddr) error, r *trace.Recorder) func(int, unix.Sockaddr) error {
	return func(fd int, sa unix.Sockaddr) error {
		err := call(fd, sa)
		r.System(name, fd, 0, errno(err))
		return err
	}
}

func withNumber(name string, call func(fd, number int) error, r *trace.Recorder) func(fd, number int) error {
	return func(fd, number int) error {
		err := call(fd, number)
		r.System(name, fd, 0, errno(err))
		return err
	}
}

func withBytes(name string, call func(int, []byte) (int, error), r *trace.Recorder) func(int, []byte) (int, error) {
	return func(fd int, p []byte) (int, error) {
		n, err := call(fd, p)
		r.System(name, fd, n, errno(err))
		return n, err
	}
}

// errno is an error's name, as the manual pages have it: "EAGAIN".
func errno(err error) string {
	if err == nil {
		return ""
	}
	var e unix.Errno
	if errors.As(err, &e) {
		if name := unix.ErrnoName(e); name != "" {
			return name
		}
	}
	return err.Error()
}
