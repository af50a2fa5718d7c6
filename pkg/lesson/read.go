package lesson

import (
	"errors"
	"fmt"
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// Read judges lesson 10: data comes in pieces.
var Read = Lesson{Number: 10, Name: "read", Wrong: wrongReads, Cases: []Case{
	{"R01", "the data comes later", "to wait is what a read is for", readLater},
	{"R02", "the peer has ended", "the end is io.EOF, now and each time after; empty data would be read for ever", readEnd},
	{"R03", "the peer resets the connection", "a reset taken for the end makes half an answer look whole", readReset},
	{"R04", "a false wake-up", "a wake-up is a permission to try, not a promise", readSpurious},
	{"R07", "cancelled, and then read again", "the cancelled read must eat nothing and leave nothing registered", readCanceled},
	{"Q02", "single bytes", "a piece is what is there: to wait for more may wait for ever", readPiece},
}}

func readLater(impl Impl) error {
	return withPeer(nil, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) error {
		return readEcho(yield, s, impl)
	})
}

// readEcho begins to read, and then gives the echo server something to say.
func readEcho(yield coro.Yield, s *sock.Socket, impl Impl) error {
	t := task.Spawn(s.Loop(), func(yield coro.Yield) (any, error) { return impl.Read(yield, s) })
	if err := rounds(yield, 5); err != nil {
		return err
	}
	if t.Done() {
		v, err := t.Result()
		got, _ := v.([]byte)
		return fmt.Errorf("read before there is data: got %q, %v; want it to wait", got, err)
	}
	if err := sock.Send(yield, s, []byte("hello")); err != nil {
		return err
	}
	got, err := task.AwaitAs[[]byte](yield, t)
	if err != nil || string(got) != "hello" {
		return fmt.Errorf("read: got %q, %v; want %q", got, err, "hello")
	}
	return nil
}

func readEnd(impl Impl) error {
	return withPeer(nil, faulty.HalfClose("bye"), func(yield coro.Yield, s *sock.Socket) error {
		for got := 0; got < 3; {
			p, err := impl.Read(yield, s)
			if err != nil || len(p) == 0 {
				return fmt.Errorf("read before the end: got %q, %v", p, err)
			}
			got += len(p)
		}
		for range 2 {
			if p, err := impl.Read(yield, s); err != io.EOF || len(p) != 0 {
				return fmt.Errorf("read at the end: got %q, %v; want no data and io.EOF", p, err)
			}
		}
		return nil
	})
}

func readReset(impl Impl) error {
	return withPeer(nil, faulty.ResetMidway("part"), func(yield coro.Yield, s *sock.Socket) error {
		for range 5 {
			_, err := impl.Read(yield, s)
			if err == io.EOF {
				return fmt.Errorf("read from a connection that was reset: got io.EOF, want the reset")
			}
			if err != nil {
				return nil
			}
		}
		return errors.New("read from a connection that was reset: got no error")
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
			return fmt.Errorf("cancelled read: got no error, want %w", future.ErrCanceled)
		}
		return readEcho(yield, s, impl)
	})
}

func readPiece(impl Impl) error {
	return withPeer(nil, faulty.Stall("x"), func(yield coro.Yield, s *sock.Socket) error {
		p, err := impl.Read(yield, s)
		if err != nil || string(p) != "x" {
			return fmt.Errorf("read of the one byte that is there: got %q, %v", p, err)
		}
		return nil
	})
}
