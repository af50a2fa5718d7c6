package lesson

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Check runs every case on impl, one after the other. It never panics: an
// implementation that panics, hangs or ends its goroutine fails the case.
//
// Code that returns ErrTODO in the first case is not started, and nothing else
// is run. Code that doesn't come back is left behind after a while: then the
// cases after it are not run either, since it would disturb them.
func (l Lesson) Check(impl Impl) Report {
	r := Report{Lesson: fmt.Sprintf("lesson %02d, %s", l.Number, l.Name), lesson: l}
	for i, c := range l.Cases {
		err := c.run(impl.orLibrary())
		switch {
		case i == 0 && errors.Is(err, ErrTODO):
			r.NotStarted, r.NotRun = true, l.Cases
			return r
		case err == nil:
			r.Passed = append(r.Passed, c)
		default:
			r.Failures = append(r.Failures, Failure{c, err, placeOf(err)})
		}
		if errors.Is(err, errAbandoned) {
			r.NotRun = l.Cases[i+1:]
			return r
		}
	}
	if len(r.Failures) > 0 {
		r.Like = l.failsLike(r.Failures)
	}
	return r
}

// patience is how long a case may take, generously: it ends what would hang.
func patience() time.Duration {
	if d := shortened.Load(); d > 0 {
		return time.Duration(d)
	}
	return 20 * time.Second
}

// shortened is what tests have made of the patience; 0 is what it is otherwise.
var shortened atomic.Int64

// errAbandoned is the end of code that can't be ended. A loop of ours is
// stopped (see trial), a coroutine is closed; but Go has no way to end a
// goroutine from outside.
var errAbandoned = errors.New("the code doesn't come back, and can't be ended from outside: an endless loop? It keeps a core busy until the program ends")

// run gives the case a goroutine of its own, so that code which never returns
// is left behind instead of waited for.
func (c Case) run(impl Impl) error {
	result := make(chan error, 1)
	go func() {
		err := errors.New("the code ended its goroutine (runtime.Goexit)")
		defer func() {
			if v := recover(); v != nil {
				err = &located{fmt.Errorf("panic: %v", v), placeIn(string(debug.Stack()))}
			}
			result <- err
		}()
		err = c.Run(impl)
	}()
	late := time.NewTimer(patience())
	defer late.Stop()
	select {
	case err := <-result:
		return err
	case <-late.C:
		return &located{fmt.Errorf("still running after %v: %w", patience(), errAbandoned), placesNow()}
	}
}
