package lesson

import (
	"errors"
	"fmt"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

// errWaits is what a case gets for code that waits for what has happened already.
var errWaits = errors.New("the code still waits, although all it needs has happened")

// trial runs body as a task on a loop of its own, on s if that isn't nil, and
// fails it if it doesn't come to an end. A body returns what it found wrong.
func trial(s selector.Selector, body func(yield coro.Yield, l *loop.Loop) error) error {
	l, err := loop.New(loop.Options{Selector: s})
	if err != nil {
		return err
	}
	var trouble error
	l.SetExceptionHandler(func(e loop.Exception) {
		if trouble == nil {
			trouble = escaped(e)
		}
	})
	l.CallLater(patience()/2, func() {
		trouble = &located{errWaits, placesNow()}
		l.Stop()
	})
	_, err = task.Run(l, func(yield coro.Yield) (any, error) { return nil, body(yield, l) })
	if trouble != nil {
		err = trouble
	}
	l.SetExceptionHandler(func(loop.Exception) {}) // what the failed left behind is ended in silence
	_ = l.Close()
	return err
}

// escaped is what nobody but the loop has heard of.
func escaped(e loop.Exception) error {
	return &located{fmt.Errorf("an error escaped into the loop: %s: %w", e.Message, e.Err), placeIn(string(e.Stack))}
}

// spurious is a selector that reports everything as ready once, true or not,
// before it asks the kernel: wake-ups are permissions to try, not promises.
type spurious struct {
	selector.Selector
	lies map[int]selector.Ready
}

func newSpurious() (*spurious, error) {
	s, err := selector.New()
	return &spurious{s, map[int]selector.Ready{}}, err
}

// Register notes the lie that is to be told of fd.
func (s *spurious) Register(fd int, interest selector.Events, data any) error {
	err := s.Selector.Register(fd, interest, data)
	if err == nil {
		s.lies[fd] = selector.Ready{FD: fd, Events: interest, Data: data}
	}
	return err
}

// Unregister forgets the lie, if it was not told.
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
