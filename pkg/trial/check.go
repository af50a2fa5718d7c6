package trial

// How a table is run: each case gets a goroutine of its own, and a time after
// which it is given up. Read trial.go before it.

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"stepwise/pkg/coro"
)

// Check runs every case, one after the other. It never panics: code that panics,
// hangs or ends its goroutine fails the case.
//
// If the first case gets ErrTODO, the code is not started, and no other case is
// run. Code that doesn't return is left behind after Patience, or sooner if it waits for
// nobody but itself; the cases after it are not run either, since it would disturb them.
func (t Table) Check() Report {
	r := Report{table: t}
	for i, c := range t.Cases {
		err := c.run()
		switch {
		case i == 0 && errors.Is(err, ErrTODO):
			r.NotStarted, r.NotRun = true, t.Cases
			return r
		case err == nil:
			r.Passed = append(r.Passed, c)
		default:
			r.Failures = append(r.Failures, Failure{c, err, placeOf(err), t.failsWith(c, r.Failures)})
		}
		if errors.Is(err, errAbandoned) {
			r.NotRun = t.Cases[i+1:]
			break
		}
	}
	if len(r.Failures) > 0 {
		r.Like, r.Partly = t.looksLike(r.Failures)
	}
	return r
}

// failsWith is the ID of the failure that c needs not to be there; "" if there is none.
func (t Table) failsWith(c Case, failures []Failure) string {
	for _, f := range failures {
		if slices.Contains(t.Needs[c.ID], f.Case.ID) {
			return f.Case.ID
		}
	}
	return ""
}

// Patience is how long a case may take: much longer than it needs, so that only
// what would hang is ended. A case that waits for something of its own waits for
// a part of it.
func Patience() time.Duration { return time.Duration(patience.Load()) }

// SetPatience changes it for the whole process and returns what it was. It is for
// tests of what happens to code that hangs.
func SetPatience(d time.Duration) (before time.Duration) {
	return time.Duration(patience.Swap(int64(d)))
}

var patience atomic.Int64

func init() { patience.Store(int64(20 * time.Second)) }

const (
	afterParked = 3  // looks that prove a deadlock: a short time.After may end one
	afterCall   = 20 // looks that prove that a system call doesn't end; the kernel tries some things again after a second
)

// run gives the case a goroutine of its own, so that code which never returns is
// left behind instead of waited for: after Patience, or as soon as it is seen to wait
// for itself.
func (c Case) run() error {
	result, number := make(chan error, 1), make(chan string, 1)
	go func() {
		number <- own()
		err := errors.New("the code ended its goroutine (runtime.Goexit)")
		defer func() {
			if v := recover(); v != nil {
				err = &coro.PanicError{Value: v, Stack: debug.Stack()}
			}
			result <- err
		}()
		err = caught(c.Run)
	}()
	late, look := time.NewTimer(Patience()), time.NewTicker(glance/20)
	defer late.Stop()
	defer look.Stop()
	stuck := 0     // looks in a row that have found it waiting for nobody
	quiet := false // at one of them at least no other thread ran: on a busy machine, the runtime's own often wait for a processor
	for goroutine := <-number; ; {
		select {
		case err := <-result:
			return err
		case <-look.C:
			all := family(goroutine)
			if !stays(all) {
				stuck, quiet = 0, false
				continue
			}
			stuck, quiet = stuck+1, quiet || !othersRun()
			if parked(all) && stuck >= afterParked || quiet && stuck >= afterCall {
				return abandoned(goroutine)
			}
		case <-late.C:
			return fmt.Errorf("still running after %v: %w", Patience(), abandoned(goroutine))
		}
	}
}

// Must ends the case with err, unless it is nil: code after it may rely on what
// was tried. As with a test's FailNow, only the case itself may call it, on its
// own goroutine or in the task that OnLoop runs, and nothing that the judged code
// calls, which may catch a panic.
func Must(err error) {
	if err != nil {
		panic(ended{err})
	}
}

// ended is how Must leaves a case.
type ended struct{ err error }

// caught is what body returns, or what Must ended it with.
func caught(body func() error) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case ended:
			err = v.err
		default:
			panic(v)
		}
	}()
	return body()
}
