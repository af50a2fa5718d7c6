package selector

import "time"

// Told is a Selector that does what s does, and tells of each system call for it after it
// has returned: its name in the manual, the descriptor that it was about (-1 for a wait),
// and what it returned: how many descriptors are ready, or 0. It is for a program that
// counts; sys.Told is the same for the calls of sockets. A wait is one call, even if a
// signal has interrupted it, and so is a change that s refuses without asking the kernel.
// The processor is not kept (see Keeper). Wake and Close aren't told. tell runs in the
// goroutine that makes the call.
func Told(s Selector, tell func(name string, fd, n int, err error)) Selector {
	return &told{s, tell}
}

type told struct {
	Selector
	tell func(name string, fd, n int, err error)
}

func (t *told) Register(fd int, interest Events, data any) error {
	return t.controls(fd, t.Selector.Register(fd, interest, data))
}

func (t *told) Modify(fd int, interest Events, data any) error {
	return t.controls(fd, t.Selector.Modify(fd, interest, data))
}

func (t *told) Unregister(fd int) error { return t.controls(fd, t.Selector.Unregister(fd)) }

func (t *told) controls(fd int, err error) error {
	t.tell(controlCall, fd, 0, err)
	return err
}

func (t *told) Select(timeout time.Duration) ([]Ready, error) {
	ready, err := t.Selector.Select(timeout)
	t.tell(waitCall, -1, len(ready), err)
	return ready, err
}
