package lesson

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

// sendReset has three peers that are gone: one reset the connection, and a read has been
// told; one did, and the send is the first to hear of it; one does while the send waits.
func sendReset(impl Impl) {
	withPeer(nil, faulty.ResetMidway("part"), func(yield coro.Yield, s *sock.Socket) {
		if _, err := sock.ReadAll(yield, s, 100); err == nil {
			trial.Must(errors.New("the server should have reset the connection, and did not"))
		}
		isGone(yield, s, sending(yield, s, impl, []byte("hello")), "send to a peer that is gone")
	})
	onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
		s, err := sock.FromFD(l, resets(""))
		trial.Must(err)
		defer s.Close()
		isGone(yield, s, sending(yield, s, impl, []byte("hello")), "send to a peer that has just reset the connection")
	})
	onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
		fd, c := pair()
		s, err := sock.FromFD(l, fd)
		trial.Must(err)
		defer s.Close()
		smallBuffer(s)
		t := sending(yield, s, impl, faulty.Pattern(much))
		reset(c, fd)
		isGone(yield, s, t, "send to a peer that resets the connection when a part is sent")
	})
}

// isGone expects t to end with what the kernel says of a peer that is gone.
func isGone(yield coro.Yield, s *sock.Socket, t *task.Task, tried string) {
	finishes(yield, t, tried)
	if _, err := t.Result(); !errors.Is(err, unix.EPIPE) && !errors.Is(err, unix.ECONNRESET) {
		fail(tried, trial.Said(err), "EPIPE or ECONNRESET, so that errors.Is finds it", err)
	}
	stillOpen(s)
}
