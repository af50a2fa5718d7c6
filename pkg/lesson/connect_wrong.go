package lesson

import (
	"errors"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
)

// WRONG ON PURPOSE, each in one way; sock.Connect is right.
var wrongConnects = []Wrong{
	{"never asks SO_ERROR", connectFaults{noSocketError: true}.impl(), []string{"C02", "C06", "C17"}},
	{"takes the first wake-up for the connection", connectFaults{noPeerName: true}.impl(), []string{"C06"}},
	{"asks only for the peer after a false wake-up", connectFaults{asksOnce: true}.impl(), []string{"C06"}},
	{"connects again to find out how it went", connectFaults{beginsAgain: true}.impl(), []string{"C06"}},
	{"begins again with another socket after a false wake-up", connectFaults{startsOver: true}.impl(), []string{"C06"}},
	{"takes EINPROGRESS for a failure", connectFaults{noWait: true}.impl(), []string{"C01", "C02", "C04", "C06", "C11", "C17", "C18"}},
	{"takes EINPROGRESS for a connection", connectFaults{hasty: true}.impl(), []string{"C02", "C04", "C06", "C17", "C18"}},
	{"leaves the descriptor open when refused", connectFaults{noClose: true}.impl(), []string{"C04", "C12", "M02"}},
	{"leaves the descriptor open when connect fails at once", connectFaults{noCloseAtOnce: true}.impl(), []string{"C12"}},
	{"leaves the descriptor open when canceled", connectFaults{noCloseCanceled: true}.impl(), []string{"C04"}},
	{"leaves the writer registered when canceled", connectFaults{waitFaults: waitFaults{keeps: true}}.impl(), []string{"C04", "C18"}},
	{"leaves the descriptor open when it is canceled for a reason", connectFaults{plainCanceled: true}.impl(), []string{"C04"}},
	{"leaves the descriptor open when its loop refuses it", connectFaults{noCloseRefused: true}.impl(), []string{"M02"}},
	{"leaves a descriptor open when it can't read the address", connectFaults{opensFirst: true}.impl(), []string{"C10"}},
	{"leaves a second descriptor open when it is connected", connectFaults{dups: true}.impl(), []string{"C01", "C11"}},
	{"closes the descriptor beneath its socket", connectFaults{closesBeneath: true}.impl(), []string{"M02"}},
	{"closes the descriptor before it removes the writer", connectFaults{closesFirst: true}.impl(), []string{"C04", "C06", "C18"}},
	{"asks again at each turn instead of sleeping", connectFaults{waitFaults: waitFaults{byYield: true}}.impl(), []string{"C04", "C06", "C17", "C18"}},
	{"calls itself soon instead of sleeping", connectFaults{waitFaults: waitFaults{bySoon: true}}.impl(), []string{"C04", "C06", "C17", "C18", "M02"}},
	{"asks again every millisecond instead of sleeping", connectFaults{waitFaults: waitFaults{byTimer: true}}.impl(), []string{"C04", "C06", "C17", "C18"}},
	{"leaves the writer registered after the wait", connectFaults{waitFaults: waitFaults{staysOn: true}}.impl(), []string{"C01", "C06", "C11", "C18", "M02"}},
	{"opens an IPv4 socket for every address", connectFaults{onlyIPv4: true}.impl(), []string{"C11"}},
	{"goes on although it was canceled", connectFaults{waitFaults: waitFaults{deaf: true}}.impl(), []string{"C04", "C06", "C18"}},
	{"has one future for all connections", connectFaults{waitFaults: waitFaults{shared: true}}.impl(), []string{"C18"}},
	{"notes for all connections together whether a writer is registered", connectFaults{waitFaults: waitFaults{sharesFlag: true}}.impl(), []string{"C18"}},
	{"waits until the socket is readable", connectFaults{waitFaults: waitFaults{otherSide: true}}.impl(), []string{"C01", "C11", "C17", "C18"}},
	{"takes every failure for a refusal", connectFaults{oneReason: true}.impl(), []string{"C12", "C17"}},
	{"loses the errno", connectFaults{noErrno: true}.impl(), []string{"C02", "C12", "C17"}},
	{"takes the error of getsockopt for the outcome", connectFaults{noValue: true}.impl(), []string{"C02", "C06", "C17", "M02"}},
	{"returns no error when canceled", connectFaults{mute: true}.impl(), []string{"C04", "C06", "C18"}},
	{"hides the reason of a cancellation", connectFaults{noReason: true}.impl(), []string{"C04", "C06", "C18"}},
	{"lets the connected socket block", connectFaults{blocksAfter: true}.impl(), []string{"C01", "C11", "C18"}},
	{"lets programs inherit the socket", connectFaults{inherits: true}.impl(), []string{"C01", "C04", "C06", "C11", "C18"}},
	{"lets programs inherit the socket while it waits", connectFaults{inheritsFirst: true}.impl(), []string{"C04", "C06"}},
	{"makes a socket that blocks", connectFaults{blocks: true}.impl(), []string{"C04", "C06", "C17", "C18"}},
	{"returns its closed socket beside an error", connectFaults{besideError: true}.impl(), []string{"C02", "C06", "C12", "C17", "M02"}},
	{"asks for the peer before it asks SO_ERROR, and waits again and again", connectFaults{peerFirst: true}.impl(), []string{"C02", "C06", "C17", "M02"}},
	{"connects to port 0 for an address that it can't read", connectFaults{anyAddress: true}.impl(), []string{"C10"}},
}

type connectFaults struct {
	waitFaults
	noSocketError, noPeerName, noWait, hasty, noClose, noCloseAtOnce, noCloseCanceled, onlyIPv4, closesFirst bool
	oneReason, noErrno, noValue, mute, blocks, anyAddress                                                    bool
	plainCanceled, opensFirst, dups, closesBeneath, noReason, blocksAfter, besideError, peerFirst, inherits  bool
	asksOnce, inheritsFirst, noCloseRefused, beginsAgain, startsOver                                         bool
}

func (f connectFaults) impl() Impl { return Impl{Connect: f.connect} }

func (f connectFaults) connect(yield coro.Yield, l *loop.Loop, address string) (*sock.Socket, error) {
	family, sa, err := sock.Sockaddr(address)
	if err != nil && f.anyAddress {
		family, sa, err = unix.AF_INET, &unix.SockaddrInet4{}, nil
	}
	if err != nil && f.opensFirst {
		_, _ = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	}
	if err != nil {
		return nil, err
	}
	if f.onlyIPv4 {
		family = unix.AF_INET
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err != nil {
		return nil, err
	}
	if f.noCloseRefused && l.Closed() {
		return nil, loop.ErrClosed
	}
	if !f.inherits && !f.inheritsFirst {
		unix.CloseOnExec(fd)
	}
	_ = unix.SetNonblock(fd, !f.blocks)
	if f.closesBeneath {
		_, _ = sock.FromFD(l, fd)
	}
	err = unix.Connect(fd, sa)
	atOnce := err != unix.EINPROGRESS
	for (err == unix.EINPROGRESS || err == unix.EALREADY) && !f.noWait && !f.hasty {
		if err = f.wait(yield, l, fd); err == nil && f.beginsAgain {
			err = unix.Connect(fd, sa)
		} else if err == nil {
			err = f.outcome(fd)
			f.noSocketError = f.noSocketError || f.asksOnce
		}
		if err == unix.EINPROGRESS && f.startsOver {
			_ = unix.Close(fd)
			return f.connect(yield, l, address)
		}
	}
	if f.hasty && !atOnce {
		err = nil
	}
	if err == nil || err == unix.EISCONN {
		return f.socket(l, fd)
	}
	canceled := errors.Is(err, future.ErrCanceled)
	if f.besideError && !canceled {
		s, _ := sock.FromFD(l, fd)
		_ = s.Close()
		return s, err
	}
	if !f.noClose && !(f.noCloseAtOnce && atOnce) && !(f.noCloseCanceled && canceled) &&
		!(f.plainCanceled && canceled && err != future.ErrCanceled) {
		_ = unix.Close(fd)
	}
	if f.closesFirst {
		l.RemoveWriter(fd)
	}
	return nil, f.said(err, canceled)
}

// socket is the connected one.
func (f connectFaults) socket(l *loop.Loop, fd int) (*sock.Socket, error) {
	_ = unix.SetNonblock(fd, true)
	if f.inheritsFirst {
		unix.CloseOnExec(fd)
	}
	if f.dups {
		_, _ = unix.Dup(fd)
	}
	s, err := sock.FromFD(l, fd)
	if err != nil {
		_ = unix.Close(fd)
	}
	if f.blocksAfter {
		_ = unix.SetNonblock(fd, false)
	}
	return s, err
}

func (f connectFaults) wait(yield coro.Yield, l *loop.Loop, fd int) error {
	f.keeps = f.keeps || f.closesFirst
	return f.ready(yield, l, fd, true)
}

// said is what the caller hears of an error.
func (f connectFaults) said(err error, canceled bool) error {
	switch {
	case canceled && f.mute:
		return nil
	case canceled && f.noReason:
		return future.ErrCanceled
	case canceled:
	case f.oneReason:
		return unix.ECONNREFUSED
	case f.noErrno:
		return errors.New("connect: " + err.Error())
	}
	return err
}

func (f connectFaults) outcome(fd int) error {
	if _, err := unix.Getpeername(fd); err != nil && f.peerFirst {
		return unix.EINPROGRESS
	}
	if !f.noSocketError {
		errno, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
		switch {
		case f.noValue && err != nil:
			return err
		case errno != 0 && !f.noValue:
			return unix.Errno(errno)
		}
	}
	if _, err := unix.Getpeername(fd); err == unix.ENOTCONN && !f.noPeerName && (!f.noSocketError || f.asksOnce) {
		return unix.EINPROGRESS
	}
	return nil
}
