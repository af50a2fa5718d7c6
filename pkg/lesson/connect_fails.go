package lesson

// The cases of lesson 08 whose connections fail. Read connect.go first.

import (
	"fmt"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/trial"
)

func connectRefused(impl Impl) {
	peer := faulty.Refused()
	defer peer.Close()
	onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
		fd := lowestFree()
		t := begun(yield, l, impl, peer.Addr())
		if !t.Done() {
			breaks(fd) // so that code which spins until then has no time for it
		}
		const tried = "connect to a port where nobody listens"
		wantError(tried, outcome(yield, t, tried), unix.ECONNREFUSED)
	})
}

// outcome is that of a connection that has failed already. Code that spins meanwhile fails.
func outcome(yield coro.Yield, t *dial, tried string) error {
	finishes(yield, t.Task, tried)
	_, err := t.Result()
	if t.socket == nil {
		return err
	}
	_ = t.socket.Close()
	if err != nil {
		fail(tried, "a socket beside the error", "nil: a caller may take what is there for a connection", err)
	}
	return nil
}

// connectFails expects the connection to fail for this reason. Then look gets the number
// that its descriptor should have had.
func connectFails(sel selector.Selector, impl Impl, address, tried string, reason error, look func(l *loop.Loop, fd int)) {
	onLoop(sel, func(yield coro.Yield, l *loop.Loop) {
		fd := lowestFree()
		wantError(tried, outcome(yield, begun(yield, l, impl, address), tried), reason)
		look(l, fd)
	})
}

func nothing(*loop.Loop, int) {}

// broadcast is an address of this machine that no connection can be made to: connect
// itself says so.
const broadcast = "127.255.255.255:80"

func connectAtOnce(impl Impl) {
	family, sa, err := sock.Sockaddr(broadcast)
	trial.Must(err)
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	trial.Must(err)
	trial.Must(unix.SetNonblock(fd, true))
	err = unix.Connect(fd, sa)
	_ = unix.Close(fd)
	if err != nil && err != unix.EINPROGRESS { // some systems may go on here
		connectFails(nil, impl, broadcast, "connect to "+broadcast, err, stillFree)
	}
}

// connectReset has the server reset the connection before the code asks how it went.
func connectReset(impl Impl) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	trial.Must(err)
	defer ln.Close()
	s, err := selector.New()
	trial.Must(err)
	connectFails(&resetting{s, ln}, impl, ln.Addr().String(), "connect to a server that resets the connection at once", unix.ECONNRESET, nothing)
}

// resetting is a selector that accepts and resets the connection before it reports it.
type resetting struct {
	selector.Selector
	ln net.Listener // nil when the connection is reset
}

// Select resets the connection when it has something to report.
func (r *resetting) Select(timeout time.Duration) ([]selector.Ready, error) {
	ready, err := r.Selector.Select(timeout)
	if len(ready) == 0 || r.ln == nil {
		return ready, err
	}
	c, failed := r.ln.Accept()
	if failed != nil {
		return ready, failed
	}
	r.ln = nil
	_ = c.(*net.TCPConn).SetLinger(0)
	_ = c.Close()
	breaks(ready[0].FD)
	return ready, err
}

// lowestFree is the number that the next descriptor will get.
func lowestFree() int {
	fd, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err == nil {
		_ = unix.Close(fd)
	}
	return fd
}

// stillFree expects fd to be closed, and the loop not to know its number.
func stillFree(l *loop.Loop, fd int) {
	if l.RemoveWriter(fd) || l.RemoveReader(fd) {
		fail("look for what connect left behind", "a descriptor that is still registered with the loop", "nothing", nil)
	}
	if now := lowestFree(); now != fd {
		fail("look for what connect left behind", "a descriptor that is still open", "nothing", nil)
	}
}

func connectNowhere(impl Impl) {
	onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
		fd := lowestFree()
		for _, address := range []string{"", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:x", "1.2.3:80"} {
			_, err := impl.Connect(yield, l, address)
			wantError(fmt.Sprintf("connect to %q", address), err, sock.ErrAddress)
		}
		stillFree(l, fd)
	})
}

// connectLeak gives the number of the failed connection to somebody else, and expects
// neither the code nor the end of its loop to close it again.
func connectLeak(impl Impl) {
	peer := faulty.Refused()
	defer peer.Close()
	connectOnClosed(impl, peer.Addr())
	other := -1
	onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
		fd := lowestFree()
		t := begun(yield, l, impl, peer.Addr())
		if !t.Done() {
			breaks(fd)
		}
		if err := outcome(yield, t, "connect to a port where nobody listens"); err != nil { // otherwise it is C02's business
			stillFree(l, fd)
			other, err = unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
			trial.Must(err)
		}
	})
	if other >= 0 && unix.Close(other) != nil {
		fail("give the number of the closed descriptor to somebody else, and close the loop", "theirs closed: the socket still had the number, and closed it again",
			"the socket closed, by its Close, and not the descriptor beneath it", nil)
	}
}

// connectOnClosed connects on a loop that is closed: sock.FromFD refuses it.
func connectOnClosed(impl Impl, address string) {
	onLoop(nil, func(yield coro.Yield, _ *loop.Loop) {
		closed, err := loop.New(loop.Options{})
		trial.Must(err)
		trial.Must(closed.Close())
		fd := lowestFree()
		const tried = "connect on a loop that is closed"
		if s, err := impl.Connect(yield, closed, address); s != nil || err == nil {
			fail(tried, trial.Said(err), "no socket, and an error", err)
		}
		if now := lowestFree(); now != fd {
			fail(tried+", and look for what it left behind", "a descriptor that is still open", "nothing: close it with unix.Close if there is no Socket", nil)
		}
	})
}
