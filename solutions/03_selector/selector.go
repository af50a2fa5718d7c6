// Package selector is a solution of lesson 03: which descriptors are ready?
package selector

import (
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/lesson"
	"stepwise/pkg/selector"
)

// Selector keeps a list of descriptors, and sleeps until some are ready.
type Selector struct {
	fd     int // the epoll's; -1 when it is closed, which the kernel refuses
	keys   map[int]key
	buffer []unix.EpollEvent
}

// key is one registration. It stands in the table when the kernel has agreed.
type key struct {
	interest selector.Events
	data     any
}

// New opens a selector.
func New() (lesson.Poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	return &Selector{fd, map[int]key{}, make([]unix.EpollEvent, 64)}, nil
}

// Register begins to watch fd for interest.
func (s *Selector) Register(fd int, interest selector.Events, data any) error {
	if _, there := s.keys[fd]; there {
		return selector.ErrRegistered
	}
	return s.set(unix.EPOLL_CTL_ADD, fd, key{interest, data})
}

// Modify replaces the interest and the data of fd.
func (s *Selector) Modify(fd int, interest selector.Events, data any) error {
	if _, there := s.keys[fd]; !there {
		return selector.ErrNotRegistered
	}
	return s.set(unix.EPOLL_CTL_MOD, fd, key{interest, data})
}

// set asks the kernel first, and then writes into the table.
func (s *Selector) set(op, fd int, k key) error {
	if k.interest == 0 || k.interest&^(selector.Read|selector.Write) != 0 {
		return selector.ErrInterest
	}
	event := unix.EpollEvent{Fd: int32(fd)}
	if k.interest&selector.Read != 0 {
		event.Events |= unix.EPOLLIN
	}
	if k.interest&selector.Write != 0 {
		event.Events |= unix.EPOLLOUT
	}
	if err := unix.EpollCtl(s.fd, op, fd, &event); err != nil {
		return err
	}
	s.keys[fd] = k
	return nil
}

// Unregister forgets fd.
func (s *Selector) Unregister(fd int) error {
	if s.fd < 0 {
		return selector.ErrClosed
	}
	if _, there := s.keys[fd]; !there {
		return selector.ErrNotRegistered
	}
	delete(s.keys, fd)
	_ = unix.EpollCtl(s.fd, unix.EPOLL_CTL_DEL, fd, nil) // fails for a number that was closed too early
	return nil
}

// Select sleeps until something is ready, or until timeout is over.
func (s *Selector) Select(timeout time.Duration) ([]selector.Ready, error) {
	n, err := s.wait(timeout)
	if err != nil {
		return nil, err
	}
	var ready []selector.Ready
	for _, e := range s.buffer[:n] {
		k := s.keys[int(e.Fd)]
		if events := possible(e.Events) & k.interest; events != 0 {
			ready = append(ready, selector.Ready{FD: int(e.Fd), Events: events, Data: k.data})
		}
	}
	return ready, nil
}

// wait goes on after a signal, with the time that is left.
func (s *Selector) wait(timeout time.Duration) (int, error) {
	end := time.Now().Add(timeout)
	for {
		n, err := unix.EpollWait(s.fd, s.buffer, milliseconds(timeout))
		if err != unix.EINTR {
			return n, err
		}
		if timeout > 0 {
			timeout = max(0, time.Until(end))
		}
	}
}

// milliseconds rounds up.
func milliseconds(timeout time.Duration) int {
	if timeout < 0 {
		return -1
	}
	return int((timeout + time.Millisecond - 1) / time.Millisecond)
}

// possible counts a hang-up and an error as both.
func possible(mask uint32) (events selector.Events) {
	const down = unix.EPOLLHUP | unix.EPOLLERR
	if mask&(unix.EPOLLIN|down) != 0 {
		events |= selector.Read
	}
	if mask&(unix.EPOLLOUT|down) != 0 {
		events |= selector.Write
	}
	return events
}

// Close closes the epoll.
func (s *Selector) Close() error {
	if s.fd < 0 {
		return selector.ErrClosed
	}
	err := unix.Close(s.fd)
	s.fd = -1
	return err
}
