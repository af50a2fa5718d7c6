package lesson

// Two tasks on one socket, in the same direction: cases of lessons 09 to 11. Only one of
// them can be registered with the loop.

import (
	"errors"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// sendBusy has a second send on the socket of one that waits. There is no room for a byte,
// so it would have to wait, too.
func sendBusy(impl Impl) {
	withPair(func(yield coro.Yield, s *sock.Socket, peer *end) {
		const tried = "send while another send waits on the same socket"
		first := sending(yield, s, impl, faulty.Pattern(much))
		isBusy(yield, tried, sending(yield, s, impl, faulty.Pattern(much)))
		peer.takes(yield, s, first, tried+", and look at that one")
	})
	sendBeside(impl)
	withSlowPeer(nil, func(yield coro.Yield, s *sock.Socket, peer *faulty.Server) {
		t := sending(yield, s, impl, faulty.Pattern(much))
		peer.Release()
		polls(s.FD(), unix.POLLOUT)
		leavesNext(yield, s, "send", t, s.Loop().AddWriter, s.Loop().RemoveWriter)
	})
}

// sendBeside sends what there is room for while another task waits for more.
func sendBeside(impl Impl) {
	withFullPair(func(yield coro.Yield, s *sock.Socket, peer *end, before []byte) {
		const tried = "send what there is room for while another task waits for room on the same socket"
		peer.read(piece)
		noError("add a writer", s.Loop().AddWriter(s.FD(), func() {}))
		sendsAll(yield, s, impl, []byte("x"), tried)
		if !s.Loop().RemoveWriter(s.FD()) {
			fail(tried+", and look at that task's writer", "no writer", "it to be there still", nil)
		}
	})
}

// readBusy has a second read on the socket of one that waits.
func readBusy(impl Impl) {
	withPeer(nil, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) {
		const tried = "read while another read waits on the same socket"
		first := reading(yield, s, impl)
		isBusy(yield, tried, reading(yield, s, impl).Task)
		noError("send to an echo server", sock.Send(yield, s, []byte("hello")))
		arrives(s.FD())
		finishes(yield, first.Task, tried+", and look at that one")
		same(tried+", and look at that one", first.got, first.err, "hello")
	})
	readBeside(impl)
	withPeer(nil, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) {
		t := reading(yield, s, impl)
		noError("send to an echo server", sock.Send(yield, s, []byte("hello")))
		arrives(s.FD())
		leavesNext(yield, s, "read", t.Task, s.Loop().AddReader, s.Loop().RemoveReader)
	})
}

// readAllBusy has a read_all on the socket of a read that waits.
func readAllBusy(impl Impl) {
	withPeer(nil, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) {
		const tried = "read_all while a read waits on the same socket"
		first := reading(yield, s, Library)
		r := readingAll(yield, s, impl, 1000)
		r.ends(yield, tried)
		if !errors.Is(r.err, sock.ErrBusy) && !errors.Is(r.err, loop.ErrBusy) || len(r.got) != 0 {
			fail(tried, trial.Both(r.got, r.err), trial.Both(nil, loop.ErrBusy), r.err)
		}
		noError("send to an echo server", sock.Send(yield, s, []byte("hello")))
		arrives(s.FD())
		first.ends(yield, tried+", and look at that one")
		same(tried+", and look at that one", first.got, first.err, "hello")
	})
}

// readBeside reads what is there while another task waits for more. Code that asks the loop
// first is refused, which is all right.
func readBeside(impl Impl) {
	withPair(func(yield coro.Yield, s *sock.Socket, peer *end) {
		const tried = "read what is there while another task waits on the same socket"
		peer.says("hello")
		noError("add a reader", s.Loop().AddReader(s.FD(), func() {}))
		t := goRead(s, impl)
		rounds(yield, 10) // the loop won't sleep: there is something to read
		if !t.Done() {
			fail(tried, "a wait that goes on", "an end: all that it needs has happened", trial.ErrWaits)
		}
		if !s.Loop().RemoveReader(s.FD()) {
			fail(tried+", and look at that task's reader", "no reader", "it to be there still", nil)
		}
	})
}

// isBusy expects t to have been refused, by the loop or by the library's socket.
func isBusy(yield coro.Yield, tried string, t *task.Task) {
	finishes(yield, t, tried)
	if _, err := t.Result(); !errors.Is(err, sock.ErrBusy) {
		wantError(tried, err, loop.ErrBusy)
	}
}

// leavesNext has another task register itself in the moment when t has been woken, and
// cancels t, which hasn't had its turn. Code that is still registered then leaves nobody
// room.
func leavesNext(yield coro.Yield, s *sock.Socket, verb string, t *task.Task, add func(int, func()) error, remove func(int) bool) {
	rounds(yield, 2) // in the first, select tells; the second begins before the task has its turn
	if add(s.FD(), func() {}) != nil {
		return
	}
	t.Cancel()
	rounds(yield, 10)
	if !remove(s.FD()) {
		fail("cancel a "+verb+" that was woken, when the next task waits on the same socket already", "the next one's registration removed",
			"it to be there still: what was removed once isn't yours any more", nil)
	}
}
