package selector

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// ErrNeverReady is what Fake returns instead of sleeping forever.
var ErrNeverReady = errors.New("nothing is ready, and nothing will ever be")

// Fake is a Selector without a kernel, for tests: a descriptor is any number from 0
// up, and it is ready when the test says so. It never sleeps; Sleep is told how long a
// real one would have slept.
//
// A Select without a limit that finds nothing returns ErrNeverReady.
type Fake struct {
	Selector // the same registry as that of the real ones

	// Sleep is called instead of sleeping, with the timeout of a Select that found
	// nothing: a test moves its clock there, or makes something ready. It may be nil.
	// Set it before the first Select.
	Sleep func(timeout time.Duration)

	mu      sync.Mutex // guards all below
	ready   map[int]Events
	watched map[int]event // possible: what it is watched for
	woken   bool
	slept   []time.Duration
}

// NewFake returns a Fake on which nothing is ready.
func NewFake() *Fake {
	f := &Fake{ready: map[int]Events{}, watched: map[int]event{}}
	f.Selector = &registry{backend: (*fakeBackend)(f)}
	return f
}

// SetReady says what is possible on fd from now on, until it is called again.
func (f *Fake) SetReady(fd int, events Events) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ready[fd] = events
}

// Slept returns the timeout of each Select that had to sleep, in order.
func (f *Fake) Slept() []time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.slept)
}

// fakeBackend keeps the backend's methods out of Fake's own.
type fakeBackend Fake

func (f *fakeBackend) change(fd int, _, interest Events, gen uint32) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.watched[fd] = event{fd, gen, interest}
	if interest == 0 {
		delete(f.watched, fd)
	}
	return nil
}

func (f *fakeBackend) wait(timeout time.Duration, _ bool) ([]event, error) {
	events, woken := f.look()
	if len(events) > 0 || woken || timeout == 0 {
		return events, nil
	}
	f.mu.Lock()
	f.slept = append(f.slept, timeout)
	f.mu.Unlock()
	if f.Sleep != nil {
		f.Sleep(timeout)
	}
	events, woken = f.look()
	if len(events) == 0 && !woken && timeout < 0 {
		return nil, ErrNeverReady
	}
	return events, nil
}

// look reports what is ready, in the order of the descriptors.
func (f *fakeBackend) look() (events []event, woken bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for fd, e := range f.watched {
		if e.possible &= f.ready[fd]; e.possible != 0 { // an event that nobody waits for ends no sleep
			events = append(events, e)
		}
	}
	slices.SortFunc(events, func(a, b event) int { return a.fd - b.fd })
	woken, f.woken = f.woken, false
	return events, woken
}

func (f *fakeBackend) renew([]key) error { return nil }

func (f *fakeBackend) wake() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.woken = true
	return nil
}

func (f *fakeBackend) close() {}
