// Package lesson judges the functions that a learner writes.
//
// A Lesson is a table of cases. Each says what must happen in one situation,
// and why; Check runs them all on an implementation, the library's or the
// learner's own, on real sockets against servers that misbehave. Tests,
// notebook cells and the command line call the same Check.
package lesson

import (
	"fmt"
	"strings"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
)

// Impl is what is judged. A function that is nil is the library's, so that a
// lesson about send needs only a send.
type Impl struct {
	Connect func(yield coro.Yield, l *loop.Loop, address string) (*sock.Socket, error)
	Send    func(yield coro.Yield, s *sock.Socket, data []byte) error
	Read    func(yield coro.Yield, s *sock.Socket) ([]byte, error)
	ReadAll func(yield coro.Yield, s *sock.Socket, limit int) ([]byte, error)
}

// Library is our own implementation.
var Library = Impl{sock.Connect, sock.Send, sock.Read, sock.ReadAll}

func (i Impl) orLibrary() Impl {
	if i.Connect == nil {
		i.Connect = Library.Connect
	}
	if i.Send == nil {
		i.Send = Library.Send
	}
	if i.Read == nil {
		i.Read = Library.Read
	}
	if i.ReadAll == nil {
		i.ReadAll = Library.ReadAll
	}
	return i
}

// Case is one situation.
type Case struct {
	ID   string // in the catalogue of situations: "W01"
	Name string // the situation in words: "a part is taken"
	Why  string // what goes wrong for somebody whose code fails here
	Run  func(Impl) error
}

// Wrong is an implementation that is WRONG ON PURPOSE, and the cases that must
// find it out.
type Wrong struct {
	Name     string // "ignores the count"
	Impl     Impl
	CaughtBy []string // IDs, at least one
}

// Lesson is a table of cases, and what it is good for: the wrong
// implementations that it catches.
type Lesson struct {
	Number int
	Name   string // "send"
	Cases  []Case
	Wrong  []Wrong
}

// All are the lessons that have a table, in their order.
func All() []Lesson { return []Lesson{Connect, Send, Read, ReadAll} }

// Failure is a case that was not passed.
type Failure struct {
	Case Case
	Err  error // what was tried, got and wanted
}

// Report is what Check found.
type Report struct {
	Lesson   string
	Passed   []Case
	Failures []Failure
}

// String is the report as a learner reads it.
func (r Report) String() string {
	var b strings.Builder
	for _, c := range r.Passed {
		fmt.Fprintf(&b, "ok    %s  %s\n", c.ID, c.Name)
	}
	for _, f := range r.Failures {
		fmt.Fprintf(&b, "FAIL  %s  %s\n      %v\n      why it matters: %s\n", f.Case.ID, f.Case.Name, f.Err, f.Case.Why)
	}
	all := len(r.Passed) + len(r.Failures)
	fmt.Fprintf(&b, "%s: %d of %d cases pass", r.Lesson, len(r.Passed), all)
	return b.String()
}

// Check runs every case on impl, one after the other. It never panics: an
// implementation that panics, hangs or ends its goroutine fails the case.
func (l Lesson) Check(impl Impl) Report {
	r := Report{Lesson: fmt.Sprintf("lesson %02d, %s", l.Number, l.Name)}
	for _, c := range l.Cases {
		if err := c.run(impl.orLibrary()); err != nil {
			r.Failures = append(r.Failures, Failure{c, err})
		} else {
			r.Passed = append(r.Passed, c)
		}
	}
	return r
}

// patience is how long a case may take, generously: it ends what would hang.
const patience = 10 * time.Second

// run gives the case a goroutine of its own, so that code which never returns
// is left behind instead of waited for.
func (c Case) run(impl Impl) error {
	result := make(chan error, 1)
	go func() {
		err := fmt.Errorf("the code ended its goroutine (runtime.Goexit)")
		defer func() {
			if v := recover(); v != nil {
				err = fmt.Errorf("panic: %v", v)
			}
			result <- err
		}()
		err = c.Run(impl)
	}()
	select {
	case err := <-result:
		return err
	case <-time.After(patience):
		return fmt.Errorf("still running after %v: an endless loop?", patience)
	}
}
