package lesson

import (
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// Read judges lesson 10: data comes in pieces.
var Read = Lesson{
	Number: 10, Name: "read", Code: "sock/read.go",
	Question: "how much is there?",
	Able:     "take what is there, and tell the end from an error",
	Judges:   "Read", Wrong: wrongReads, Hints: readHints,
	Cases: []Case{
		{"R01", "the data comes later", "to wait is what a read is for", readLater},
		{"R02", "the peer has ended", "the end is io.EOF, now and each time after; empty data would be read forever", readEnd},
		{"R03", "the peer resets the connection", "taken for the end, a reset makes half an answer look whole", readReset},
		{"R04", "a false wake-up", "a wake-up is a permission to try, not a promise", readSpurious},
		{"R07", "canceled, and then read again", "the canceled read must consume nothing and leave nothing registered", readCanceled},
		{"Q02", "single bytes", "a piece is what is there: code that waits for more may wait forever", readPiece},
	},
}

func readLater(impl Impl) error {
	return withPeer(nil, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) error {
		return readEcho(yield, s, impl)
	})
}

// readEcho begins to read, and then gives the echo server something to say.
func readEcho(yield coro.Yield, s *sock.Socket, impl Impl) error {
	t := task.SpawnAs(s.Loop(), func(yield coro.Yield) ([]byte, error) { return impl.Read(yield, s) })
	if err := rounds(yield, 5); err != nil {
		return err
	}
	if t.Done() {
		got, err := t.Value()
		return trial.Fail("read before there is data", trial.Both(got, err), "it to wait", err)
	}
	if err := sock.Send(yield, s, []byte("hello")); err != nil {
		return err
	}
	got, err := task.AwaitAs(yield, t)
	if err != nil || string(got) != "hello" {
		return trial.Fail("read what the peer sends while the read waits", trial.Both(got, err), `"hello"`, err)
	}
	return nil
}

func readEnd(impl Impl) error {
	return withPeer(nil, faulty.HalfClose("bye"), func(yield coro.Yield, s *sock.Socket) error {
		for got := 0; got < 3; {
			if err := arrives(s.FD()); err != nil {
				return err
			}
			p, err := impl.Read(yield, s)
			if err != nil || len(p) == 0 {
				return trial.Fail("read before the end", trial.Both(p, err), "data", err)
			}
			got += len(p)
		}
		if err := arrives(s.FD()); err != nil {
			return err
		}
		for range 2 {
			if p, err := impl.Read(yield, s); err != io.EOF || len(p) != 0 {
				return trial.Fail("read at the end, twice", trial.Both(p, err), "no data and io.EOF", err)
			}
		}
		return nil
	})
}

func readReset(impl Impl) error {
	return withPeer(nil, faulty.ResetMidway("part"), func(yield coro.Yield, s *sock.Socket) error {
		for range 5 {
			if err := arrives(s.FD()); err != nil {
				return err
			}
			_, err := impl.Read(yield, s)
			if err == io.EOF {
				return trial.Fail("read from a connection that was reset", "io.EOF", "the reset", err)
			}
			if err != nil {
				return nil
			}
		}
		return trial.Fail("read from a connection that was reset, five times", "no error", "the reset", nil)
	})
}

func readSpurious(impl Impl) error {
	sel, err := newSpurious()
	if err != nil {
		return err
	}
	return withPeer(sel, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) error {
		return readEcho(yield, s, impl)
	})
}

func readCanceled(impl Impl) error {
	return withPeer(nil, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) error {
		t := task.Spawn(s.Loop(), func(yield coro.Yield) (any, error) { return impl.Read(yield, s) })
		if err := rounds(yield, 5); err != nil {
			return err
		}
		t.Cancel()
		if _, err := task.Await(yield, t); err == nil {
			return trial.Fail("cancel a read that waits", "no error", trial.Said(future.ErrCanceled), nil)
		}
		return readEcho(yield, s, impl)
	})
}

func readPiece(impl Impl) error {
	return withPeer(nil, faulty.Stall("x"), func(yield coro.Yield, s *sock.Socket) error {
		if err := arrives(s.FD()); err != nil {
			return err
		}
		p, err := impl.Read(yield, s)
		if err != nil || string(p) != "x" {
			return trial.Fail("read when one byte is there", trial.Both(p, err), `"x"`, err)
		}
		return nil
	})
}
