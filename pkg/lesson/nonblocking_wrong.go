package lesson

import (
	"cmp"
	"errors"
	"io"
	"slices"

	"golang.org/x/sys/unix"

	"stepwise/pkg/stages"
)

// WRONG ON PURPOSE, each in one way; stages.Poll is right.
var wrongPolls = []Wrong{
	{"takes EAGAIN for the end", pollFaults{againIsEnd: true}.impl(), []string{"R01", "V02"}},
	{"takes EAGAIN for a failure", pollFaults{againIsError: true}.impl(), []string{"R01", "V02"}},
	{"looks at the count before it looks at the error", pollFaults{countFirst: true}.impl(), []string{"R01", "V02", "R02", "R03", "X13"}},
	{"waits until something comes", pollFaults{spins: true}.impl(), []string{"R01", "V02"}},
	{"makes the descriptor block", pollFaults{blocks: true}.impl(), []string{"R01", "V02"}},
	{"takes the end for \"nothing yet\"", pollFaults{endIsNothing: true}.impl(), []string{"Q01", "R01", "Q02", "Q03", "V02", "R02", "X13"}},
	{"takes the end for an error", pollFaults{endIsError: true}.impl(), []string{"Q01", "R01", "Q02", "Q03", "V02", "R02", "X13"}},
	{"takes a short piece for the last one", pollFaults{shortIsLast: true}.impl(), []string{"R01", "Q02", "Q03", "V03", "R02", "R03", "X13"}},
	{"takes every error for \"nothing yet\"", pollFaults{errorIsNothing: true}.impl(), []string{"R02", "R03", "X13"}},
	{"takes a reset for the end", pollFaults{resetIsEnd: true}.impl(), []string{"R02", "R03", "X13"}},
	{"goes on with a talk that has failed", pollFaults{goesOn: true}.impl(), []string{"R03", "X13"}},
	{"throws away what came before an error", pollFaults{dropsPart: true}.impl(), []string{"R02", "R03"}},
	{"throws away what came before the end", pollFaults{dropsAll: true}.impl(), []string{"Q01", "R01", "Q02", "Q03", "V02", "R02", "X13"}},
	{"knows no error but a reset", pollFaults{onlyReset: true}.impl(), []string{"R03"}},
	{"loses the errno", pollFaults{noErrno: true}.impl(), []string{"R02", "R03", "X13"}},
	{"goes on asking after the end", pollFaults{asksOn: true}.impl(), []string{"R02"}},
	{"closes the descriptor of a talk that is over", pollFaults{closes: true}.impl(), []string{"Q01", "R03"}},
	{"closes the descriptor at the end", pollFaults{closesEnded: true}.impl(), []string{"Q01"}},
	{"asks only the first talk", pollFaults{onlyFirst: true}.impl(), []string{"V02", "V03", "X13"}},
	{"stops at the first talk that has nothing", pollFaults{leavesAtNothing: true}.impl(), []string{"V02"}},
	{"stops at the first talk that fails", pollFaults{leavesAtError: true}.impl(), []string{"X13"}},
	{"stops at the first talk that is over", pollFaults{leavesAtOver: true}.impl(), []string{"X13"}},
	{"has the kernel wait for each talk", pollFaults{kernelWaits: true}.impl(), []string{"R01", "V02"}},
	{"takes what is over out of the list", pollFaults{removes: true}.impl(), []string{"V02", "X13"}},
	{"sorts the list, with the talks that are over behind the others", pollFaults{sorts: true}.impl(), []string{"V02", "X13"}},
	{"serves one talk and leaves the others for the next time", pollFaults{onePiece: true}.impl(), []string{"V03", "X13"}},
	{"throws away what has come when there is no more", pollFaults{againDrops: true}.impl(), []string{"R01"}},
	{"reads on until EAGAIN, and drops the error that it finds", pollFaults{drains: true}.impl(), []string{"V03", "R03"}},
	{"closes the descriptor when it fails", pollFaults{closesFailed: true}.impl(), []string{"R03"}},
	{"asks a talk that has failed again", pollFaults{asksFailed: true}.impl(), []string{"R02"}},
	{"keeps only the last piece", pollFaults{lastPiece: true}.impl(), []string{"Q02", "Q03", "V03", "X13"}},
	{"keeps the whole buffer, filled or not", pollFaults{wholeBuffer: true}.impl(), []string{"Q01", "R01", "Q02", "Q03", "V02", "V03", "R02", "R03", "X13"}},
	{"keeps the buffer that all share", pollFaults{shares: true}.impl(), []string{"V02", "X13"}},
	{"keeps p[:n], which the next read writes over", pollFaults{keepsBuffer: true}.impl(), []string{"Q02", "Q03", "V02", "V03", "X13"}},
	{"waits for a talk that has nothing", pollFaults{naps: true}.impl(), []string{"R01"}},
	{"reads a talk empty before it looks at the next", pollFaults{greedy: true}.impl(), []string{"V03"}},
	{"keeps EAGAIN as if it were a failure", pollFaults{keepsAgain: true}.impl(), []string{"R01", "V02"}},
}

type pollFaults struct {
	againIsEnd, againIsError, countFirst, spins, blocks, endIsNothing, endIsError, shortIsLast, errorIsNothing, resetIsEnd bool
	goesOn, dropsPart, dropsAll, noErrno, asksOn, closes, onlyFirst, leavesAtNothing, leavesAtError, removes, lastPiece    bool
	onePiece, againDrops, drains, closesFailed, asksFailed, naps, greedy, keepsAgain, onlyReset                            bool
	leavesAtOver, kernelWaits, closesEnded, sorts, wholeBuffer, shares, keepsBuffer                                        bool
}

func (f pollFaults) impl() Impl { return Impl{Poll: f.poll} }

func (f pollFaults) poll(talks []*stages.Talk) {
	p := make([]byte, 64<<10)
	if f.shortIsLast {
		p = make([]byte, 4<<20) // more than a socket holds, so that no piece ever fills it
	}
	if f.onlyFirst {
		talks = talks[:1]
	}
	if f.sorts {
		slices.SortStableFunc(talks, func(a, b *stages.Talk) int { return cmp.Compare(over(a), over(b)) })
	}
	for i := 0; i < len(talks); i++ {
		t := talks[i]
		if t.Over && f.leavesAtOver {
			return
		}
		if t.Over && !f.asksOn && (t.Err == nil || !f.asksFailed) {
			continue
		}
		if f.kernelWaits {
			_, _ = unix.Poll([]unix.PollFd{{Fd: int32(t.FD), Events: unix.POLLIN}}, -1)
		}
		if f.blocks {
			_ = unix.SetNonblock(t.FD, false)
		}
		n, err := unix.Read(t.FD, p)
		for err == unix.EAGAIN && f.spins {
			n, err = unix.Read(t.FD, p)
		}
		if err == unix.EAGAIN && f.naps {
			_, _ = unix.Poll([]unix.PollFd{{Fd: int32(t.FD), Events: unix.POLLIN}}, 20)
		}
		f.note(t, p, n, err)
		for more := err == nil && n > 0 && f.drains; more; {
			if n, err = unix.Read(t.FD, p); err != nil || n == 0 {
				break
			}
			f.note(t, p, n, err)
		}
		if f.onePiece && err == nil && n > 0 {
			return
		}
		for f.greedy && err == nil && n > 0 {
			n, err = unix.Read(t.FD, p)
			f.note(t, p, n, err)
		}
		if err == unix.EAGAIN && f.leavesAtNothing || t.Err != nil && f.leavesAtError {
			return
		}
		if t.Over && (f.closes || f.closesFailed && t.Err != nil || f.closesEnded && t.Err == nil) {
			_ = unix.Close(t.FD)
		}
		if t.Over && f.removes {
			talks = append(talks[:i], talks[i+1:]...)
		}
	}
}

// over is 1 for a talk that is over, and 0 for one that is open.
func over(t *stages.Talk) int {
	if t.Over {
		return 1
	}
	return 0
}

// note writes down what a read has said.
func (f pollFaults) note(t *stages.Talk, p []byte, n int, err error) {
	switch {
	case f.countFirst && n != 0:
		t.Data = append(t.Data, p[:n]...)
	case err != nil:
		f.noteError(t, err)
	case n == 0:
		t.Over = !f.endIsNothing
		if f.endIsError {
			t.Err = io.EOF
		}
		if f.dropsAll {
			t.Data = nil
		}
	default:
		f.noteData(t, p, n)
	}
}

func (f pollFaults) noteError(t *stages.Talk, err error) {
	switch {
	case err == unix.EAGAIN && f.againDrops:
		t.Data = nil
	case err == unix.EAGAIN && f.againIsEnd:
		t.Over = true
	case err != unix.ECONNRESET && f.onlyReset:
	case err == unix.EAGAIN && f.keepsAgain:
		t.Err = err
	case err == unix.EAGAIN && !f.againIsError || f.errorIsNothing:
	case f.resetIsEnd:
		t.Over = true
	case f.goesOn:
		t.Err = err
	case f.noErrno:
		t.Over, t.Err = true, errors.New("poll: "+err.Error())
	default:
		t.Over, t.Err = true, err
		if f.dropsPart {
			t.Data = nil
		}
	}
}

func (f pollFaults) noteData(t *stages.Talk, p []byte, n int) {
	switch {
	case f.lastPiece:
		t.Data = append([]byte(nil), p[:n]...)
	case f.keepsBuffer:
		t.Data = p[:n]
	case f.wholeBuffer:
		t.Data = append(t.Data, p...)
	case f.shares && t.Data == nil:
		t.Data = p[:n:n]
	default:
		t.Data = append(t.Data, p[:n]...)
	}
	if f.shortIsLast && n < len(p) {
		t.Over = true
	}
}
