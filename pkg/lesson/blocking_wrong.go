package lesson

import (
	"errors"

	"golang.org/x/sys/unix"

	"stepwise/pkg/sock"
)

// WRONG ON PURPOSE, each in one way; stages.Ask is right.
var wrongAsks = []Wrong{
	{"reads once", Impl{Ask: askFaults{once: true}.ask}, []string{"Q02", "Q03", "Q04"}},
	{"takes a short piece for the last one", Impl{Ask: askFaults{shortIsLast: true}.ask}, []string{"Q02", "Q03", "Q04"}},
	{"keeps the whole buffer, filled or not", Impl{Ask: askFaults{wholeBuffer: true}.ask}, []string{"Q01", "R01", "Q02", "Q03", "Q04"}},
	{"keeps only the last piece", Impl{Ask: askFaults{lastPiece: true}.ask}, []string{"Q02", "Q03"}},
	{"ignores how much was written", Impl{Ask: askFaults{ignoresCount: true}.ask}, []string{"W01"}},
	{"ignores the error of connect", Impl{Ask: askFaults{ignoresConnect: true}.ask}, []string{"C02"}},
	{"takes a reset for the end", Impl{Ask: askFaults{resetIsEnd: true}.ask}, []string{"Q04"}},
	{"throws away what came before an error", Impl{Ask: askFaults{dropsPart: true}.ask}, []string{"Q04"}},
	{"keeps the text of an error and loses the error itself", Impl{Ask: askFaults{ownError: true}.ask}, []string{"C02", "Q04"}},
	{"never closes its socket", Impl{Ask: askFaults{neverCloses: true}.ask}, []string{"M01", "M02"}},
	{"closes its socket only if all went well", Impl{Ask: askFaults{closesAtEnd: true}.ask}, []string{"M02"}},
	{"doesn't wait", Impl{Ask: askFaults{nonblocking: true}.ask}, []string{"Q01", "R01", "Q02", "Q03", "W01", "C02", "Q04"}},
}

type askFaults struct {
	once, shortIsLast, wholeBuffer, lastPiece, ignoresCount, ignoresConnect, resetIsEnd, dropsPart, neverCloses, closesAtEnd, nonblocking, ownError bool
}

func (f askFaults) ask(address string, question []byte) (all []byte, err error) {
	family, sa, err := sock.Sockaddr(address)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil && f.ownError {
			err = errors.New("ask: " + err.Error())
		}
		if !f.neverCloses && (err == nil || !f.closesAtEnd) {
			_ = unix.Close(fd)
		}
	}()
	if f.nonblocking {
		_ = unix.SetNonblock(fd, true)
	}
	if err := unix.Connect(fd, sa); err != nil && !f.ignoresConnect {
		return nil, err
	}
	if err := f.send(fd, question); err != nil {
		return nil, err
	}
	return f.readToEnd(fd)
}

func (f askFaults) send(fd int, question []byte) error {
	for len(question) > 0 {
		n, err := unix.Write(fd, question)
		if err != nil {
			return err
		}
		if f.ignoresCount {
			return nil
		}
		question = question[n:]
	}
	return nil
}

func (f askFaults) readToEnd(fd int) (all []byte, err error) {
	p := make([]byte, 64<<10)
	if f.shortIsLast {
		p = make([]byte, 4<<20) // more than a socket holds, so that no piece ever fills it
	}
	for {
		n, err := unix.Read(fd, p)
		switch {
		case err != nil && f.resetIsEnd:
			return all, nil
		case err != nil && f.dropsPart:
			return nil, err
		case err != nil || n == 0:
			return all, err
		case f.wholeBuffer:
			n = len(p)
		case f.lastPiece:
			all = nil
		}
		all = append(all, p[:n]...)
		if f.once || f.shortIsLast && n < len(p) {
			return all, nil
		}
	}
}
