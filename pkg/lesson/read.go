package lesson

import (
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// Read judges lesson 10: data comes in pieces. What a piece must be is in read_pieces.go,
// the case of two reads on one socket in socket_busy.go.
var Read = Lesson{
	Number: 10, Name: "read", Code: "sock/read.go",
	Question: "how much is there?",
	Able:     "take what is there, and tell the end from an error",
	Judges:   "Read", Wrong: wrongReads, Hints: readHints, Needs: map[string][]string{"R07": {"R01"}, "R11": {"R07"}, "R08": {"R01", "R07"}, "R14": {"R01"}, "W13": {"R01", "R07"}},
	Fits: fits("Q02", "returns its whole buffer, filled or not"),
	Cases: []Case{
		{"R01", "the data comes later", "to wait is what a read is for", readLater},
		{"R02", "the peer has ended", "the end is io.EOF, now and each time after; empty data would be read forever", readEnd},
		{"R03", "the peer resets the connection", "taken for the end, a reset makes half an answer look whole", readReset},
		{"R04", "a false wake-up", "a wake-up is a permission to try, not a promise", readSpurious},
		{"R07", "canceled, and then read again", "the canceled read must consume nothing and leave nothing registered", readCanceled},
		{"R11", "canceled at the moment when the data comes", "what a canceled read has taken, nobody will ever see", readCanceledLate},
		{"Q02", "single bytes", "a piece is what is there: code that waits for more may wait forever", readPiece},
		{"Q03", "more than a buffer, in many pieces", "what was read stays the caller's: code that uses its buffer again writes over it", readPieces},
		{"Q07", "bytes that aren't text", "bytes are bytes: a zero or a line end at the end of a piece belongs to what the peer says", readBytes},
		{"W13", "a send waits on the same socket", "reader and writer must not get in each other's way", readWhileSending},
		{"R14", "two sockets at once", "what two reads share, the second one takes away from the first", readTwo},
		{"R08", "another read waits on the same socket", "the one that can't wait must say so, and not take the loop's attention from the other", readBusy},
	},
}

func readLater(impl Impl) { readEchoes(nil, impl) }

// readEchoes reads what an echo server sends while the read waits.
func readEchoes(sel selector.Selector, impl Impl) {
	withPeer(sel, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) { readEcho(yield, s, impl) })
}

// goRead is a read in a task that has had no turn yet.
func goRead(s *sock.Socket, impl Impl) *returned {
	r := &returned{}
	r.Task = task.Go(s.Loop(), func(yield coro.Yield) error {
		r.got, r.err = impl.Read(yield, s)
		return r.err
	})
	return r
}

// reading begins to read, and lets the code come to where it waits.
func reading(yield coro.Yield, s *sock.Socket, impl Impl) *returned {
	r := goRead(s, impl)
	settles(yield, s.Loop())
	r.note()
	return r
}

// reads is a read of what is there already, if only the end.
func reads(yield coro.Yield, s *sock.Socket, impl Impl, tried string) ([]byte, error) {
	arrives(s.FD())
	t := reading(yield, s, impl)
	t.ends(yield, tried)
	return t.got, t.err
}

// readEcho begins to read, and then gives the echo server something to say.
func readEcho(yield coro.Yield, s *sock.Socket, impl Impl) {
	t := reading(yield, s, impl)
	if t.Done() {
		fail("read before there is data", trial.Both(t.got, t.err), "it to wait", t.err)
	}
	trial.Must(sock.Send(yield, s, []byte("hello")))
	arrives(s.FD())
	const tried = "read what the peer sends while the read waits"
	t.ends(yield, tried)
	same(tried, t.got, t.err, "hello")
}

func readEnd(impl Impl) {
	withPeer(nil, faulty.HalfClose("bye"), func(yield coro.Yield, s *sock.Socket) {
		for got := 0; got < 3; {
			p, err := reads(yield, s, impl, "read before the end")
			if err != nil || len(p) == 0 {
				fail("read before the end", trial.Both(p, err), "data", err)
			}
			got += len(p)
		}
		for range 2 {
			p, err := reads(yield, s, impl, "read at the end, twice")
			if err != io.EOF || len(p) != 0 {
				fail("read at the end, twice", trial.Both(p, err), "no data and io.EOF", err)
			}
			stillOpen(s)
		}
		noError("send after the end of what the peer sends", sock.Send(yield, s, []byte("thanks")))
	})
}

// readReset reads when the reset is there, and the data before it, if there is any. A
// read that brings data must leave the reset to the next one.
func readReset(impl Impl) {
	for _, data := range []string{"part", ""} {
		onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
			s, err := sock.FromFD(l, resets(data))
			trial.Must(err)
			defer s.Close()
			tried, got := fmt.Sprintf("read %q, and then a reset", data), ""
			for err == nil && len(got) <= len(data) {
				var p []byte
				p, err = reads(yield, s, impl, tried)
				got += string(p)
			}
			if got != data || !errors.Is(err, unix.ECONNRESET) {
				fail(tried, trial.Both([]byte(got), err), trial.Both([]byte(data), unix.ECONNRESET), err)
			}
			stillOpen(s)
		})
	}
}

func readSpurious(impl Impl) { readEchoes(newSpurious(), impl) }

func readCanceled(impl Impl) {
	withPeer(nil, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) {
		cancels(yield, "read before there is data", task.Spawn(s.Loop(), func(yield coro.Yield) (any, error) { return impl.Read(yield, s) }))
		cancelsInTurn(yield, s.Loop(), "read before there is data", func(yield coro.Yield) (any, error) { return impl.Read(yield, s) })
		stillOpen(s)
		if s.Loop().RemoveReader(s.FD()) {
			fail("look for what the canceled read left behind", "a reader that is still registered", "nothing", nil)
		}
		readEcho(yield, s, impl)
	})
}

// readCanceledLate cancels between the callback that tells of the data and the turn of
// the task that waits for it, and in the turns after that.
func readCanceledLate(impl Impl) {
	for turn := range 3 {
		withPeer(nil, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) { canceledLate(yield, s, impl, turn) })
	}
}

func canceledLate(yield coro.Yield, s *sock.Socket, impl Impl, turn int) {
	t := reading(yield, s, impl)
	trial.Must(sock.Send(yield, s, []byte("hello")))
	arrives(s.FD())
	rounds(yield, 2+turn) // in the first, select tells of the data; the second begins before the task has its turn
	const tried = "cancel a read in the moment when the data comes"
	if !t.Cancel() {
		return // it has the data already, and nothing is lost
	}
	t.ends(yield, tried)
	if t.err == nil {
		same(tried+", which it survives", t.got, t.err, "hello")
		return
	}
	if n, _, _ := unix.Recvfrom(s.FD(), make([]byte, 1), unix.MSG_PEEK); n < 1 {
		fail(tried+", and look for the data", "nothing: the canceled read has taken it", "it to be there for the next read", nil)
	}
	got, err := reads(yield, s, impl, tried+", and read again")
	same(tried+", and read again", got, err, "hello")
}

// readWhileSending has a writer on the socket of a read that has to wait, and ends well,
// or is canceled. The writer is a callback that waits for room, and there is none.
func readWhileSending(impl Impl) {
	const tried = "read while a send waits on the same socket"
	for _, canceled := range []bool{false, true} {
		withFullPair(func(yield coro.Yield, s *sock.Socket, peer *end, _ []byte) {
			noError("add a writer", s.Loop().AddWriter(s.FD(), func() {}))
			t := reading(yield, s, impl)
			if canceled {
				t.Cancel()
			} else {
				peer.says("hello")
			}
			t.ends(yield, tried)
			if !canceled {
				noError(tried, t.err)
			}
			if !s.Loop().RemoveWriter(s.FD()) {
				fail("look at the writer that waited on the same socket meanwhile", "no writer", "it to be there still", nil)
			}
		})
	}
}

// readTwo has two reads wait at the same moment.
func readTwo(impl Impl) {
	withPeer(nil, faulty.Echo(), func(yield coro.Yield, first *sock.Socket) {
		peer := faulty.Echo()
		defer peer.Close()
		second, err := sock.Connect(yield, peer.Addr())
		trial.Must(err)
		defer second.Close()
		a, b := reading(yield, first, impl), reading(yield, second, impl)
		const tried = "read from two sockets at once"
		for _, end := range []struct {
			s    *sock.Socket
			t    *returned
			text string
		}{{first, a, "one"}, {second, b, "two"}} {
			trial.Must(sock.Send(yield, end.s, []byte(end.text)))
			arrives(end.s.FD())
			end.t.ends(yield, tried)
			same(tried, end.t.got, end.t.err, end.text)
		}
	})
}
