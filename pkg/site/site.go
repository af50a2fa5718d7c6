// Package site is what a loop shares with those who live on it: futures, tasks and
// sockets. It knows what must end with the loop and which errors nobody has read, and
// leads to the probes that watch.
//
// A program needs two of its methods, which make code visible in a recording:
//
//	defer l.Site().Enter("read")() // l is a *loop.Loop
//	l.Site().Note("it has 17 entries")
package site

import (
	"fmt"
	"io"
	"slices"
	"sync/atomic"

	"stepwise/pkg/probe"
)

// A Site is the side of a loop that is seen by what lives on it. Events, Enter, Note and
// Origin may be called on a nil *Site, which is not watched. Only the loop's goroutine
// may call its methods, unless they say otherwise.
type Site struct {
	loop    probe.Loop
	events  probe.Events         // nil if the loop is not watched
	owned   Place                // the ends of the list of what lives here
	others  map[io.Closer]*Place // of those that have no Place in themselves
	ones    map[any]io.Closer    // by the key of OwnOne
	unread  unread
	stepped atomic.Value // the task whose step began last
}

// A Waiter lives on a loop and waits for something: a task. The loop asks it only when
// the loop itself is asked where it stands.
type Waiter interface {
	io.Closer
	Waits() string // what for, in words: "fd 7 to read"
}

// A Panic is an error that knows where something panicked: a *coro.PanicError.
type Panic interface {
	error
	StackTrace() []byte
}

// A Host has a Site: it is a loop.
type Host interface{ Site() *Site }

// Of is the Site of s; nil if s is no Host.
func Of(s any) *Site {
	if host, ok := s.(Host); ok {
		return host.Site()
	}
	return nil
}

// New makes the Site of a new loop. The loop is watched by p, unless that is nil, and by
// the probes that watch Everywhere.
func New(l probe.Loop, p probe.Probe) *Site {
	return &Site{loop: l, events: probe.Watch(l, p), others: map[io.Closer]*Place{}, ones: map[any]io.Closer{}, unread: unread{patience: fewUnread}}
}

// Events is told what happens; nil if the loop is not watched. Any goroutine may call
// it.
func (s *Site) Events() probe.Events {
	if s == nil {
		return nil
	}
	return s.events
}

// Enter says that the function name was entered, by the task whose step runs or else
// by the callback that runs. Call leave when the function returns:
//
//	defer l.Site().Enter("read")()
//
// Compiled functions are found on the stack; those of a notebook's cell have to say
// so. Any goroutine may call it.
func (s *Site) Enter(name string) (leave func()) {
	if e := s.Events(); e != nil {
		return e.Entered(name)
	}
	return func() {}
}

// Note says something in words of your own. Any goroutine may call it.
func (s *Site) Note(text string) {
	if e := s.Events(); e != nil {
		e.Noted(text)
	}
}

// Step says that a step of t, a task, begins, so that code which nobody has told of its
// task can find it by Stepped. All calls for one Site have the same type; a nil pointer
// says that the task has ended.
func (s *Site) Step(t any) { s.stepped.Store(t) }

// Stepped is the task whose step began last; nil before the first. Whether that step runs
// still, the task must say. Any goroutine may call it.
func (s *Site) Stepped() any { return s.stepped.Load() }

// Origin adds to err, unless it is nil, where x was made, if a probe knows it.
func (s *Site) Origin(x any, err error) error {
	if e := s.Events(); e != nil && err != nil {
		if origin := e.Origin(x); origin != "" {
			return fmt.Errorf("%w (%s)", err, origin)
		}
	}
	return err
}

// OwnOne is Own for a package that keeps one thing for each loop. It returns the thing
// that it was given under key before; on the first call it calls create for it.
func (s *Site) OwnOne(key any, create func() io.Closer) io.Closer {
	c, there := s.ones[key]
	if !there {
		c = create()
		s.Own(c)
		s.ones[key] = c
	}
	return c
}

// Rest is for the loop, when a Run ends. It tells those of OwnOne that have a method Rest:
// the next Run may be in another goroutine, or never come.
func (s *Site) Rest() {
	for _, c := range s.ones {
		if r, ok := c.(interface{ Rest() }); ok {
			r.Rest()
		}
	}
}

// Close is for the loop, when it ends. It hands everything that lives on the loop to
// end, the newest first, until nothing is left, since what is closed may leave
// something new behind. Then it reports the errors that nobody has read.
func (s *Site) Close(end func(io.Closer)) {
	for all := s.Owned(); len(all) > 0; all = s.Owned() {
		for _, c := range slices.Backward(all) {
			if s.owns(c) {
				s.Disown(c)
				end(c)
			}
		}
	}
	s.reportUnread()
}
