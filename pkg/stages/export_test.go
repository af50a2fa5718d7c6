package stages

// How a stage's system calls are counted without changing the stage.

import (
	"time"

	"stepwise/pkg/selector"
	"stepwise/pkg/sys"
)

// Observe reports each system call of the stages, by its name in the manual, until restore
// is called. It leaves out what a selector does to open and close itself.
func Observe(tell func(call string)) (restore func()) {
	table, waits, open := kernel, blocking, newSelector
	each := func(name string, _, _ int, _ error) { tell(name) }
	kernel, blocking = *sys.Told(&table, each), *sys.Told(&waits, each)
	newSelector = func() (selector.Selector, error) {
		s, err := open()
		return observed{s, tell}, err
	}
	return func() { kernel, blocking, newSelector = table, waits, open }
}

type observed struct {
	selector.Selector
	tell func(call string)
}

func (s observed) Register(fd int, interest selector.Events, data any) error {
	s.tell("epoll_ctl")
	return s.Selector.Register(fd, interest, data)
}

func (s observed) Modify(fd int, interest selector.Events, data any) error {
	s.tell("epoll_ctl")
	return s.Selector.Modify(fd, interest, data)
}

func (s observed) Unregister(fd int) error {
	s.tell("epoll_ctl")
	return s.Selector.Unregister(fd)
}

func (s observed) Select(timeout time.Duration) ([]selector.Ready, error) {
	s.tell("epoll_wait")
	return s.Selector.Select(timeout)
}

// Ways are the functions that Switches measures, by their names.
func Ways() map[string]func(n int, here, there func()) {
	all := make(map[string]func(n int, here, there func()))
	for _, way := range ways {
		all[way.name] = way.alternate
	}
	return all
}
