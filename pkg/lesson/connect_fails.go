package lesson

// The rest of lesson 08's cases: connections that fail, or that never come. Read
// connect.go first.

import (
	"fmt"
	"net"
	"os"
	"sync/atomic"
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

func connectCanceled(impl Impl) { connectUnanswered(nil, impl, stillFree) }

func connectSpurious(impl Impl) {
	connectUnanswered(newSpurious(), impl, nothing) // what it leaves is C04's business
}

// connectUnanswered expects connect to wait while nothing happens, and to end when
// it is canceled. Then look gets the number that its descriptor should have had.
func connectUnanswered(sel selector.Selector, impl Impl, look func(l *loop.Loop, fd int)) {
	peer := faulty.NeverAccepts()
	defer peer.Close()
	onLoop(sel, func(yield coro.Yield, l *loop.Loop) {
		fd := lowestFree()
		var begins, late atomic.Bool
		begins.Store(true)
		go func() { // a call that blocks ends with the connection
			if staysBlocking(fd, &begins) {
				late.Store(true)
				_ = unix.Shutdown(fd, unix.SHUT_RDWR)
				peer.Release()
			}
		}()
		t := begun(yield, l, impl, peer.Addr())
		begins.Store(false)
		if late.Load() {
			fail("connect to a server that doesn't answer", "a call that blocks, and the loop with it", "a wait at a yield: is the descriptor non-blocking?", nil)
		}
		cancels(yield, "connect to a server that doesn't answer", t.Task)
		look(l, fd)
	})
}

// staysBlocking waits until fd has been found open, and blocking, many times in a row, and
// then returns true; or false when nothing begins any more.
func staysBlocking(fd int, begins *atomic.Bool) bool {
	for looks := 0; looks < 200; time.Sleep(time.Millisecond) {
		if !begins.Load() {
			return false
		}
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0); err == nil && flags&unix.O_NONBLOCK == 0 {
			looks++
		} else {
			looks = 0
		}
	}
	return true
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
