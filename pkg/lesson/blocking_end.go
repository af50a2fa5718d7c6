package lesson

// More of lesson 01's cases: what an ask leaves open, and a question that is cut short. Read
// blocking.go first.

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
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
	for range 500 {
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

// askResetEarly asks a server that reads a little and resets the connection, while the
// write waits for room.
func askResetEarly(impl Impl) {
	peer := faulty.ResetMidway("")
	defer peer.Close()
	got, err := asked(impl, peer, make([]byte, 20_000_000), nil)
	wasCutShort("ask a server that resets the connection before it has read all", got, err)
	askGivenUp(impl)
}

func wasCutShort(tried string, got []byte, err error) {
	if !errors.Is(err, unix.ECONNRESET) && !errors.Is(err, unix.EPIPE) {
		fail(tried, trial.Both(got, err), "ECONNRESET or EPIPE, as it is", err)
	}
}

// askGivenUp asks a server that answers and ends its side before it has read the question,
// and resets the connection then, while the write waits for room. The write fails, and the
// answer is there to be read, and ends in order.
func askGivenUp(impl Impl) {
	ln := listenSmall()
	defer ln.Close()
	address, before := ln.Addr().String(), unconnected()
	defer func() {
		for _, fd := range staysIn(before) {
			_ = unix.Close(fd)
		}
	}()
	var got []byte
	var err error
	beside(func(here int, over func() bool) {
		fd := sleepsWith(here, over, func() []int { return connectedTo(address) })
		if fd < 0 && over() {
			return
		}
		if conn, err := ln.Accept(); err == nil {
			_, _ = io.WriteString(conn, "too long")
			_ = conn.(*net.TCPConn).CloseWrite()
			_ = conn.Close() // what was not read makes this a reset
		}
	}, func() { got, err = impl.Ask(address, make([]byte, 20_000_000)) })
	wasCutShort("ask a server that answers and resets the connection before it has read all", got, err)
}

// hasLimit reports whether a read or a write on fd ends by itself after a time.
func hasLimit(fd int) bool {
	for _, option := range []int{unix.SO_RCVTIMEO, unix.SO_SNDTIMEO} {
		if t, err := unix.GetsockoptTimeval(fd, unix.SOL_SOCKET, option); err == nil && (t.Sec != 0 || t.Usec != 0) {
			return true
		}
	}
	return false
}
