package sock_test

import (
	"runtime"
	"time"

	"stepwise/pkg/selector"
)

// quick is a selector and a clock: where the real one would sleep up to a
// timer, it moves the clock there at once. Descriptors are the kernel's.
type quick struct {
	selector.Selector
	spurious   bool
	now        time.Duration
	slept      []time.Duration // with a limit and nothing ready
	registered map[int]selector.Ready
}

func (q *quick) Now() time.Duration { return q.now }

func (q *quick) Register(fd int, e selector.Events, data any) error {
	err := q.Selector.Register(fd, e, data)
	if err == nil {
		q.registered[fd] = selector.Ready{FD: fd, Events: e, Data: data}
	}
	return err
}

func (q *quick) Modify(fd int, e selector.Events, data any) error {
	err := q.Selector.Modify(fd, e, data)
	if err == nil {
		q.registered[fd] = selector.Ready{FD: fd, Events: e, Data: data}
	}
	return err
}

func (q *quick) Unregister(fd int) error {
	delete(q.registered, fd)
	return q.Selector.Unregister(fd)
}

func (q *quick) Select(limit time.Duration) ([]selector.Ready, error) {
	wait := limit
	if limit > 0 || q.spurious && len(q.registered) > 0 {
		wait = 0
	}
	ready, err := q.Selector.Select(wait)
	if limit > 0 && len(ready) == 0 {
		q.now += limit
		q.slept = append(q.slept, limit)
	}
	if !q.spurious || err != nil {
		return ready, err
	}
	runtime.Gosched() // this mode never sleeps, and the servers need a processor too
	ready = ready[:0:0]
	for _, r := range q.registered {
		ready = append(ready, r)
	}
	return ready, nil
}
