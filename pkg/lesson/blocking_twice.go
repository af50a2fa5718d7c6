package lesson

// The last of lesson 01's cases: a number that is closed twice. Read blocking_end.go first.
//
// Between two closes, a number is free. So that it stays free for long enough, the first
// close has to wait: the socket has something to send that nobody takes (SO_LINGER).
// Somebody takes the number meanwhile, and lets close return. No signal may end its wait.

import (
	"context"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/faulty"
	"stepwise/pkg/trial"
)

func askClosesOnce(impl Impl) {
	ln := listenSmall()
	defer ln.Close()
	var returned atomic.Bool
	taken := make(chan int, 1)
	go func() { taken <- takeNumber(ln, returned.Load) }()
	undisturbed(func() {
		defer returned.Store(true)
		_, _ = impl.Ask(ln.Addr().String(), faulty.Pattern(50_000))
	})
	_ = ln.Close()
	wasClosedOnce(<-taken, "")
	askFailsAndClosesOnce(impl)
}

// wasClosedOnce expects the number that was taken to be open still; -1 is none.
func wasClosedOnce(taken int, after string) {
	if taken >= 0 && unix.Close(taken) != nil {
		fail("take the number of a socket that ask has closed"+after+", and look at it when ask has returned", "it closed", "it open: a number is closed once", nil)
	}
}

// takeNumber answers a client without reading its question, and takes the client's number.
// It returns -1 if there was nothing to take.
func takeNumber(ln net.Listener, over func() bool) int {
	conn, err := ln.Accept()
	if err != nil {
		return -1
	}
	defer conn.Close() // what was not read makes this a reset, which ends the wait
	address := ln.Addr().String()
	fds := connectedTo(address)
	if len(fds) == 0 {
		return -1
	}
	lingers(fds[0])
	_, _ = conn.Write([]byte("answer"))
	_ = conn.(*net.TCPConn).CloseWrite()
	return takeClosed(fds[0], address, over)
}

func lingers(fd int) {
	_ = unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1, Linger: 5})
}

// takeClosed takes the number of a socket that is connected to address, once it is closed.
// It returns -1 if ask is over and has not closed it, which M01 and M02 judge.
func takeClosed(fd int, address string, over func() bool) int {
	for late := time.Now().Add(limit / 2); ; time.Sleep(time.Millisecond) {
		ended := over() || time.Now().After(late)
		if !leadsTo(fd, address) {
			return take(fd)
		}
		if ended {
			return -1
		}
	}
}

// askFailsAndClosesOnce has each of the calls fail that wait.
func askFailsAndClosesOnce(impl Impl) {
	full := faulty.NeverAccepts()
	defer full.Close()
	before := unconnected()
	closesOnceAfter(impl, "a connect that failed", full.Addr(), nil, func() []int { return newIn(before, unconnected()) }, func(own int) {
		_ = unix.Shutdown(own, unix.SHUT_RDWR) // on some kernels, this ends no connect; then the next attempt is refused
		_ = full.Close()
	})
	for _, call := range []struct {
		failed   string
		question int
	}{{"a write that failed", 20_000_000}, {"a read that failed", 1}} {
		ln := listenSmall()
		address := ln.Addr().String()
		closesOnceAfter(impl, call.failed, address, make([]byte, call.question), func() []int { return connectedTo(address) }, func(int) {
			if conn, err := ln.Accept(); err == nil {
				_ = conn.(*net.TCPConn).SetLinger(0)
				_ = conn.Close() // resets the connection
			}
		})
		_ = ln.Close()
	}
}

// closesOnceAfter asks. While ask sleeps in a call, its number gets another socket, one
// whose close waits; the call goes on with its own, and fails.
func closesOnceAfter(impl Impl, call, address string, question []byte, find func() []int, fails func(own int)) {
	taken := -1
	undisturbed(func() {
		beside(func(here int, over func() bool) {
			if fd := sleepsWith(here, over, find); fd >= 0 {
				taken = takeSwapped(fd, over, fails)
			} else if !over() {
				fails(fd)
			}
		}, func() { _, _ = impl.Ask(address, question) })
	})
	wasClosedOnce(taken, " after "+call)
}

// sleepsWith is the only descriptor that find returns while a thread is asleep; -1 when it
// is over, or if that doesn't come to pass.
func sleepsWith(thread int, over func() bool, find func() []int) (fd int) {
	for looks, tries := 0, 0; looks < 5; time.Sleep(time.Millisecond) {
		if tries++; over() || tries == 2000 {
			return -1
		}
		fds := find()
		if len(fds) == 1 && asleep(thread) {
			fd, looks = fds[0], looks+1
		} else {
			looks = 0
		}
	}
	return fd
}

// takeSwapped puts a socket whose close waits in the place of fd, has the call fail that
// waits for the old one, and takes the number when it is closed.
func takeSwapped(fd int, over func() bool, fails func(own int)) int {
	ln := listenSmall()
	defer ln.Close()
	address := ln.Addr().String()
	waits, err := connected(address)
	trial.Must(err)
	conn, err := ln.Accept()
	trial.Must(err)
	defer func() {
		_ = conn.Close() // a reset, as above
		if leadsTo(fd, address) {
			_ = unix.Close(fd)
		}
	}()
	_, _ = fill(waits)
	lingers(waits)
	own, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err == nil {
		err = unix.Dup2(waits, fd)
	}
	_ = unix.Close(waits)
	if err != nil {
		return -1
	}
	fails(own)
	_ = unix.Close(own)
	return takeClosed(fd, address, over)
}

// listenSmall takes connections that hold little of what nobody reads.
func listenSmall() net.Listener {
	small := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, 4096) })
	}}
	ln, err := small.Listen(context.Background(), "tcp4", "127.0.0.1:0")
	trial.Must(err)
	return ln
}

// take opens a descriptor with this number and returns it, or -1 if somebody else has it.
func take(fd int) int {
	null, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil || null == fd {
		return null
	}
	defer unix.Close(null)
	n, err := unix.FcntlInt(uintptr(null), unix.F_DUPFD_CLOEXEC, fd)
	if err == nil && n != fd {
		_ = unix.Close(n)
		return -1
	}
	return n
}
