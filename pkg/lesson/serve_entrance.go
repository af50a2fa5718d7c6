package lesson

// What accept says to a server under trial, and the clock of its loop. Read serve_rig.go
// first.

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sys"
	"stepwise/pkg/trial"
)

// entrance decides what accept says, and has the loop's clock, which jumps to the next timer
// when the loop would sleep for it.
type entrance struct {
	selector.Selector
	now      time.Duration
	says     error           // what accept returns, instead of asking the kernel; nil: it asks
	times    int             // how often it says so
	tries    []time.Duration // when accept was called, since failing
	inARow   int             // calls of accept since the last Select
	accepted int
	doors    map[int]uint64 // what accept has returned, by descriptor: the inode
	most     int            // how many of them may be open at once
	wrong    error          // what was seen on the way, and fails the case; nil if nothing was
}

// notes keeps the first thing that is wrong.
func (d *entrance) notes(wrong error) {
	if d.wrong == nil {
		d.wrong = wrong
	}
}

// Options are the loop's: see trial.Optioned.
func (d *entrance) Options() loop.Options {
	calls := sys.Kernel
	calls.Accept = d.accept
	return loop.Options{Calls: &calls, Clock: d}
}

// mostTries of accept between two selects are those of code that would never end.
const mostTries = 1000

// Now is the time on the loop's clock.
func (d *entrance) Now() time.Duration { return d.now }

// Select lets the time pass in which nothing happens.
func (d *entrance) Select(timeout time.Duration) ([]selector.Ready, error) {
	d.inARow = 0
	if timeout <= 0 {
		return d.Selector.Select(timeout)
	}
	ready, err := d.Selector.Select(0)
	if err == nil && len(ready) == 0 {
		d.now += timeout
	}
	return ready, err
}

func (d *entrance) accept(fd int) (int, unix.Sockaddr, error) {
	d.tries = append(d.tries, d.now)
	if d.inARow++; d.inARow == mostTries { // it would go on without end
		d.notes(trial.Fail(fmt.Sprintf("accept, which says %v each time", d.says), "a thousand calls without a wait between them", "an end of the tries", nil))
		return -1, nil, unix.EAGAIN
	}
	if d.says != nil && d.times > 0 {
		d.times--
		return -1, nil, d.says
	}
	fd, sa, err := sys.Kernel.Accept(fd)
	if err == nil {
		d.accepted++
		d.opens(fd)
	}
	return fd, sa, err
}

// opens counts the connections that are open. A number may have got another owner.
func (d *entrance) opens(fd int) {
	d.doors[fd] = inode(fd)
	open := 0
	for fd, ino := range d.doors {
		if inode(fd) == ino {
			open++
		}
	}
	if open > d.most {
		d.notes(trial.Fail(fmt.Sprintf("look at the open connections, where most is %d", d.most), fmt.Sprint(open, " at once"), "no more than there are places", nil))
	}
}

// failing has the next calls of accept, so many of them, fail with err.
func (d *entrance) failing(err error, times int) { d.says, d.times, d.tries = err, times, nil }
