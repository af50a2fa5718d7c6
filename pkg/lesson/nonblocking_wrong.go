package lesson

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/stages"
)

// WRONG ON PURPOSE, each in one way; stages.Poll is right.
var wrongPolls = []Wrong{
	{"takes EAGAIN for the end", Impl{Poll: pollFaults{againIsEnd: true}.poll}, []string{"R01", "V02"}},
	{"takes EAGAIN for a failure", Impl{Poll: pollFaults{againIsError: true}.poll}, []string{"R01", "V02"}},
	{"waits until something comes", Impl{Poll: pollFaults{spins: true}.poll}, []string{"R01", "V02"}},
	{"takes the end for \"nothing yet\"", Impl{Poll: pollFaults{endIsNothing: true}.poll}, []string{"Q01", "R01", "Q02", "V02", "R02"}},
	{"takes every error for \"nothing yet\"", Impl{Poll: pollFaults{errorIsNothing: true}.poll}, []string{"R03", "X13"}},
	{"takes a reset for the end", Impl{Poll: pollFaults{resetIsEnd: true}.poll}, []string{"R03", "X13"}},
	{"goes on asking after the end", Impl{Poll: pollFaults{asksOn: true}.poll}, []string{"R02"}},
	{"stops at the first talk that has nothing", Impl{Poll: pollFaults{leavesAtNothing: true}.poll}, []string{"V02"}},
	{"stops at the first talk that fails", Impl{Poll: pollFaults{leavesAtError: true}.poll}, []string{"X13"}},
	{"keeps only the last piece", Impl{Poll: pollFaults{lastPiece: true}.poll}, []string{"Q02"}},
	{"keeps the buffer that all share", Impl{Poll: pollFaults{shares: true}.poll}, []string{"V02"}},
}

type pollFaults struct {
	againIsEnd, againIsError, spins, endIsNothing, errorIsNothing, resetIsEnd, asksOn, leavesAtNothing, leavesAtError, lastPiece, shares bool
}

func (f pollFaults) poll(talks []*stages.Talk) {
	p := make([]byte, 4096)
	for _, t := range talks {
		if t.Over && !f.asksOn {
			continue
		}
		n, err := unix.Read(t.FD, p)
		for err == unix.EAGAIN && f.spins {
			n, err = unix.Read(t.FD, p)
		}
		f.note(t, p, n, err)
		if err == unix.EAGAIN && f.leavesAtNothing || t.Err != nil && f.leavesAtError {
			return
		}
	}
}

// note writes down what a read has said.
func (f pollFaults) note(t *stages.Talk, p []byte, n int, err error) {
	switch {
	case err == unix.EAGAIN && f.againIsEnd:
		t.Over = true
	case err == unix.EAGAIN && !f.againIsError || err != nil && f.errorIsNothing:
	case err != nil && f.resetIsEnd:
		t.Over = true
	case err != nil:
		t.Over, t.Err = true, err
	case n == 0:
		t.Over = !f.endIsNothing
	case f.lastPiece:
		t.Data = append([]byte(nil), p[:n]...)
	case f.shares && t.Data == nil:
		t.Data = p[:n:n]
	default:
		t.Data = append(t.Data, p[:n]...)
	}
}
