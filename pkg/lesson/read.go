package lesson

import (
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
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

func readLater(impl Impl) {
	withPeer(nil, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) {
		readEcho(yield, s, impl)
	})
}

// readEcho begins to read, and then gives the echo server something to say.
func readEcho(yield coro.Yield, s *sock.Socket, impl Impl) {
	t := task.SpawnAs(s.Loop(), func(yield coro.Yield) ([]byte, error) { return impl.Read(yield, s) })
	rounds(yield, 5)
	if t.Done() {
		got, err := t.Value()
		fail("read before there is data", trial.Both(got, err), "it to wait", err)
	}
	trial.Must(sock.Send(yield, s, []byte("hello")))
	got, err := task.AwaitAs(yield, t)
	same("read what the peer sends while the read waits", got, err, "hello")
}

func readEnd(impl Impl) {
	withPeer(nil, faulty.HalfClose("bye"), func(yield coro.Yield, s *sock.Socket) {
		for got := 0; got < 3; {
			arrives(s.FD())
			p, err := impl.Read(yield, s)
			if err != nil || len(p) == 0 {
				fail("read before the end", trial.Both(p, err), "data", err)
			}
			got += len(p)
		}
		arrives(s.FD())
		for range 2 {
			if p, err := impl.Read(yield, s); err != io.EOF || len(p) != 0 {
				fail("read at the end, twice", trial.Both(p, err), "no data and io.EOF", err)
			}
		}
	})
}

func readReset(impl Impl) {
	withPeer(nil, faulty.ResetMidway("part"), func(yield coro.Yield, s *sock.Socket) {
		for range 5 {
			arrives(s.FD())
			_, err := impl.Read(yield, s)
			if err == io.EOF {
				fail("read from a connection that was reset", "io.EOF", "the reset", err)
			}
			if err != nil {
				return
			}
		}
		fail("read from a connection that was reset, five times", "no error", "the reset", nil)
	})
}

func readSpurious(impl Impl) {
	withPeer(newSpurious(), faulty.Echo(), func(yield coro.Yield, s *sock.Socket) {
		readEcho(yield, s, impl)
	})
}

func readCanceled(impl Impl) {
	withPeer(nil, faulty.Echo(), func(yield coro.Yield, s *sock.Socket) {
		cancels(yield, "read before there is data", task.Spawn(s.Loop(), func(yield coro.Yield) (any, error) { return impl.Read(yield, s) }))
		readEcho(yield, s, impl)
	})
}

func readPiece(impl Impl) {
	withPeer(nil, faulty.Stall("x"), func(yield coro.Yield, s *sock.Socket) {
		arrives(s.FD())
		p, err := impl.Read(yield, s)
		same("read when one byte is there", p, err, "x")
	})
}
