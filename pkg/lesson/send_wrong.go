package lesson

import (
	"errors"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// WRONG ON PURPOSE, each in one way; sock.Send is right.
var wrongSends = []Wrong{
	{"ignores the count", sendFaults{ignoresCount: true}.impl(), []string{"W01", "W02", "W04", "W06", "W09", "W16", "W10"}},
	{"starts over from the first byte", sendFaults{restarts: true}.impl(), []string{"W01", "W02", "W04", "W16"}},
	{"counts the -1 of EAGAIN", sendFaults{countsMinus: true}.impl(), []string{"W01", "W02", "W04", "W16"}},
	{"lets EAGAIN escape", sendFaults{noRetry: true}.impl(), []string{"W01", "W02", "W04", "W06", "W09", "W13", "W16", "W10"}},
	{"retries only once", sendFaults{retriesOnce: true}.impl(), []string{"W04"}},
	{"takes EAGAIN for the end", sendFaults{againIsEnd: true}.impl(), []string{"W01", "W02", "W04", "W06", "W09", "W16", "W10"}},
	{"drops the error", sendFaults{dropsError: true}.impl(), []string{"W06", "W10"}},
	{"loses the errno", sendFaults{noErrno: true}.impl(), []string{"W06", "W10"}},
	{"closes the socket when it fails", sendFaults{closes: true}.impl(), []string{"W06", "W10"}},
	{"sends before it asks how much there is", sendFaults{waitsFirst: true}.impl(), []string{"W05", "W17", "W10"}},
	{"ends its side when all is sent", sendFaults{endsSide: true}.impl(), []string{"W05"}},
	{"waits for the answer of the peer", sendFaults{waitsAfter: true}.impl(), []string{"W01", "W02", "W04", "W05", "W17", "W09", "W16", "W10"}},
	{"sends the rest in the wrong order", sendFaults{backwards: true}.impl(), []string{"W01", "W02", "W04"}},
	{"keeps its position for the next send", sendFaults{keepsPosition: true}.impl(), []string{"W16"}},
	{"leaves the writer registered when canceled", sendFaults{waitFaults: waitFaults{keeps: true}}.impl(), []string{"W09"}},
	{"asks again at each turn instead of sleeping", sendFaults{waitFaults: waitFaults{byYield: true}}.impl(), []string{"W01", "W02", "W04", "W06", "W09", "W13", "W16", "W10"}},
	{"calls itself soon instead of sleeping", sendFaults{waitFaults: waitFaults{bySoon: true}}.impl(), []string{"W01", "W02", "W04", "W06", "W09", "W13", "W16", "W10"}},
	{"asks again every millisecond instead of sleeping", sendFaults{waitFaults: waitFaults{byTimer: true}}.impl(), []string{"W01", "W02", "W04", "W06", "W09", "W13", "W16", "W10"}},
	{"leaves the writer registered after the wait", sendFaults{waitFaults: waitFaults{staysOn: true}}.impl(), []string{"W01", "W02", "W04", "W06", "W09", "W13", "W16", "W10"}},
	{"removes the reader on its way out", sendFaults{waitFaults: waitFaults{removesReader: true}}.impl(), []string{"W13"}},
	{"removes the next one's writer on its way out", sendFaults{waitFaults: waitFaults{removesNext: true}}.impl(), []string{"W10"}},
	{"removes the writer of the send that keeps it waiting", sendFaults{waitFaults: waitFaults{removesFirst: true}}.impl(), []string{"W10"}},
	{"asks again and again while another send waits", sendFaults{waitFaults: waitFaults{skipsBusy: true}}.impl(), []string{"W10"}},
	{"leaves out a single byte", sendFaults{noSingle: true}.impl(), []string{"W05", "W17"}},
	{"overlooks a reset", sendFaults{noReset: true}.impl(), []string{"W06"}},
	{"drops the error once a part is sent", sendFaults{partIsAll: true}.impl(), []string{"W06"}},
	{"takes a turn after each write, and doesn't hear that it is canceled there", sendFaults{turns: true}.impl(), []string{"W09"}},
	{"hides the reason of a cancellation", sendFaults{noReason: true}.impl(), []string{"W09"}},
	{"gives up after five false wake-ups", sendFaults{fiveTries: true}.impl(), []string{"W04"}},
	{"goes on although it was canceled", sendFaults{waitFaults: waitFaults{deaf: true}}.impl(), []string{"W09", "W13"}},
	{"returns no error when canceled", sendFaults{mute: true}.impl(), []string{"W09"}},
	{"has one future for all sockets", sendFaults{waitFaults: waitFaults{shared: true}}.impl(), []string{"W16", "W10"}},
	{"waits until the socket is readable", sendFaults{waitFaults: waitFaults{otherSide: true}}.impl(), []string{"W01", "W02", "W04", "W09", "W13", "W16", "W10"}},
	{"waits for room before each write", sendFaults{roomFirst: true}.impl(), []string{"W17", "W10"}},
	{"waits for room when all is sent", sendFaults{roomAfter: true}.impl(), []string{"W17", "W10"}},
	{"removes the writer when all is sent, though it is another task's", sendFaults{clears: true}.impl(), []string{"W10"}},
	{"sends little without a look at what write says", sendFaults{littleAtOnce: true}.impl(), []string{"W02"}},
	{"sends in blocks, and leaves out what doesn't fill one", sendFaults{blocks: true}.impl(), []string{"W02"}},
	{"panics in the callback", sendFaults{panics: true}.impl(), []string{"W01", "W02", "W04", "W06", "W09", "W13", "W16", "W10"}},
}

type sendFaults struct {
	waitFaults
	ignoresCount, restarts, countsMinus, noRetry, retriesOnce, againIsEnd, dropsError, noErrno, closes, panics bool
	waitsFirst, waitsAfter, backwards, keepsPosition, mute                                                     bool
	noSingle, noReset, partIsAll, turns, noReason, fiveTries, endsSide                                         bool
	roomFirst, roomAfter, clears, littleAtOnce, blocks                                                         bool
}

func (f sendFaults) impl() Impl { return Impl{Send: f.send} }

// position is where all sends are, if it is kept.
var position int

func (f sendFaults) send(yield coro.Yield, s *sock.Socket, data []byte) error {
	if f.waitsFirst {
		if err := f.ready(yield, s.Loop(), s.FD(), true); err != nil {
			return err
		}
	}
	switch {
	case f.noSingle && len(data) < 2:
		return nil
	case f.littleAtOnce && len(data) < 1000:
		_, err := unix.Write(s.FD(), data)
		return err
	case f.blocks && len(data) > 4096:
		data = data[:len(data)/4096*4096]
	}
	own := 0
	sent := &own
	if f.keepsPosition {
		sent = &position
		defer func() { *sent = 0 }()
	}
	err := f.sendAll(yield, s, data, sent)
	if err == nil && (f.waitsAfter || f.roomAfter && len(data) > 0) {
		err = f.ready(yield, s.Loop(), s.FD(), f.roomAfter)
	}
	if err == nil && f.clears {
		s.Loop().RemoveWriter(s.FD())
	}
	switch {
	case err == nil && f.endsSide:
		_ = s.CloseWrite()
	case err == nil:
	case errors.Is(err, future.ErrCanceled):
		if f.mute {
			return nil
		}
		if f.noReason {
			return future.ErrCanceled
		}
	case f.partIsAll && errors.Is(err, loop.ErrBusy): // whether it has sent a part then is luck
	case f.dropsError, f.noReset && errors.Is(err, unix.ECONNRESET), f.partIsAll && *sent > 0:
		return nil
	case f.noErrno:
		return errors.New("send: " + err.Error())
	case f.closes:
		_ = s.Close()
	}
	return err
}

// sendAll has the shape of the seed: wait until the socket is writable, then send
// what it takes.
func (f sendFaults) sendAll(yield coro.Yield, s *sock.Socket, data []byte, sent *int) error {
	tries := 0
	for *sent < len(data) {
		if tries == 6 && f.fiveTries {
			return nil
		}
		if !f.noRetry && tries > 0 || f.roomFirst {
			if err := f.ready(yield, s.Loop(), s.FD(), true); err != nil {
				return err
			}
		}
		n, err := unix.Write(s.FD(), f.rest(data, *sent))
		tries++
		switch {
		case err == unix.EAGAIN && f.againIsEnd:
			return nil
		case err == unix.EAGAIN && f.panics:
			s.Loop().CallSoon(func() { panic(err) })
			continue
		case err == unix.EAGAIN && f.retriesOnce && tries > 1:
			return err
		case err == unix.EAGAIN && f.countsMinus:
			*sent = max(0, *sent+n)
			continue
		case err == unix.EAGAIN && !f.noRetry:
			continue
		case err != nil:
			return err
		case f.ignoresCount:
			return nil
		default:
			*sent += n
		}
		if f.turns {
			_ = task.Checkpoint(yield)
		}
		tries = 0
	}
	return nil
}

// rest is what is to be sent next.
func (f sendFaults) rest(data []byte, sent int) []byte {
	switch {
	case f.restarts:
		return data
	case f.backwards:
		rest := data[:len(data)-sent]
		return rest[len(rest)-min(len(rest), 64<<10):]
	}
	return data[sent:]
}
