package lesson

// What lesson 17's cases stand on: a selector that lets them in before it sleeps, and a
// watch on the goroutines that functions run in. Read outside.go first.

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
	"stepwise/pkg/trial"
)

// doorway is the kernel's selector, and lets a case in just before it sleeps. It ends a sleep
// without end when its patience is over.
type doorway struct {
	selector.Selector
	before   func()        // once, before the next select that may sleep
	after    func()        // once, after the next one that has found something
	instead  func() error  // once, instead of the next one, which finds nothing
	refuses  error         // what Register returns
	patient  time.Duration // 0 means that all that could wake it has happened
	watched  []int
	links    []string // what these really are: "pipe:[4711]"
	timeouts []time.Duration
	looks    int // in a row
	woken    atomic.Bool
}

func (d *doorway) Register(fd int, interest selector.Events, data any) error {
	d.watched, d.links = append(d.watched, fd), append(d.links, link(fd))
	if d.refuses != nil {
		return d.refuses
	}
	return d.Selector.Register(fd, interest, data)
}

// Wake is how the library's loop is woken.
func (d *doorway) Wake() error {
	d.woken.Store(true)
	return d.Selector.Wake()
}

func (d *doorway) Select(timeout time.Duration) ([]selector.Ready, error) {
	d.timeouts = append(d.timeouts, timeout)
	if timeout != 0 {
		d.looks = 0
	} else if d.looks++; d.looks > mostInARow {
		return nil, trial.NeverSlept(d.looks)
	}
	if before := d.before; before != nil && timeout != 0 {
		d.before = nil
		before()
	}
	if instead := d.instead; instead != nil {
		d.instead = nil
		return nil, instead()
	}
	endless := timeout < 0 || timeout >= time.Second // OnLoop has a timer of its own
	if endless {
		timeout = max(d.patient, 20*time.Millisecond)
	}
	ready, err := d.Selector.Select(timeout)
	if woken := d.woken.Swap(false); err == nil && endless && len(ready) == 0 && !woken {
		err = trial.ErrWaits
	}
	if after := d.after; after != nil && len(ready) > 0 {
		d.after = nil
		after()
	}
	return ready, err
}

// mostInARow is how often in a row select may be asked only to look.
const mostInARow = 10_000

// inThreads is a case whose functions don't return once the loop closes. If they did, code
// that touches the loop from its goroutine would panic there, and end the process.
//
// It fails code that ends a Future in such a goroutine.
func inThreads(body func(Impl)) func(Impl) {
	return func(impl Impl) {
		run, own := impl.RunInThread, new(strangers)
		defer probe.Everywhere(own)()
		defer own.fails()
		impl.RunInThread = func(yield coro.Yield, fn func() (any, error)) (any, error) {
			l, err := task.LoopOf(yield)
			trial.Must(err)
			over := new(ended)
			l.Site().Own(over)
			return run(yield, func() (any, error) {
				own.goroutines.Store(goroutine(), nil)
				value, err := fn()
				if over.Load() {
					runtime.Goexit()
				}
				return value, err
			})
		}
		body(impl)
	}
}

// strangers watch which goroutines end a Future.
type strangers struct {
	probe.Nothing
	goroutines sync.Map // those of the functions
	caught     atomic.Bool
}

func (s *strangers) Watch(probe.Loop) probe.Events { return s }

func (s *strangers) Done(any, fmt.Stringer, any, error) {
	if _, stranger := s.goroutines.Load(goroutine()); stranger {
		s.caught.Store(true)
	}
}

// fails takes precedence over what else has ended the case: it is the cause.
func (s *strangers) fails() {
	if s.caught.Load() {
		_ = recover()
		fail("run a function in a thread", "a Future that the thread ends", "one that the loop ends, by CallSoonThreadsafe", nil)
	}
}

// goroutine names the present one: "goroutine 7".
func goroutine() string {
	p := make([]byte, 40)
	text, _, _ := strings.Cut(string(p[:runtime.Stack(p, false)]), " [")
	return text
}

// ended lives on a loop, and is closed with it.
type ended struct{ atomic.Bool }

func (e *ended) Close() error { e.Store(true); return nil }

// lent is a selector that stays open when its loop closes.
type lent struct{ selector.Selector }

func (lent) Close() error { return nil }

// open names one of these that some descriptor still leads to.
func (d *doorway) open(links []string) string {
	entries, _ := os.ReadDir("/proc/self/fd")
	for _, e := range entries {
		link, _ := os.Readlink("/proc/self/fd/" + e.Name())
		for _, one := range links {
			if link == one && strings.HasPrefix(link, "pipe:") {
				return "descriptor " + e.Name()
			}
		}
	}
	return ""
}
