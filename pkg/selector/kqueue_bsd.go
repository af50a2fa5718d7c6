//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package selector

import (
	"math"
	"time"

	"golang.org/x/sys/unix"
)

// kqueue is the backend of macOS and the BSDs. Read registry first.
//
// Reading and writing are two filters, each with an event of its own; merge makes one
// of them. Closing a descriptor removes its filters, even if duplicates live on, so
// there are no orphans. The wake-up is a pipe: not every system has EVFILT_USER.
type kqueue struct {
	fd     int
	wakeR  int             // registered; non-blocking
	wakeW  int             // non-blocking: a full pipe already is a wake-up
	gens   map[int]uint32  // by descriptor; a kevent has no room for it
	buffer []unix.Kevent_t // the kernel writes here; never empty
	events []event
	index  map[int]int // descriptor → its place in events
}

// The names of the calls that Told tells of.
const controlCall, waitCall = "kevent", "kevent"

// New opens the platform's selector: here a kqueue and a pipe.
// The error is the kernel's, EMFILE for instance; nothing stays open then.
func New() (Selector, error) {
	fd, err := unix.Kqueue()
	if err != nil {
		return nil, &OpError{"open", -1, err}
	}
	unix.CloseOnExec(fd)
	q := &kqueue{fd: fd, wakeR: -1, wakeW: -1, gens: map[int]uint32{},
		buffer: make([]unix.Kevent_t, 128), index: map[int]int{}}
	if err := q.openWake(); err != nil {
		q.close()
		return nil, &OpError{"open", -1, err}
	}
	return &registry{backend: q}, nil
}

func (q *kqueue) openWake() error {
	var pipe [2]int
	if err := unix.Pipe(pipe[:]); err != nil {
		return err
	}
	q.wakeR, q.wakeW = pipe[0], pipe[1]
	for _, fd := range pipe {
		unix.CloseOnExec(fd)
		if err := unix.SetNonblock(fd, true); err != nil {
			return err
		}
	}
	return q.change(q.wakeR, 0, Read, 0)
}

func (q *kqueue) change(fd int, old, interest Events, gen uint32) error {
	var changes []unix.Kevent_t
	add := func(filter, flags int) {
		var k unix.Kevent_t
		unix.SetKevent(&k, fd, filter, flags)
		changes = append(changes, k)
	}
	for e, filter := range map[Events]int{Read: unix.EVFILT_READ, Write: unix.EVFILT_WRITE} {
		switch {
		case interest&e != 0 && old&e == 0:
			add(filter, unix.EV_ADD)
		case interest&e == 0 && old&e != 0:
			add(filter, unix.EV_DELETE)
		}
	}
	if _, err := unix.Kevent(q.fd, changes, nil, nil); err != nil {
		return err
	}
	q.gens[fd] = gen
	return nil
}

func (q *kqueue) wait(timeout time.Duration, _ bool) ([]event, error) {
	var limit *unix.Timespec
	if timeout >= 0 {
		spec := unix.NsecToTimespec(int64(min(timeout, math.MaxInt32*time.Second)))
		limit = &spec
	}
	n, err := unix.Kevent(q.fd, nil, q.buffer, limit)
	if err != nil {
		return nil, err
	}
	q.events = q.events[:0]
	clear(q.index)
	for i := range q.buffer[:n] {
		q.merge(int(q.buffer[i].Ident), int(q.buffer[i].Filter))
	}
	return q.events, nil
}

func (q *kqueue) merge(fd, filter int) {
	if fd == q.wakeR {
		q.drainWake()
		return
	}
	possible := Read
	if filter == unix.EVFILT_WRITE {
		possible = Write
	}
	if at, seen := q.index[fd]; seen {
		q.events[at].possible |= possible
		return
	}
	q.index[fd] = len(q.events)
	q.events = append(q.events, event{fd, q.gens[fd], possible})
}

func (q *kqueue) renew([]key) error { return nil }

func (q *kqueue) wake() error {
	_, err := unix.Write(q.wakeW, []byte{1})
	if err == unix.EAGAIN { // the pipe is full: a wake-up is pending anyway
		return nil
	}
	return err
}

func (q *kqueue) drainWake() {
	var bytes [64]byte
	for {
		if n, err := unix.Read(q.wakeR, bytes[:]); err != nil || n < len(bytes) {
			return
		}
	}
}

func (q *kqueue) close() {
	for _, fd := range []int{q.fd, q.wakeR, q.wakeW} {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
	}
}
