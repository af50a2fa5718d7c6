package lesson

import (
	"bytes"
	"errors"
	"io"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// WRONG ON PURPOSE, each in one way; sock.Read is right.
var wrongReads = []Wrong{
	{"doesn't wait", readFaults{noWait: true}.impl(), []string{"R01", "R04", "R07", "W13", "R14", "R08"}},
	{"lets EAGAIN escape", readFaults{noRetry: true}.impl(), []string{"R04"}},
	{"retries only once", readFaults{retriesOnce: true}.impl(), []string{"R04"}},
	{"takes the end for data", readFaults{noEnd: true}.impl(), []string{"R02"}},
	{"takes the end for \"nothing yet\"", readFaults{endIsNothing: true}.impl(), []string{"R02"}},
	{"takes a reset for the end", readFaults{resetIsEnd: true}.impl(), []string{"R03"}},
	{"takes a false wake-up for the end", readFaults{againIsEnd: true}.impl(), []string{"R04"}},
	{"takes every error for the end", readFaults{errorIsEnd: true}.impl(), []string{"R03", "R08"}},
	{"loses the errno", readFaults{noErrno: true}.impl(), []string{"R03", "R08"}},
	{"reads on until EAGAIN, and drops the error that it finds", readFaults{drains: true}.impl(), []string{"R03"}},
	{"returns its whole buffer, filled or not", readFaults{wholeBuffer: true}.impl(), []string{"R01", "R03", "R04", "R07", "R11", "Q02", "Q03", "Q07", "R14", "R08"}},
	{"has one buffer for all reads", readFaults{oneBuffer: true}.impl(), []string{"Q03"}},
	{"returns its buffer beside an error", readFaults{bufferToo: true}.impl(), []string{"R02", "R03"}},
	{"throws away what doesn't fit a line", readFaults{drops: true}.impl(), []string{"Q03"}},
	{"reads in the callback", readFaults{eats: true}.impl(), []string{"R11"}},
	{"closes the socket at the end", readFaults{closes: true}.impl(), []string{"R02", "R03", "R08"}},
	{"leaves the reader registered when canceled", readFaults{waitFaults: waitFaults{keeps: true}}.impl(), []string{"R07"}},
	{"asks again at each turn instead of sleeping", readFaults{waitFaults: waitFaults{byYield: true}}.impl(), []string{"R01", "R04", "R07", "R11", "W13", "R14", "R08"}},
	{"calls itself soon instead of sleeping", readFaults{waitFaults: waitFaults{bySoon: true}}.impl(), []string{"R01", "R04", "R07", "R11", "W13", "R14", "R08"}},
	{"asks again every millisecond instead of sleeping", readFaults{waitFaults: waitFaults{byTimer: true}}.impl(), []string{"R01", "R04", "R07", "R11", "W13", "R14", "R08"}},
	{"leaves the reader registered after the wait", readFaults{waitFaults: waitFaults{staysOn: true}}.impl(), []string{"R02", "R03", "R04", "Q03", "R08"}},
	{"removes the writer on its way out", readFaults{waitFaults: waitFaults{removesWriter: true}}.impl(), []string{"W13"}},
	{"removes the next one's reader on its way out", readFaults{waitFaults: waitFaults{removesNext: true}}.impl(), []string{"R08"}},
	{"removes the reader of the read that keeps it waiting", readFaults{waitFaults: waitFaults{removesFirst: true}}.impl(), []string{"R08"}},
	{"asks again and again while another read waits", readFaults{waitFaults: waitFaults{skipsBusy: true}}.impl(), []string{"R08"}},
	{"takes \"busy\" for the end", readFaults{busyIsEnd: true}.impl(), []string{"R08"}},
	{"retries ten times", readFaults{retriesTen: true}.impl(), []string{"R04"}},
	{"lets the pieces share one array", readFaults{oneArray: true}.impl(), []string{"Q03"}},
	{"closes our side at the end of the peer's", readFaults{shutsDown: true}.impl(), []string{"R02"}},
	{"takes a turn before it reads, and doesn't hear that it is canceled there", readFaults{turnBefore: true}.impl(), []string{"R07"}},
	{"takes a turn after it has read, and loses the data when it is canceled there", readFaults{turnAfter: true}.impl(), []string{"R11"}},
	{"hides the reason of a cancellation", readFaults{noReason: true}.impl(), []string{"R07"}},
	{"waits until the socket is writable", readFaults{waitFaults: waitFaults{otherSide: true}}.impl(), []string{"R01", "R04", "R07", "R11", "W13", "R14", "R08"}},
	{"goes on although it was canceled", readFaults{waitFaults: waitFaults{deaf: true}}.impl(), []string{"R07", "W13"}},
	{"returns no error when canceled", readFaults{mute: true}.impl(), []string{"R07", "R11"}},
	{"removes the reader when it has data, though it is another task's", readFaults{clears: true}.impl(), []string{"R08"}},
	{"waits until it may write, too", readFaults{writableToo: true}.impl(), []string{"W13"}},
	{"takes off the zero bytes at the end", readFaults{cut: "\x00"}.impl(), []string{"Q07"}},
	{"takes off a line end", readFaults{cut: "\r\n"}.impl(), []string{"Q07"}},
	{"has one future for all sockets", readFaults{waitFaults: waitFaults{shared: true}}.impl(), []string{"R14", "R08"}},
}

type readFaults struct {
	waitFaults
	noWait, noRetry, retriesOnce, noEnd, endIsNothing, resetIsEnd, againIsEnd, errorIsEnd, noErrno bool
	drains, wholeBuffer, oneBuffer, drops, eats, closes, mute                                      bool
	busyIsEnd, retriesTen, oneArray, shutsDown, turnBefore, turnAfter, noReason, bufferToo         bool
	clears, writableToo                                                                            bool

	cut string // is taken off the end of a piece
}

func (f readFaults) impl() Impl { return Impl{Read: f.read} }

// onlyArray is what is left of the one that all pieces share, if they share one.
var onlyArray []byte

// onlyBuffer is the one of all reads, if they have only one.
var onlyBuffer = make([]byte, 4096)

func (f readFaults) read(yield coro.Yield, s *sock.Socket) ([]byte, error) {
	if f.turnBefore {
		_ = task.Checkpoint(yield)
	}
	if f.writableToo {
		if err := f.ready(yield, s.Loop(), s.FD(), true); err != nil {
			return nil, err
		}
	}
	data, err := f.readSome(yield, s)
	if f.clears && err == nil {
		s.Loop().RemoveReader(s.FD())
	}
	data = bytes.TrimRight(data, f.cut)
	if f.turnAfter {
		if canceled := task.Checkpoint(yield); canceled != nil {
			return nil, canceled
		}
	}
	switch {
	case err == nil:
	case f.bufferToo:
		return make([]byte, 4096), err
	case f.busyIsEnd && errors.Is(err, loop.ErrBusy):
		return nil, io.EOF
	case f.shutsDown && err == io.EOF:
		_ = unix.Shutdown(s.FD(), unix.SHUT_RDWR)
	case errors.Is(err, future.ErrCanceled):
		if f.mute {
			return nil, nil
		}
		if f.noReason {
			return nil, future.ErrCanceled
		}
	case f.errorIsEnd:
		return nil, io.EOF
	case f.closes:
		_ = s.Close()
	case err != io.EOF && f.noErrno:
		return nil, errors.New("read: " + err.Error())
	}
	return data, err
}

// readSome has the shape of the seed: wait until the socket is readable, then receive.
func (f readFaults) readSome(yield coro.Yield, s *sock.Socket) (data []byte, err error) {
	p := make([]byte, 4096)
	if f.oneBuffer {
		p = onlyBuffer
	}
	if f.oneArray {
		if len(onlyArray) < 4096 {
			onlyArray = make([]byte, 1<<18)
		}
		p = onlyArray[:4096]
		defer func() { onlyArray = onlyArray[len(data):] }()
	}
	if f.eats {
		return f.inTheCallback(yield, s, p)
	}
	for tries := 1; ; tries++ {
		if !f.noWait && !(f.clears && tries == 1) {
			if err := f.ready(yield, s.Loop(), s.FD(), false); err != nil {
				return nil, err
			}
		}
		n, err := unix.Read(s.FD(), p)
		if f.waits(err, n, tries) {
			continue
		}
		if err != nil || n == 0 || !f.drains {
			return f.piece(p, n, err)
		}
		return drained(s.FD(), p, p[:n]), nil
	}
}

// drained reads on until there is nothing, or an error, which it drops.
func drained(fd int, p, data []byte) []byte {
	for len(data) < len(p) {
		n, err := unix.Read(fd, p[len(data):])
		if err != nil || n == 0 {
			break
		}
		data = p[:len(data)+n]
	}
	return data
}

// waits reports whether it starts over after a read that said this.
func (f readFaults) waits(err error, n, tries int) bool {
	if err == nil {
		return n == 0 && f.endIsNothing
	}
	return err == unix.EAGAIN && !f.againIsEnd && !f.noRetry && !f.noWait && !(f.retriesOnce && tries > 1) && !(f.retriesTen && tries > 10)
}

// piece is what a read has brought.
func (f readFaults) piece(p []byte, n int, err error) ([]byte, error) {
	switch {
	case err == unix.EAGAIN && f.againIsEnd, err != nil && f.resetIsEnd:
		return nil, io.EOF
	case err != nil:
		return nil, err
	case n == 0 && !f.noEnd:
		return nil, io.EOF
	case f.wholeBuffer:
		return p, nil
	case f.drops:
		return p[:min(n, 1024)], nil
	}
	return p[:n], nil
}

// inTheCallback reads at once when there is something, and keeps it in the future.
func (f readFaults) inTheCallback(yield coro.Yield, s *sock.Socket, p []byte) ([]byte, error) {
	n, err := -1, error(unix.EAGAIN)
	f.waitFaults.inCallback = func() { n, err = unix.Read(s.FD(), p) }
	for err == unix.EAGAIN {
		if err := f.ready(yield, s.Loop(), s.FD(), false); err != nil {
			return nil, err
		}
	}
	return f.piece(p, n, err)
}
