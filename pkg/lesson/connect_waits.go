package lesson

// The cases of lesson 08 whose connections wait: nobody answers them. Read connect.go
// first.

import (
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

const unanswered = "connect to a server that doesn't answer"

func connectCanceled(impl Impl) { connectUnanswered(nil, impl, stillFree) }

func connectSpurious(impl Impl) {
	connectUnanswered(newSpurious(), impl, nothing) // what it leaves is C04's business
	connectBroken(impl)
}

// connectUnanswered expects connect to wait while nothing happens, and to end when
// it is canceled. Then look gets the number that its descriptor should have had.
func connectUnanswered(sel selector.Selector, impl Impl, look func(l *loop.Loop, fd int)) {
	peer := faulty.NeverAccepts()
	defer peer.Close()
	onLoop(sel, func(yield coro.Yield, l *loop.Loop) {
		t, fd := unanswers(yield, l, impl, peer)
		if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil && flags&unix.FD_CLOEXEC == 0 {
			fail(unanswered, "a socket that a program would inherit while it waits", "FD_CLOEXEC to be set from the beginning", nil)
		}
		cancels(yield, unanswered, t.Task)
		look(l, fd)
	})
}

// connectBroken wakes connect for nothing, and then ends the connection, which has not
// begun. Code that begins again meanwhile has another socket.
func connectBroken(impl Impl) {
	peer := faulty.NeverAccepts()
	defer peer.Close()
	onLoop(newSpurious(), func(yield coro.Yield, l *loop.Loop) {
		t, fd := unanswers(yield, l, impl, peer)
		first := inode(fd)
		settles(yield, l)
		if inode(fd) != first {
			fail(unanswered+", and wake it for nothing", "another socket in place of the first one", "the same one: the kernel goes on connecting it", nil)
		}
		if err := unix.Shutdown(fd, unix.SHUT_RDWR); err == nil { // some systems refuse
			const tried = unanswered + ", wake it for nothing, and then end the connection"
			refused(tried, outcome(yield, t, tried), nil)
		}
	})
}

// connectBeside has a connection come while two others wait, and cancels these in turn.
func connectBeside(impl Impl) {
	mute, echo := faulty.NeverAccepts(), faulty.Echo()
	defer mute.Close()
	defer echo.Close()
	onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
		first, fd := unanswers(yield, l, impl, mute)
		second, next := unanswers(yield, l, impl, mute)
		t := connecting(yield, l, impl, echo)
		trial.Must(echo.WaitAccepted(1, limit))
		_ = connects(yield, t).Close()
		const tried = unanswered + ", beside another one"
		cancels(yield, tried, first.Task)
		if second.Done() {
			_, err := second.Result()
			fail(tried+", and cancel that one", "an end, with "+trial.Said(err), "it to wait", err)
		}
		cancels(yield, tried, second.Task)
		for _, fd := range []int{fd, next} {
			if l.RemoveWriter(fd) || l.RemoveReader(fd) {
				fail(tried+", and look for what they left behind", "a descriptor that is still registered with the loop", "nothing", nil)
			}
		}
	})
}

// unanswers begins to connect to peer, which doesn't answer, and also returns the number that
// the descriptor should have. A call that blocks fails.
func unanswers(yield coro.Yield, l *loop.Loop, impl Impl, peer *faulty.Server) (t *dial, fd int) {
	fd = lowestFree()
	var begins, late atomic.Bool
	begins.Store(true)
	go func() { // a call that blocks ends with the connection
		if staysBlocking(fd, &begins) {
			late.Store(true)
			_ = unix.Shutdown(fd, unix.SHUT_RDWR)
			peer.Release()
		}
	}()
	t = begun(yield, l, impl, peer.Addr())
	begins.Store(false)
	if late.Load() {
		fail(unanswered, "a call that blocks, and the loop with it", "a wait at a yield: is the descriptor non-blocking?", nil)
	}
	return t, fd
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
