package lesson

// WRONG ON PURPOSE: a small selector on epoll, with the faults listed in
// selector_wrong.go.

import (
	"os"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
)

type wrongPoller struct {
	pollerFaults
	fd   int // -1 when it is closed
	keys map[int]wrongKey
	own  map[int]bool // what it has registered itself
}

type wrongKey struct {
	interest selector.Events
	data     any
}

func (f pollerFaults) open() (Poller, error) {
	flags := unix.EPOLL_CLOEXEC
	if f.inherits {
		flags = 0
	}
	fd, err := unix.EpollCreate1(flags)
	if err != nil {
		return nil, err
	}
	keys := map[int]wrongKey{}
	if f.shared {
		keys = sharedKeys
	}
	return &wrongPoller{f, fd, keys, map[int]bool{}}, nil
}

// sharedKeys is the table of all, if they share it.
var sharedKeys = map[int]wrongKey{}

func (p *wrongPoller) Register(fd int, interest selector.Events, data any) error {
	if p.unknown(interest) {
		return selector.ErrInterest
	}
	if _, there := p.keys[fd]; there {
		if p.replaces {
			return p.Modify(fd, interest, data)
		}
		return selector.ErrRegistered
	}
	if p.tableFirst {
		p.keys[fd] = wrongKey{interest, data}
	}
	if err := p.control(unix.EPOLL_CTL_ADD, fd, interest); err != nil && !p.noError {
		return err
	}
	p.keys[fd], p.own[fd] = wrongKey{interest, data}, true
	if p.setsMode {
		return unix.SetNonblock(fd, true)
	}
	return nil
}

func (p *wrongPoller) unknown(interest selector.Events) bool {
	if p.someInterest {
		return interest&(selector.Read|selector.Write) == 0
	}
	return !p.anyInterest && (interest == 0 || interest&^(selector.Read|selector.Write) != 0)
}

func (p *wrongPoller) Modify(fd int, interest selector.Events, data any) error {
	k, there := p.keys[fd]
	switch {
	case !there && p.modifies:
		return p.Register(fd, interest, data)
	case !there:
		return selector.ErrNotRegistered
	case interest == k.interest && p.sameIsNothing:
		return nil
	case interest == 0 && p.nothingUnregisters:
		return p.Unregister(fd)
	case p.unknown(interest):
		return selector.ErrInterest
	}
	if p.modifiesFirst {
		p.keys[fd] = wrongKey{interest, data}
	}
	if p.adds {
		interest |= k.interest
	}
	if p.oldData || p.noneIsOld && data == nil {
		data = k.data
	}
	if p.modifiesTable {
		p.keys[fd] = wrongKey{interest, data}
		return nil
	}
	if err := p.control(unix.EPOLL_CTL_MOD, fd, interest); err != nil {
		return err
	}
	p.keys[fd] = wrongKey{interest, data}
	return nil
}

func (p *wrongPoller) Unregister(fd int) error {
	_, there := p.keys[fd]
	switch {
	case !there && p.looksFirst:
		return selector.ErrNotRegistered
	case p.fd < 0 && !p.forgetsClosed:
		return selector.ErrClosed
	case !there:
		return selector.ErrNotRegistered
	}
	if !p.tableOnly {
		if err := p.control(unix.EPOLL_CTL_DEL, fd, 0); err != nil &&
			(p.insists || p.insistsOnNumber && err == unix.ENOENT || p.insistsOnFile && err == unix.EPERM) {
			return err
		}
	}
	if !p.kernelOnly {
		delete(p.keys, fd)
		delete(p.own, fd)
	}
	return nil
}

func (p *wrongPoller) control(op, fd int, interest selector.Events) error {
	event := unix.EpollEvent{Fd: int32(fd)}
	if interest&selector.Read != 0 {
		event.Events |= unix.EPOLLIN
	}
	if interest&selector.Write != 0 && !p.onlyRead {
		event.Events |= unix.EPOLLOUT
	}
	if p.edge {
		event.Events |= unix.EPOLLET & (1<<32 - 1)
	}
	return unix.EpollCtl(p.fd, op, fd, &event)
}

func (p *wrongPoller) Select(timeout time.Duration) (ready []selector.Ready, err error) {
	events := make([]unix.EpollEvent, 64)
	n, err := p.wait(events, timeout)
	switch {
	case p.silent && p.fd < 0, p.blind:
		return nil, nil
	case err == nil && n == 0 && p.late:
		return nil, os.ErrDeadlineExceeded
	case err != nil:
		return nil, err
	case p.first:
		n = min(n, 1)
	}
	for _, e := range events[:n] {
		k := p.keys[int(e.Fd)]
		if p.forgetsHungUp && e.Events&unix.EPOLLHUP != 0 {
			_ = p.Unregister(int(e.Fd))
		}
		if k.data == nil && p.needsData {
			continue
		}
		if p.noData {
			k.data = nil
		}
		possible := p.possible(e.Events)
		if !p.unasked {
			possible &= k.interest
		}
		parts := []selector.Events{possible}
		if p.apart && possible == selector.Read|selector.Write {
			parts = []selector.Events{selector.Read, selector.Write}
		}
		for _, part := range parts {
			if part != 0 {
				ready = append(ready, selector.Ready{FD: int(e.Fd), Events: part, Data: k.data})
			}
		}
	}
	return ready, nil
}

func (p *wrongPoller) wait(events []unix.EpollEvent, timeout time.Duration) (int, error) {
	end := time.Now().Add(timeout)
	for p.asks {
		n, err := unix.EpollWait(p.fd, events, 0)
		if n != 0 || timeout >= 0 && !time.Now().Before(end) {
			return n, err
		}
	}
	for {
		n, err := unix.EpollWait(p.fd, events, p.milliseconds(timeout))
		if err != unix.EINTR || p.givesUp {
			return n, err
		}
		if p.comesBack || p.endsUnlimited && timeout < 0 {
			return 0, nil
		}
		if timeout > 0 && !p.startsOver {
			timeout = time.Until(end)
			if !p.restBelowZero {
				timeout = max(1, timeout) // 1 ns, since 0 means something else
			}
		}
	}
}

func (p *wrongPoller) milliseconds(timeout time.Duration) int {
	switch {
	case timeout < 0 && !p.noLimitIsZero && !(p.onlyMinusOne && timeout != -1), timeout == 0 && p.zeroIsNoLimit:
		return -1
	case p.alwaysNaps:
		return int(timeout/time.Millisecond) + 1
	case p.roundsDown, p.roundsUpOnce && timeout > time.Millisecond:
		return int(timeout / time.Millisecond)
	}
	return int((timeout + time.Millisecond - 1) / time.Millisecond)
}

func (p *wrongPoller) possible(mask uint32) (events selector.Events) {
	down := uint32(unix.EPOLLHUP | unix.EPOLLERR)
	switch {
	case p.noHangUp, p.hangUpAlone && mask&(unix.EPOLLIN|unix.EPOLLOUT) != 0:
		down = 0
	case p.noErr:
		down = unix.EPOLLHUP
	case p.noHup:
		down = unix.EPOLLERR
	case p.allRead:
		return selector.Read
	}
	forRead, forWrite := down, down
	if p.noErrRead {
		forRead = unix.EPOLLHUP
	}
	if p.noHupWrite {
		forWrite = unix.EPOLLERR
	}
	if mask&(unix.EPOLLIN|forRead) != 0 {
		events |= selector.Read
	}
	if mask&(unix.EPOLLOUT|forWrite) != 0 {
		events |= selector.Write
	}
	return events
}

func (p *wrongPoller) Close() error {
	switch {
	case p.noClose, p.silentClose && p.fd < 0:
		return nil
	case p.fd < 0:
		return selector.ErrClosed
	}
	err := unix.Close(p.fd)
	for fd := range p.own {
		if p.closesAll {
			_ = unix.Close(fd)
		}
	}
	if !p.forgetsClosed {
		for fd := range p.own {
			delete(p.keys, fd)
		}
	}
	if !p.closesTwice {
		p.fd = -1
	}
	return err
}
