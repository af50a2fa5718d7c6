package selector

import (
	"sync"
	"syscall"
	"time"
)

// registry is the part that all selectors share: which descriptor is registered for
// what, and which call is refused. Read Selector first, then this, then one backend.
// Three principles:
//
//  1. The kernel is asked first and the table follows, so that a refusal leaves no
//     half entry.
//  2. A registration carries a generation, so that an event of an old registration is
//     never taken for one of its successor on the same number.
//  3. Nothing is locked while the backend sleeps, so that Register, Unregister and
//     Wake work from any goroutine meanwhile.
//
// It must not learn what an event is for: that is the loop's business.
type registry struct {
	backend backend

	mu        sync.Mutex // guards all below
	closed    bool
	selecting bool    // a Select is between its start and its end
	keys      []key   // by descriptor; the kernel hands out small numbers first
	gen       uint32  // of the newest registration; 0 is never used
	keep      bool    // see KeepProcessor
	orphaned  bool    // the kernel may hold a registration that keys doesn't
	ready     []Ready // handed out by Select
}

// key is one registration.
type key struct {
	interest Events // 0: nothing is registered here
	gen      uint32 // no two registrations ever had the same
	data     any
}

// event is what a backend reports: at most one per descriptor and wait.
type event struct {
	fd       int
	gen      uint32
	possible Events
}

// backend is what differs from one kernel to the next.
type backend interface {
	// change makes the kernel watch fd for interest instead of old; 0 means not at
	// all. Called with the registry locked.
	change(fd int, old, interest Events, gen uint32) error
	// wait sleeps for at most timeout, or returns EINTR. A wake-up ends it, but is
	// not an event. Called unlocked; the slice is valid until the next wait.
	// If keep, the beginning of the sleep may be unknown to Go's scheduler.
	wait(timeout time.Duration, keep bool) ([]event, error)
	// renew makes the kernel forget everything that it watches, except for keys.
	renew(keys []key) error
	wake() error
	close()
}

// locked is how every method reports: what it tried, on which descriptor, and why not.
func (r *registry) locked(op string, fd int, try func() error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := ErrClosed
	if !r.closed {
		err = try()
	}
	if err != nil {
		return &OpError{op, fd, err}
	}
	return nil
}

func (r *registry) Register(fd int, interest Events, data any) error {
	return r.locked("register", fd, func() error { return r.register(fd, interest, data) })
}

func (r *registry) register(fd int, interest Events, data any) error {
	switch {
	case fd < 0:
		return syscall.EBADF
	case interest == 0 || interest&^both != 0:
		return ErrInterest
	case r.find(fd) != nil:
		return ErrRegistered
	}
	if err := r.backend.change(fd, 0, interest, r.gen+1); err != nil {
		return err
	}
	r.gen++
	for fd >= len(r.keys) { // only now: a number that the kernel refuses never makes the table large
		r.keys = append(r.keys, make([]key, fd+1-len(r.keys))...)
	}
	r.keys[fd] = key{interest, r.gen, data}
	return nil
}

func (r *registry) Modify(fd int, interest Events, data any) error {
	return r.locked("modify", fd, func() error { return r.modify(fd, interest, data) })
}

func (r *registry) modify(fd int, interest Events, data any) error {
	k := r.find(fd)
	switch {
	case k == nil:
		return ErrNotRegistered
	case interest == 0 || interest&^both != 0:
		return ErrInterest
	}
	if interest != k.interest {
		if err := r.backend.change(fd, k.interest, interest, k.gen); err != nil {
			*k = key{} // the kernel has lost it, so the entry is no longer true
			r.orphaned = true
			return err
		}
	}
	k.interest, k.data = interest, data
	return nil
}

func (r *registry) Unregister(fd int) error {
	return r.locked("unregister", fd, func() error {
		k := r.find(fd)
		if k == nil {
			return ErrNotRegistered
		}
		if r.backend.change(fd, k.interest, 0, k.gen) != nil {
			r.orphaned = true // closed before Unregister: a duplicate may keep it alive in the kernel
		}
		*k = key{}
		return nil
	})
}

func (r *registry) Select(timeout time.Duration) ([]Ready, error) {
	if err := r.locked("select", -1, r.begin); err != nil {
		return nil, err
	}
	events, err := r.wait(timeout)
	err = r.locked("select", -1, func() error {
		r.selecting = false
		if err == nil {
			err = r.collect(events)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return r.ready, nil
}

// KeepProcessor is the Keeper's.
func (r *registry) KeepProcessor(keep bool) { r.keep = keep }

func (r *registry) begin() error {
	if r.selecting {
		return ErrBusy
	}
	r.selecting = true
	return nil
}

// wait continues after a signal with the rest of the timeout. The signal may be the
// scheduler's, for a goroutine that wants the processor: so it is told of the rest.
func (r *registry) wait(timeout time.Duration) ([]event, error) {
	var end time.Time
	if timeout > 0 {
		end = time.Now().Add(timeout)
	}
	for keep := r.keep; ; keep = false {
		events, err := r.backend.wait(timeout, keep)
		if err != syscall.EINTR {
			return events, err
		}
		if timeout > 0 {
			timeout = max(0, time.Until(end))
		}
	}
}

// collect turns events into Ready, except those whose registration is gone. A dead
// registration can't be deleted by its number any more, and if it stays ready it ends
// every wait at once: the loop would burn a processor and nothing would show why. So
// the backend starts afresh without it.
func (r *registry) collect(events []event) error {
	r.ready = r.ready[:0]
	stale := false
	for _, e := range events {
		k := r.find(e.fd)
		if k == nil || k.gen != e.gen {
			stale = true
			continue
		}
		if possible := e.possible & k.interest; possible != 0 {
			r.ready = append(r.ready, Ready{e.fd, possible, k.data})
		}
	}
	if !stale || !r.orphaned {
		return nil
	}
	err := r.backend.renew(r.keys)
	r.orphaned = err != nil
	return err
}

func (r *registry) Wake() error { return r.locked("wake", -1, r.backend.wake) }

func (r *registry) Close() error {
	return r.locked("close", -1, func() error {
		if r.selecting {
			return ErrBusy
		}
		r.backend.close()
		r.closed, r.keys = true, nil
		return nil
	})
}

// find returns the registration of fd, or nil.
func (r *registry) find(fd int) *key {
	if fd < 0 || fd >= len(r.keys) || r.keys[fd].interest == 0 {
		return nil
	}
	return &r.keys[fd]
}
