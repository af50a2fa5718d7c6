// Package lesson judges the functions that a learner writes.
//
// A Lesson is a table of cases. Each says what must happen in one situation,
// and why; Check runs them all on an implementation, the library's or the
// learner's own, on real sockets against servers that misbehave. Tests,
// notebook cells and the command line call the same Check.
//
// Order of reading: lesson.go (what a lesson is), check.go (how it is run),
// report.go and place.go (what is said of it), then a lesson: its cases, its
// wrong implementations (NAME_wrong.go), its hints (NAME_hints.go).
package lesson

import (
	"bufio"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
)

// ErrTODO is what an exercise returns until somebody writes it. Code that
// returns it is not judged: it is not started.
var ErrTODO = errors.New("not written yet")

// Impl is what is judged. A function that is nil is the library's, so that a
// lesson about send needs only a send.
type Impl struct {
	Ask         func(address string, question []byte) ([]byte, error)
	Poll        func(talks []*stages.Talk)
	NewSelector func() (Poller, error)
	NewLoop     func(s selector.Selector) EventLoop
	NewFuture   func(s future.Scheduler) Box
	NewCoro     func(body coro.Body) Generator
	Step        func(c *coro.Coro, done *future.Future, value any, err error)
	Connect     func(yield coro.Yield, l *loop.Loop, address string) (*sock.Socket, error)
	Send        func(yield coro.Yield, s *sock.Socket, data []byte) error
	Read        func(yield coro.Yield, s *sock.Socket) ([]byte, error)
	ReadAll     func(yield coro.Yield, s *sock.Socket, limit int) ([]byte, error)
	ReadBody    func(r *bufio.Reader, method string, head fetch.Head, limit int) ([]byte, error)
}

// Library is our own implementation. Its Step stays nil: the library's is a
// method, and is judged as a part of its Task.
var Library = Impl{
	Ask:         stages.Ask,
	Poll:        stages.Poll,
	NewSelector: newPoller,
	NewLoop:     newEventLoop,
	NewFuture:   newBox,
	NewCoro:     newCoro,
	Connect:     sock.Connect,
	Send:        sock.Send,
	Read:        sock.Read,
	ReadAll:     sock.ReadAll,
	ReadBody:    fetch.ReadBody,
}

// orLibrary is i with the library's function in each field that is nil.
func (i Impl) orLibrary() Impl {
	own, library := reflect.ValueOf(&i).Elem(), reflect.ValueOf(Library)
	for n := range own.NumField() {
		if own.Field(n).IsNil() {
			own.Field(n).Set(library.Field(n))
		}
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

// Hints lead to one case's solution: where to look, what to think of, what to
// write. Each says more than the one before.
type Hints [3]string

// Wrong is an implementation that is WRONG ON PURPOSE, and the cases that find
// it out.
type Wrong struct {
	Name     string // what it does, to follow "a send that": "ignores the count"
	Impl     Impl
	CaughtBy []string // the IDs of all cases that it fails, in the table's order; at least one
}

// Lesson is a table of cases, and what it is good for: the wrong
// implementations that it catches. The first case is the plain situation, in
// which code that is not written yet shows its ErrTODO.
type Lesson struct {
	Number int
	Name   string // "send", "read_all"
	Noun   string // what is judged, where the name is no word for it: "blocking ask"; it follows "how a"
	Judges string // the field of Impl that the exercise is about: "Send", "ReadAll"
	Cases  []Case
	Wrong  []Wrong
	Hints  map[string]Hints // by the case's ID
}

// All are the lessons that have a table, in their order.
func All() []Lesson {
	return []Lesson{Blocking, Nonblocking, Selector, Callbacks, Future, Coroutine, Task, Connect, Send, Read, ReadAll, Fetch}
}

// Slug names the lesson's folder in exercises/ and solutions/: "09_send".
func (l Lesson) Slug() string { return fmt.Sprintf("%02d_%s", l.Number, l.Name) }

// Hint is the nth hint, from 1 to 3, for a case, whether it passes or not. For
// an id or a number that isn't there it says which are.
func (l Lesson) Hint(id string, n int) string {
	hints, ok := l.Hints[id]
	switch {
	case !ok:
		return fmt.Sprintf("lesson %02d has no hints for %q; it has them for %s.", l.Number, id, strings.Join(l.ids(), ", "))
	case n < 1 || n > len(hints):
		return fmt.Sprintf("There is no hint %d: ask for 1, 2 or %d.", n, len(hints))
	}
	return hints[n-1]
}

// ids are those of the cases, in their order.
func (l Lesson) ids() []string {
	ids := make([]string, 0, len(l.Cases))
	for _, c := range l.Cases {
		ids = append(ids, c.ID)
	}
	return ids
}

// failsLike names the wrong implementations that fail the same cases in the
// same way: "ignores the count"; "" if there is none.
func (l Lesson) failsLike(failures []Failure) string {
	var ids, names []string
	for _, f := range failures {
		ids = append(ids, f.Case.ID)
	}
	for _, w := range l.Wrong {
		if slices.Equal(w.CaughtBy, ids) && w.fails(failures) {
			names = append(names, w.Name)
		}
	}
	return strings.Join(names, ", or that ")
}

// fails runs one of the failed cases on w and reports whether w fails with the
// same words. Where all of them have waited in vain it doesn't wait again for as
// long: whoever isn't done at a glance waits too.
func (w Wrong) fails(failures []Failure) bool {
	for _, f := range failures {
		if errors.Is(f.Err, errWaits) {
			continue
		}
		err := f.Case.run(w.Impl.orLibrary())
		return err != nil && masked(err) == masked(f.Err)
	}
	return w.waits(failures[0].Case)
}

// glance is what a case takes generously, unless it waits in vain.
const glance = 2 * time.Second

// waits reports whether w waits in vain in case c. What does is left to end by
// itself, when the case loses patience.
func (w Wrong) waits(c Case) bool {
	result := make(chan error, 1)
	go func() { result <- c.run(w.Impl.orLibrary()) }()
	late := time.NewTimer(min(glance, patience()/4))
	defer late.Stop()
	select {
	case err := <-result:
		return errors.Is(err, errWaits)
	case <-late.C:
		return true
	}
}
