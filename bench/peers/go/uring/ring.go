package main

// io_uring without C. The kernel and the program share two rings in memory: the program
// writes submissions into one, the kernel writes completions into the other. A single
// system call passes on what was submitted and waits. The layouts are those of the
// kernel's header linux/io_uring.h; io_uring(7) is the way in.

import (
	"fmt"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

type ring struct {
	fd          int
	accepted    *uint32 // submissions that the kernel has taken; it writes this
	submitted   *uint32 // submissions that are there for it
	taken       *uint32 // completions that we have taken
	completed   *uint32 // completions that are there for us; the kernel writes this
	submissions []submission
	completions []completion
	written     uint32 // submissions so far; submitted follows when we enter
}

// submission asks the kernel to do something.
type submission struct {
	op, flags uint8
	prio      uint16 // more flags, for accept and receive
	fd        int32
	off, addr uint64
	len       uint32
	opFlags   uint32
	user      uint64 // comes back in the completion
	_         [3]uint64
}

// completion says what came of it.
type completion struct {
	user   uint64
	result int32 // or a negative errno
	flags  uint32
}

const (
	opPollAdd, opPollRemove, opAccept, opSend, opReceive = 6, 7, 13, 26, 27

	multishot        = 1      // of accept and poll: it goes on after its first completion
	multishotReceive = 2      // the same of receive
	selectBuffer     = 1 << 5 // the kernel chooses the buffer
	more             = 2      // of a completion: others of the same submission will follow
)

// parameters is what the kernel is told of a new ring, and what it answers.
type parameters struct {
	submissions, completions, flags uint32
	_                               [7]uint32
	sq                              struct {
		head, tail, mask, entries, flags, dropped, array, _ uint32
		_                                                   uint64
	}
	cq struct {
		head, tail, mask, entries, overflow, cqes, flags, _ uint32
		_                                                   uint64
	}
}

// open makes a ring for the thread that calls it. As no other uses it, the kernel takes no
// locks, and does what it can in that thread's own calls.
func open() (*ring, error) {
	const completionsGiven, singleIssuer, deferTaskRun = 1 << 3, 1 << 12, 1 << 13
	p := parameters{submissions: 8192, completions: 32768, flags: completionsGiven | singleIssuer | deferTaskRun}
	fd, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, uintptr(p.submissions), uintptr(unsafe.Pointer(&p)), 0)
	if errno != 0 {
		return nil, fmt.Errorf("io_uring_setup: %w", errno)
	}
	counters, err := shared(int(fd), 0, max(p.sq.array+4*p.submissions, p.cq.cqes+16*p.completions))
	if err != nil {
		return nil, err
	}
	const theSubmissions = 0x10000000
	entries, err := shared(int(fd), theSubmissions, 64*p.submissions)
	if err != nil {
		return nil, err
	}
	at := func(offset uint32) *uint32 { return (*uint32)(unsafe.Add(counters, offset)) }
	order := unsafe.Slice(at(p.sq.array), p.submissions)
	for i := range order {
		order[i] = uint32(i)
	}
	return &ring{
		fd: int(fd), accepted: at(p.sq.head), submitted: at(p.sq.tail), taken: at(p.cq.head), completed: at(p.cq.tail),
		submissions: unsafe.Slice((*submission)(entries), p.submissions),
		completions: unsafe.Slice((*completion)(unsafe.Add(counters, p.cq.cqes)), p.completions),
	}, nil
}

func shared(fd int, offset int64, size uint32) (unsafe.Pointer, error) {
	b, err := unix.Mmap(fd, offset, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_POPULATE)
	if err != nil {
		return nil, fmt.Errorf("mmap of io_uring: %w", err)
	}
	return unsafe.Pointer(&b[0]), nil
}

// submit writes s; the next enter passes it on.
func (r *ring) submit(s submission) {
	for r.ahead() == uint32(len(r.submissions)) {
		_ = r.enter(0, 0, true)
	}
	r.submissions[r.written%uint32(len(r.submissions))] = s
	r.written++
}

// ahead is how many submissions the kernel hasn't taken.
func (r *ring) ahead() uint32 { return r.written - atomic.LoadUint32(r.accepted) }

// enter passes on what was submitted, and waits for that many completions, but at most for
// timeout; a negative one is no limit. raw hides the call from Go's scheduler.
func (r *ring) enter(completions int, timeout time.Duration, raw bool) error {
	const get, extended = 1, 1 << 3
	limit := unix.NsecToTimespec(int64(timeout))
	argument := struct {
		_, _ uint64 // a mask of signals, and its size
		time *unix.Timespec
	}{}
	if timeout >= 0 {
		argument.time = &limit
	}
	call := unix.Syscall6
	if raw {
		call = unix.RawSyscall6
	}
	atomic.StoreUint32(r.submitted, r.written)
	_, _, errno := call(unix.SYS_IO_URING_ENTER, uintptr(r.fd), uintptr(r.ahead()), uintptr(completions), get|extended,
		uintptr(unsafe.Pointer(&argument)), unsafe.Sizeof(argument))
	switch errno {
	case 0, unix.ETIME, unix.EINTR, unix.EBUSY, unix.EAGAIN:
		return nil
	}
	return fmt.Errorf("io_uring_enter: %w", errno)
}

// sleep passes on what was submitted, and waits until there is a completion. As with the
// engine's epoll, the first millisecond of it is hidden from Go's scheduler.
func (r *ring) sleep(timeout time.Duration, raw bool) error {
	if timeout == 0 {
		return r.enter(0, 0, true)
	}
	if raw {
		if err := r.enter(1, time.Millisecond, true); err != nil || r.any() {
			return err
		}
	}
	return r.enter(1, timeout, false)
}

func (r *ring) any() bool { return atomic.LoadUint32(r.completed) != *r.taken }

// each takes all completions that are there.
func (r *ring) each(take func(completion)) {
	head, end := *r.taken, atomic.LoadUint32(r.completed)
	for ; head != end; head++ {
		take(r.completions[head%uint32(len(r.completions))])
	}
	atomic.StoreUint32(r.taken, head)
}
