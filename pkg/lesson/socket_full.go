package lesson

// A connection whose buffer is full, for lessons 09 and 10. Its peer reads when a case says
// so, and never otherwise: there is room or there isn't, while on a network what is on its
// way makes room some time later. Read socket_rig.go before it.

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// end is the peer's end of a pair of unix sockets.
type end struct {
	fd   int
	came []byte // what it has read
}

// piece is how much fill writes at once. When the peer reads one, there is room for a byte,
// and far too little for the kernel to call the socket writable.
const piece = 1 << 10

// withPair runs body as a trial on one of a pair of sockets.
func withPair(body func(yield coro.Yield, s *sock.Socket, peer *end)) {
	onLoop(nil, func(yield coro.Yield, l *loop.Loop) {
		fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
		trial.Must(err)
		defer unix.Close(fds[1])
		for _, fd := range fds {
			unix.CloseOnExec(fd)
			trial.Must(unix.SetNonblock(fd, true))
		}
		s, err := sock.FromFD(l, fds[0])
		trial.Must(err)
		defer s.Close()
		smallBuffer(s)
		body(yield, s, &end{fd: fds[1]})
	})
}

// withFullPair is withPair without room for a byte. before is what fills the buffer.
func withFullPair(body func(yield coro.Yield, s *sock.Socket, peer *end, before []byte)) {
	withPair(func(yield coro.Yield, s *sock.Socket, peer *end) {
		before, err := fill(s.FD())
		trial.Must(err)
		body(yield, s, peer, before)
	})
}

// fill writes to one of a pair until there is no room for a byte.
func fill(fd int) (sent []byte, err error) {
	for _, size := range []int{piece, 1} {
		for err = nil; err != unix.EAGAIN; {
			var n int
			n, err = unix.Write(fd, make([]byte, size))
			if err != nil && err != unix.EAGAIN {
				return nil, err
			}
			sent = append(sent, make([]byte, max(n, 0))...)
		}
	}
	return sent, nil
}

// read takes n bytes, or what is there of them, and returns how many those are.
func (e *end) read(n int) int {
	p := make([]byte, n)
	n, err := unix.Read(e.fd, p)
	if err != nil && err != unix.EAGAIN {
		trial.Must(err)
	}
	n = max(n, 0)
	e.came = append(e.came, p[:n]...)
	return n
}

func (e *end) says(text string) {
	_, err := unix.Write(e.fd, []byte(text))
	trial.Must(err)
}

// readAll takes all that is there.
func (e *end) readAll() {
	for e.read(64<<10) > 0 {
	}
}

// takes lets t, which sends on s, go on until it has ended: the peer reads, and reads again.
// It expects t to end well.
func (e *end) takes(yield coro.Yield, s *sock.Socket, t *task.Task, tried string) {
	for range often {
		e.readAll()
		if t.Done() {
			_, err := t.Result()
			noError(tried, err)
			return
		}
		settles(yield, s.Loop())
	}
	fail(tried, "a wait that goes on, although there is room", "all of it sent", trial.ErrWaits)
}
