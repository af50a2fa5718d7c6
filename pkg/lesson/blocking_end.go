package lesson

// The rest of lesson 01's cases: what an ask leaves open, and what it closes. Read
// blocking.go first.

import (
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/faulty"
	"stepwise/pkg/trial"
)

func askLeavesNothing(impl Impl) {
	leavesNothing(impl, "an answer", faulty.HTTP("hello"), []byte(question))
}

func askFailsAndLeavesNothing(impl Impl) {
	leavesNothing(impl, "a refusal", faulty.Refused(), []byte(question))
	leavesNothing(impl, "a reset", faulty.HTTPReset("part"), []byte(question))
	leavesNothing(impl, "a write that failed", faulty.ResetMidway(""), make([]byte, 20_000_000))
	askNonsense(impl)
}

// askNonsense looks for a socket that was made before the address was read, and at
// descriptor 0, which is the number in a variable that nothing has set. It is the standard
// input, if that is open.
func askNonsense(impl Impl) {
	input, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return
	}
	defer unix.Close(input)
	before := unconnected()
	_, err = impl.Ask("nonsense", []byte(question))
	if _, err := unix.FcntlInt(0, unix.F_GETFD, 0); err != nil {
		_ = unix.Dup2(input, 0)
		fail(`ask the address "nonsense", and look at the standard input`, "it closed", "it open: no socket has been made", err)
	}
	refused(`ask the address "nonsense"`, err, nil)
	noneStays("a nonsensical address", 0, before)
}

// leavesNothing asks, ignores the answer, and looks for what is open afterwards:
// first for what is still connected, and once the server is gone, for what has no
// peer.
func leavesNothing(impl Impl, what string, peer *faulty.Server, question []byte) {
	defer peer.Close()
	before, left := unconnected(), 0
	looking := impl
	looking.Ask = func(address string, question []byte) ([]byte, error) {
		answer, err := impl.Ask(address, question)
		left = len(connectedTo(address))
		return answer, err
	}
	_, _ = asked(looking, peer, question, nil)
	_ = peer.Close()
	noneStays(what, left, before)
}

// noneStays expects nothing to be open after an ask: no sockets with a peer, of which left
// are, and none without a peer that are new since before. It closes these.
func noneStays(what string, left int, before []int) {
	for _, fd := range staysIn(before) {
		left++
		_ = unix.Close(fd)
	}
	if left > 0 {
		fail("count the open sockets after "+what, fmt.Sprint(left), "none", nil)
	}
}

// staysIn are the descriptors of sockets without a peer that are new since before, and
// stay. What others are about to close goes away.
func staysIn(before []int) (fds []int) {
	for range 50 {
		if fds = newIn(before, unconnected()); len(fds) == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	return fds
}

// newIn are the descriptors that are in after and not in before.
func newIn(before, after []int) []int {
	return slices.DeleteFunc(after, func(fd int) bool { return slices.Contains(before, fd) })
}

// askClosesOnce takes the number of the socket while ask is still closing it, and looks
// whether ask closes that too. No signal may end the wait of that close.
func askClosesOnce(impl Impl) {
	ln := listenSmall()
	defer ln.Close()
	taken := make(chan int, 1)
	go func() { taken <- takeNumber(ln) }()
	undisturbed(func() { _, _ = impl.Ask(ln.Addr().String(), faulty.Pattern(50_000)) })
	_ = ln.Close()
	if fd := <-taken; fd >= 0 && unix.Close(fd) != nil {
		fail("take the number of a socket that ask has closed, and look at it when ask has returned", "it closed", "it open: a number is closed once", nil)
	}
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

// takeNumber answers a client without reading its question, and makes the client's close
// wait for that (SO_LINGER). The number is free by then: it takes it, and only then lets
// close return. It returns the number, or -1 if there was nothing to take.
func takeNumber(ln net.Listener) int {
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
	fd := fds[0]
	_ = unix.SetsockoptLinger(fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1, Linger: 5})
	_, _ = conn.Write([]byte("answer"))
	_ = conn.(*net.TCPConn).CloseWrite()
	for late := time.Now().Add(limit / 40); leadsTo(fd, address); time.Sleep(time.Millisecond) {
		if time.Now().After(late) {
			return -1 // it is never closed, which M01 judges
		}
	}
	return take(fd)
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
