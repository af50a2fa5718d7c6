package check

import (
	"time"

	"stepwise/pkg/selector"
)

// Selector passes everything on to another one, and knows what is registered there.
type Selector struct {
	selector.Selector
	Registered map[int]selector.Ready // by descriptor
	Timeouts   []time.Duration        // of each Select
	checker    *Checker
}

// Selector has c compare what the loop says that it watches with what is registered.
func (c *Checker) Selector(inner selector.Selector) *Selector {
	c.selector = &Selector{Selector: inner, Registered: map[int]selector.Ready{}, checker: c}
	return c.selector
}

// Register notes fd if it is taken.
func (s *Selector) Register(fd int, e selector.Events, data any) error {
	err := s.Selector.Register(fd, e, data)
	if err == nil {
		s.Registered[fd] = selector.Ready{FD: fd, Events: e, Data: data}
	}
	return err
}

// Modify notes the change; a descriptor for which it fails is lost.
func (s *Selector) Modify(fd int, e selector.Events, data any) error {
	err := s.Selector.Modify(fd, e, data)
	if err != nil {
		delete(s.Registered, fd)
		s.checker.lose(fd)
		return err
	}
	s.Registered[fd] = selector.Ready{FD: fd, Events: e, Data: data}
	return nil
}

// Unregister forgets fd.
func (s *Selector) Unregister(fd int) error {
	delete(s.Registered, fd)
	return s.Selector.Unregister(fd)
}

// Select notes the timeout.
func (s *Selector) Select(timeout time.Duration) ([]selector.Ready, error) {
	s.Timeouts = append(s.Timeouts, timeout)
	return s.Selector.Select(timeout)
}
