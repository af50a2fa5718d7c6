package outside

// How many goroutines work for a loop at once. Read run.go first.

import (
	"errors"
	"fmt"

	"stepwise/pkg/loop"
	"stepwise/pkg/wait"
)

// ErrPlaces: a number of places is negative, or above 10,000. Work that blocks in the
// kernel holds a thread, and with more than 10,000 threads Go's runtime ends the program.
var ErrPlaces = errors.New("number of places is not between 0 and 10000")

// Places says how many goroutines may work for one loop at a time. 0 stands for the
// default. Further calls wait, first come, first served. The two kinds don't wait for
// each other: a lookup is soon over, and must not wait for a file that takes a minute.
type Places struct {
	Work  int // for Run and RunAs: 32, as in asyncio
	Names int // for the lookups of Resolve and Dial: 32
}

const (
	usualPlaces = 32
	mostPlaces  = 10_000
)

// SetPlaces changes how many places l has, even while all are taken. With more places,
// calls that wait begin at once. With fewer, calls that run go on, and the next one begins
// when enough of them have ended. Only the loop's goroutine may call it, or, before the
// loop runs, the goroutine that made it. Errors, after which nothing has changed:
// loop.ErrNilLoop, loop.ErrClosed, ErrPlaces.
func SetPlaces(l *loop.Loop, p Places) error {
	sizes := [...]int{forWork: p.Work, forNames: p.Names}
	for i, n := range sizes {
		switch {
		case l == nil:
			return fmt.Errorf("outside: places: %w", loop.ErrNilLoop)
		case l.Closed():
			return fmt.Errorf("outside: places: %w", loop.ErrClosed)
		case n < 0 || n > mostPlaces:
			return fmt.Errorf("outside: places: %d: %w", n, ErrPlaces)
		case n == 0:
			sizes[i] = usualPlaces
		}
	}
	for i, n := range sizes {
		workersFor(l).places[i].resize(n)
	}
	return nil
}

// kind is what a goroutine is wanted for.
type kind int

const (
	forWork kind = iota
	forNames
)

func (k kind) String() string { return [...]string{"run", "look up"}[k] }

// place is what a task waits for while all places are taken.
func (k kind) place() name {
	return [...]name{"a place for work outside", "a place for a name lookup"}[k]
}

// name says what a task waits for.
type name string

func (n name) String() string { return string(n) }

// places is a Semaphore that can shrink.
//
// Invariants: free + taken = most + owed; owed > 0 ⇒ free = 0.
type places struct {
	*wait.Semaphore
	most int
	owed int // how many of those that are taken will not be free again
}

func newPlaces(l *loop.Loop, what fmt.Stringer) *places {
	p := &places{Semaphore: wait.NewSemaphore(usualPlaces), most: usualPlaces}
	p.Bind(l, what)
	return p
}

func (p *places) resize(n int) {
	for ; p.most < n; p.most++ {
		p.leave()
	}
	for ; p.most > n; p.most-- {
		if !p.TryAcquire() {
			p.owed++
		}
	}
}

// leave gives a place back.
func (p *places) leave() {
	if p.owed > 0 {
		p.owed--
		return
	}
	_ = p.Release()
}
