package probe

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// All makes one Probe of several; those that are nil are left out.
func All(probes ...Probe) Probe { return several(probes) }

type several []Probe

// Watch returns nil if no probe is interested in l; one alone is told directly.
func (s several) Watch(l Loop) Events {
	var all fan
	for _, p := range s {
		if p == nil {
			continue
		}
		if e := p.Watch(l); e != nil {
			all = append(all, e)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return all
}

// Everywhere has p watch every loop that is made in this program from now on, besides
// the probe in the loop's Options, until stop is called. It is for programs that watch
// code they did not write, so the list of such probes belongs to the whole process.
// Any goroutine may call both; a second stop does nothing.
func Everywhere(p Probe) (stop func()) {
	everywhere.Lock()
	defer everywhere.Unlock()
	mine := &p // not p itself: it may watch everywhere twice
	everywhere.probes = append(everywhere.probes, mine)
	return func() {
		everywhere.Lock()
		defer everywhere.Unlock()
		everywhere.probes = slices.DeleteFunc(everywhere.probes, func(other *Probe) bool { return other == mine })
	}
}

var everywhere struct {
	sync.Mutex
	probes []*Probe
}

// Watch is what a new loop tells: the Events of p, unless that is nil, and those of the
// probes that watch Everywhere. It is nil if the loop is not watched.
func Watch(l Loop, p Probe) Events {
	everywhere.Lock()
	all := several{p}
	for _, other := range everywhere.probes {
		all = append(all, *other)
	}
	everywhere.Unlock()
	return all.Watch(l)
}

// Nothing is an Events that ignores everything: embed it, and add what you need.
type Nothing struct{ fan }

// fan passes everything on to several Events; to none in Nothing.
type fan []Events

func (f fan) each(tell func(Events)) {
	for _, e := range f {
		tell(e)
	}
}

// callback tells each about c, with the By that it returned itself from Scheduled.
func (f fan) callback(c Callback, tell func(Events, Callback)) {
	bys, _ := c.By.([]any)
	for i, e := range f {
		if c.By = nil; bys != nil {
			c.By = bys[i]
		}
		tell(e, c)
	}
}

func (f fan) Scheduled(fn func()) any {
	var bys []any
	for _, e := range f {
		bys = append(bys, e.Scheduled(fn))
	}
	return bys
}

func (f fan) Entered(name string) func() {
	var lefts []func()
	for _, e := range f {
		lefts = append(lefts, e.Entered(name))
	}
	return func() {
		for _, left := range lefts {
			left()
		}
	}
}

func (f fan) Origin(x any) string {
	for _, e := range f {
		if origin := e.Origin(x); origin != "" {
			return origin
		}
	}
	return ""
}

func (f fan) Queued(c Callback)   { f.callback(c, Events.Queued) }
func (f fan) Began(c Callback)    { f.callback(c, Events.Began) }
func (f fan) Skipped(c Callback)  { f.callback(c, Events.Skipped) }
func (f fan) Returned(c Callback) { f.callback(c, Events.Returned) }

func (f fan) Sleep(d time.Duration)               { f.each(func(e Events) { e.Sleep(d) }) }
func (f fan) Woke(n int)                          { f.each(func(e Events) { e.Woke(n) }) }
func (f fan) Ready(fd int, what fmt.Stringer)     { f.each(func(e Events) { e.Ready(fd, what) }) }
func (f fan) Watched(fd int, what fmt.Stringer)   { f.each(func(e Events) { e.Watched(fd, what) }) }
func (f fan) Unwatched(fd int, w fmt.Stringer)    { f.each(func(e Events) { e.Unwatched(fd, w) }) }
func (f fan) System(s string, fd, n int, e error) { f.each(func(o Events) { o.System(s, fd, n, e) }) }

func (f fan) Made(x any)                     { f.each(func(e Events) { e.Made(x) }) }
func (f fan) Named(x any, what fmt.Stringer) { f.each(func(e Events) { e.Named(x, what) }) }
func (f fan) Awaits(x any, fn func())        { f.each(func(e Events) { e.Awaits(x, fn) }) }
func (f fan) Read(x any)                     { f.each(func(e Events) { e.Read(x) }) }
func (f fan) Refused(x any, op string)       { f.each(func(e Events) { e.Refused(x, op) }) }
func (f fan) Done(x any, s fmt.Stringer, v any, err error) {
	f.each(func(e Events) { e.Done(x, s, v, err) })
}

func (f fan) Spawned(t, result, body any)     { f.each(func(e Events) { e.Spawned(t, result, body) }) }
func (f fan) Resumed(t, v any, err error)     { f.each(func(e Events) { e.Resumed(t, v, err) }) }
func (f fan) Yielded(t, out any)              { f.each(func(e Events) { e.Yielded(t, out) }) }
func (f fan) Stepped(t any)                   { f.each(func(e Events) { e.Stepped(t) }) }
func (f fan) CancelAsked(t any)               { f.each(func(e Events) { e.CancelAsked(t) }) }
func (f fan) Opened(o any, name fmt.Stringer) { f.each(func(e Events) { e.Opened(o, name) }) }
func (f fan) Abandoned(o any)                 { f.each(func(e Events) { e.Abandoned(o) }) }
func (f fan) Closed(o any)                    { f.each(func(e Events) { e.Closed(o) }) }
func (f fan) Noted(text string)               { f.each(func(e Events) { e.Noted(text) }) }
func (f fan) End()                            { f.each(Events.End) }

var _ Events = Nothing{}
