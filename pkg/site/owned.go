package site

// What lives on a loop, and is closed with it.

import (
	"fmt"
	"io"
	"reflect"
)

// A Place is where something stands in the list of what lives on a loop. What comes and goes
// in thousands, such as a task, has it in itself (Placed), which is cheaper than an entry of a
// map: in time, and 20 bytes each.
type Place struct {
	before, after *Place // nil if the loop doesn't own it
	closer        io.Closer
}

// Placed is a closer that has its Place in itself.
type Placed interface {
	io.Closer
	Place() *Place // always the same
}

// Own makes the loop close c when the loop itself is closed: for whatever must not
// outlive it, such as a task or a socket. Owned again, c becomes the newest. Own panics
// if c is nil, or a value that == can't compare, such as a function: Disown could not
// find it.
func (s *Site) Own(c io.Closer) {
	p, ok := c.(Placed)
	if ok {
		s.own(c, p.Place())
		return
	}
	switch {
	case c == nil:
		panic("loop: Own of nil")
	case !canCompare(c):
		panic(fmt.Sprintf("loop: Own of a %T, which can't be compared: own a pointer to it", c))
	}
	if s.others[c] == nil {
		s.others[c] = &Place{}
	}
	s.own(c, s.others[c])
}

// own makes p, of c, the newest.
func (s *Site) own(c io.Closer, p *Place) {
	p.leave()
	ends := &s.owned
	if ends.before == nil {
		ends.before, ends.after = ends, ends
	}
	p.closer, p.before, p.after = c, ends.before, ends
	p.before.after, p.after.before = p, p
}

func (p *Place) leave() {
	if p.after != nil {
		p.before.after, p.after.before = p.after, p.before
		*p = Place{}
	}
}

// Disown takes back Own, for a c that has ended before the loop. If the loop doesn't
// own c, it does nothing.
func (s *Site) Disown(c io.Closer) {
	if p := s.place(c); p != nil {
		p.leave()
		if _, inside := c.(Placed); !inside {
			delete(s.others, c)
		}
	}
}

// place is where c stands, or nil.
func (s *Site) place(c io.Closer) *Place {
	if p, ok := c.(Placed); ok {
		return p.Place()
	}
	if !canCompare(c) { // otherwise the map panics
		return nil
	}
	return s.others[c]
}

func (s *Site) owns(c io.Closer) bool {
	p := s.place(c)
	return p != nil && p.after != nil
}

// canCompare reports whether == can compare c. Most closers are pointers, of which
// reflection need not look at the value: that would allocate.
func canCompare(c io.Closer) bool {
	t := reflect.TypeOf(c)
	return t == nil || t.Kind() == reflect.Pointer || reflect.ValueOf(c).Comparable()
}

// Owned lists what lives on the loop, the oldest first.
func (s *Site) Owned() (all []io.Closer) {
	for p := s.owned.after; p != nil && p != &s.owned; p = p.after {
		all = append(all, p.closer)
	}
	return all
}
