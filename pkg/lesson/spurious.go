package lesson

import (
	"time"

	"stepwise/pkg/selector"
)

// spurious is a selector that reports everything as ready once, whether it is or
// not, before it asks the kernel: a wake-up is a permission to try, not a promise.
type spurious struct {
	selector.Selector
	lies map[int]selector.Ready
}

func newSpurious() (*spurious, error) {
	s, err := selector.New()
	return &spurious{s, map[int]selector.Ready{}}, err
}

// Register notes the lie to tell about fd.
func (s *spurious) Register(fd int, interest selector.Events, data any) error {
	err := s.Selector.Register(fd, interest, data)
	if err == nil {
		s.lies[fd] = selector.Ready{FD: fd, Events: interest, Data: data}
	}
	return err
}

// Unregister forgets the lie, if it hasn't been told.
func (s *spurious) Unregister(fd int) error {
	delete(s.lies, fd)
	return s.Selector.Unregister(fd)
}

// Select tells the lies first.
func (s *spurious) Select(timeout time.Duration) (ready []selector.Ready, err error) {
	if len(s.lies) == 0 {
		return s.Selector.Select(timeout)
	}
	for fd, lie := range s.lies {
		ready = append(ready, lie)
		delete(s.lies, fd)
	}
	return ready, nil
}
