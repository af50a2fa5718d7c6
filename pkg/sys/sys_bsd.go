//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package sys

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// Not all of these systems take SOCK_NONBLOCK and SOCK_CLOEXEC in socket(2), so the
// descriptor is prepared afterwards. ForkLock keeps a process that another thread
// forks in between from inheriting it.
func socket(family, kind int) (int, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := unix.Socket(family, kind, 0)
	return prepare(fd, err)
}

func accept(fd int) (int, unix.Sockaddr, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	connection, sa, err := unix.Accept(fd)
	connection, err = prepare(connection, err)
	return connection, sa, err
}

func prepare(fd int, err error) (int, error) {
	if err != nil {
		return -1, err
	}
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func recv(fd int, p []byte) (int, error) { return unix.Read(fd, p) }

// send relies on Go's runtime, which turns SIGPIPE on a socket into EPIPE.
func send(fd int, p []byte) (int, error) { return unix.Write(fd, p) }

func short(c Calls) Calls { return c }
