package lesson

import (
	"bytes"
	"errors"

	"golang.org/x/sys/unix"

	"stepwise/pkg/sock"
)

// WRONG ON PURPOSE, each in one way; stages.Ask is right.
var wrongAsks = []Wrong{
	{"reads once", askFaults{once: true}.impl(), []string{"Q02", "Q03", "Q04"}},
	{"takes a short piece for the last one", askFaults{shortIsLast: true}.impl(), []string{"Q02", "Q03", "Q04"}},
	{"takes an empty line for the end", askFaults{lineIsEnd: true}.impl(), []string{"Q01", "Q03"}},
	{"keeps the whole buffer, filled or not", askFaults{wholeBuffer: true}.impl(), []string{"Q01", "R01", "Q02", "Q03", "Q04", "Q09", "C11"}},
	{"keeps only the last piece", askFaults{lastPiece: true}.impl(), []string{"Q02", "Q03"}},
	{"keeps no more than a buffer", askFaults{oneBuffer: true}.impl(), []string{"Q03"}},
	{"has room for a megabyte, and no more", askFaults{megabyte: true}.impl(), []string{"Q03"}},
	{"keeps the answer for the next call", askFaults{keepsAnswer: true}.impl(), []string{"Q09"}},
	{"trims the answer", askFaults{trims: true}.impl(), []string{"Q01"}},
	{"leaves out a single byte", askFaults{noSingle: true}.impl(), []string{"Q01"}},
	{"takes an empty answer for a failure", askFaults{emptyIsError: true}.impl(), []string{"Q01"}},
	{"opens its socket before it reads the address, and leaves it open", askFaults{opensFirst: true}.impl(), []string{"M02"}},
	{"ignores how much was written", askFaults{ignoresCount: true}.impl(), []string{"W01", "W06"}},
	{"writes twice and no more", askFaults{twice: true}.impl(), []string{"W01"}},
	{"sends more than the question", askFaults{sendsMore: true}.impl(), []string{"Q01", "W01"}},
	{"starts over when a part was written", askFaults{restarts: true}.impl(), []string{"W01"}},
	{"ignores the error of write", askFaults{ignoresWrite: true}.impl(), []string{"W06"}},
	{"ignores the error of connect", askFaults{ignoresConnect: true}.impl(), []string{"C02"}},
	{"takes a refusal for an empty answer", askFaults{refusalIsEnd: true}.impl(), []string{"C02"}},
	{"takes a reset for the end", askFaults{resetIsEnd: true}.impl(), []string{"Q04"}},
	{"throws away what came before an error", askFaults{dropsPart: true}.impl(), []string{"Q04"}},
	{"looks at the count before it looks at the error", askFaults{countFirst: true}.impl(), []string{"Q04", "M02", "M03"}},
	{"keeps the text of an error and loses the error itself", askFaults{ownError: true}.impl(), []string{"W06", "C02", "Q04"}},
	{"never closes its socket", askFaults{neverCloses: true}.impl(), []string{"M01", "M02"}},
	{"closes its socket only if all went well", askFaults{closesAtEnd: true}.impl(), []string{"M02"}},
	{"leaves its socket open when it is refused", askFaults{refusedOpen: true}.impl(), []string{"M02"}},
	{"leaves its socket open when a write fails", askFaults{writeOpen: true}.impl(), []string{"M02"}},
	{"closes descriptor 0 when it has made no socket", askFaults{closesZero: true}.impl(), []string{"M02"}},
	{"closes its descriptor twice", askFaults{closesTwice: true}.impl(), []string{"M03"}},
	{"closes its descriptor twice after an error", askFaults{closesTwiceFailed: true}.impl(), []string{"M03"}},
	{"takes EPIPE for the end of the question", askFaults{pipeIsEnd: true}.impl(), []string{"W06"}},
	{"limits how long a read may wait", askFaults{limits: true}.impl(), []string{"R01"}},
	{"hands out a buffer that the next call overwrites", askFaults{handsOut: true}.impl(), []string{"Q09"}},
	{"ends its side when the question is out", askFaults{shutsDown: true}.impl(), []string{"R01"}},
	{"makes an IPv4 socket for every address", askFaults{onlyIPv4: true}.impl(), []string{"C11"}},
	{"closes its socket before it reads", askFaults{closesEarly: true}.impl(), []string{"Q01", "R01", "Q02", "Q03", "W01", "Q04", "Q09", "C11"}},
	{"doesn't wait", askFaults{nonblocking: true}.impl(), []string{"Q01", "R01", "Q02", "Q03", "W01", "W06", "C02", "Q04", "Q09", "C11"}},
}

type askFaults struct {
	once, shortIsLast, lineIsEnd, wholeBuffer, lastPiece, oneBuffer, keepsAnswer, trims, ignoresCount, sendsMore, restarts   bool
	ignoresWrite, ignoresConnect, refusalIsEnd, resetIsEnd, dropsPart, countFirst, ownError, neverCloses, closesAtEnd        bool
	noSingle, emptyIsError, opensFirst, refusedOpen, closesEarly, nonblocking                                                bool
	closesTwiceFailed, pipeIsEnd, limits, megabyte, writeOpen, closesZero, closesTwice, handsOut, onlyIPv4, twice, shutsDown bool
}

func (f askFaults) impl() Impl { return Impl{Ask: f.ask} }

func (f askFaults) ask(address string, question []byte) (all []byte, err error) {
	family, sa, err := sock.Sockaddr(address)
	if err != nil && f.opensFirst {
		_, _ = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	}
	if err != nil {
		if f.closesZero {
			_ = unix.Close(0)
		}
		return nil, err
	}
	if f.onlyIPv4 {
		family = unix.AF_INET
	}
	if f.noSingle && len(question) == 1 {
		question = nil
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	connecting, writing := true, false
	defer func() {
		if !f.neverCloses && (err == nil || !f.closesAtEnd) && !(f.refusedOpen && connecting) && !(f.writeOpen && writing) {
			_ = unix.Close(fd)
		}
		if f.closesTwice || f.closesTwiceFailed && err != nil {
			_ = unix.Close(fd)
		}
		switch {
		case err == nil && len(all) == 0 && f.emptyIsError:
			err = unix.ENOENT
		case err != nil && f.ownError:
			err = errors.New("ask: " + err.Error())
		case f.refusalIsEnd && errors.Is(err, unix.ECONNREFUSED):
			err = nil
		}
	}()
	if f.nonblocking {
		_ = unix.SetNonblock(fd, true)
	}
	if f.limits {
		_ = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 30})
	}
	if err := unix.Connect(fd, sa); err != nil && !f.ignoresConnect {
		return nil, err
	}
	connecting, writing = false, true
	if err := f.send(fd, question); err != nil && !f.ignoresWrite {
		return nil, err
	}
	writing = false
	if f.shutsDown {
		_ = unix.Shutdown(fd, unix.SHUT_WR)
	}
	if f.closesEarly {
		_ = unix.Close(fd)
		f.neverCloses = true
		return f.readToEnd(-1) // what the kernel says of a closed number, which may be another's by now
	}
	return f.readToEnd(fd)
}

func (f askFaults) send(fd int, question []byte) error {
	if f.sendsMore {
		question = append(question[:len(question):len(question)], '\n')
	}
	writes := 0
	for rest := question; len(rest) > 0 && !(f.twice && writes == 2); {
		n, err := unix.Write(fd, rest)
		writes++
		switch {
		case err == unix.EPIPE && f.pipeIsEnd:
			return nil
		case err != nil:
			return err
		case f.ignoresCount:
			return nil
		case f.restarts && n < len(rest):
			rest = question
		default:
			rest = rest[n:]
		}
	}
	return nil
}

// handedOut is the buffer that all calls return, if they do.
var handedOut = make([]byte, 0, 2_000_000)

// lastAnswer is what the last call has read, if it is kept.
var lastAnswer []byte

func (f askFaults) readToEnd(fd int) (all []byte, err error) {
	if f.keepsAnswer {
		if len(lastAnswer) == len("first") { // no other, so that the cases don't depend on their order
			all = lastAnswer
		}
		defer func() { lastAnswer = all }()
	}
	if f.handsOut {
		all = handedOut[:0]
	}
	p := make([]byte, 64<<10)
	if f.shortIsLast {
		p = make([]byte, 4<<20) // more than a socket holds, so that no piece ever fills it
	}
	for {
		n, err := unix.Read(fd, p)
		switch {
		case f.countFirst && n != 0:
		case err != nil && f.resetIsEnd:
			return all, nil
		case err != nil && f.dropsPart:
			return nil, err
		case err != nil || n == 0:
			if f.trims {
				all = bytes.TrimSpace(all)
			}
			return all, err
		case f.wholeBuffer:
			n = len(p)
		case f.lastPiece:
			all = nil
		}
		all = append(all, p[:n]...)
		if f.megabyte && len(all) >= 1<<20 {
			return all[:1<<20], nil // a read into no room returns 0, as at the end
		}
		if end := bytes.Index(all, []byte("\n\n")); f.lineIsEnd && end >= 0 {
			return all[:end], nil
		}
		if f.once || f.shortIsLast && n < len(p) || f.oneBuffer && len(all) >= len(p) {
			return all, nil
		}
	}
}
