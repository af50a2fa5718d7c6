package main

// io_uring in the place of epoll: the engine's own echo server, on a selector that asks for
// readiness by submissions.

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/serve"
	"stepwise/pkg/sock"
)

// poll is as much of a selector as an echo server needs. It takes three shortcuts: all its
// methods belong to one goroutine; an error of the kernel comes as an event instead of from
// Register; and a descriptor that is closed while it is registered stays open in the kernel.
type poll struct {
	*ring
	flags  uint32 // multishot, or 0
	keep   bool
	keys   []key  // by descriptor
	gen    uint32 // of the newest
	again  []int  // descriptors whose poll has ended with what it reported
	ready  []selector.Ready
	wakefd int
}

type key struct {
	interest selector.Events
	gen      uint32
	polled   bool // the kernel has it
	data     any
}

// onPoll serves with one poll for each event, which makes it level-triggered: a descriptor
// that is still ready completes the next one at once. With flags multishot it is
// edge-triggered, which is only right for this server: it waits once it has read all.
func onPoll(address string, flags uint32) error {
	s, err := newPoll(flags)
	if err != nil {
		return err
	}
	return serve.Loops(1, address, loop.Options{Selector: s}, nil, func(yield coro.Yield, listener *sock.Socket) error {
		return (&serve.Server{Handle: serve.Echo}).Serve(yield, listener)
	})
}

func newPoll(flags uint32) (*poll, error) {
	wakefd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, err
	}
	r, err := open()
	if err != nil {
		return nil, errors.Join(err, unix.Close(wakefd))
	}
	s := &poll{ring: r, flags: flags, wakefd: wakefd}
	return s, s.Register(wakefd, selector.Read, nil)
}

func (s *poll) KeepProcessor(keep bool) { s.keep = keep }

func (s *poll) Register(fd int, interest selector.Events, data any) error {
	for fd >= len(s.keys) {
		s.keys = append(s.keys, key{})
	}
	s.gen++
	s.keys[fd] = key{interest: interest, gen: s.gen, data: data}
	s.ask(fd)
	return nil
}

func (s *poll) ask(fd int) {
	k := &s.keys[fd]
	k.polled = true
	var events uint32
	if k.interest&selector.Read != 0 {
		events |= unix.POLLIN | unix.POLLRDHUP
	}
	if k.interest&selector.Write != 0 {
		events |= unix.POLLOUT
	}
	s.submit(submission{op: opPollAdd, len: s.flags, fd: int32(fd), opFlags: events, user: k.user(fd)})
}

func (k *key) user(fd int) uint64 { return uint64(k.gen)<<32 | uint64(fd) }

func (s *poll) Modify(fd int, interest selector.Events, data any) error {
	if k := &s.keys[fd]; k.interest == interest {
		k.data = data
		return nil
	}
	return errors.Join(s.Unregister(fd), s.Register(fd, interest, data))
}

func (s *poll) Unregister(fd int) error {
	if k := &s.keys[fd]; k.polled {
		s.submit(submission{op: opPollRemove, fd: -1, addr: k.user(fd)})
	}
	s.keys[fd] = key{}
	return nil
}

func (s *poll) Select(timeout time.Duration) ([]selector.Ready, error) {
	for _, fd := range s.again {
		if k := &s.keys[fd]; k.interest != 0 && !k.polled {
			s.ask(fd)
		}
	}
	s.again, s.ready = s.again[:0], s.ready[:0]
	err := s.sleep(timeout, s.keep)
	s.each(s.report)
	return s.ready, err
}

func (s *poll) report(c completion) {
	fd, gen := int(uint32(c.user)), uint32(c.user>>32)
	if gen == 0 || s.keys[fd].gen != gen { // a removal's own, or of an old registration
		return
	}
	k := &s.keys[fd]
	if c.flags&more == 0 {
		k.polled = false
		s.again = append(s.again, fd)
	}
	if fd == s.wakefd {
		_, _ = unix.Read(fd, make([]byte, 8))
		return
	}
	if events := possible(c.result) & k.interest; events != 0 {
		s.ready = append(s.ready, selector.Ready{FD: fd, Events: events, Data: k.data})
	}
}

func possible(result int32) (events selector.Events) {
	const down = unix.POLLHUP | unix.POLLERR
	if result < 0 || result&(unix.POLLIN|unix.POLLRDHUP|down) != 0 {
		events |= selector.Read
	}
	if result < 0 || result&(unix.POLLOUT|down) != 0 {
		events |= selector.Write
	}
	return events
}

func (s *poll) Wake() error {
	_, err := unix.Write(s.wakefd, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	return err
}

func (s *poll) Close() error { return errors.Join(unix.Close(s.ring.fd), unix.Close(s.wakefd)) }
