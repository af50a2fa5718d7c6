package lesson

// More of lesson 03's cases: time, and the end. Read selector.go first.

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

// pollNoTime lets the peer write after a while, so that a select that sleeps
// returns, and is found out.
func pollNoTime(p *poll) {
	_, peer := p.registered(selector.Read, "Ann")
	var ready []selector.Ready
	var err error
	beside(func(here int, over func() bool) {
		if sleepsOn(here, over) {
			_, _ = unix.Write(peer, []byte("x"))
		}
	}, func() { ready, err = p.Select(0) })
	if err != nil || len(ready) > 0 {
		fail("select with a time of 0 and nothing to read", trial.Said(err)+", and a sleep until the peer wrote", "nothing, at once", err)
	}
	pollLooks(p)
}

func pollLooks(p *poll) {
	const often = 20
	if sleepsEachTime(often, func() { _, _ = p.Select(0) }) {
		fail(fmt.Sprintf("select with a time of 0 and nothing to read, %d times", often), "a short sleep each time", "no sleep at all", nil)
	}
}

// pollShortTime selects for a time that isn't a number of whole milliseconds. On a busy
// machine a select may return late although its time was rounded down. So it is compared
// with a call whose time is: it goes on until enough of these have returned early.
func pollShortTime(p *poll) {
	const enough, most = 20, 100
	for _, timeout := range []time.Duration{400 * time.Microsecond, 1900 * time.Microsecond} {
		calls, early, rounded := 0, 0, 0
		for ; rounded < enough && calls < most; calls++ {
			start := time.Now()
			_, _ = unix.Poll(nil, int(timeout/time.Millisecond))
			if time.Since(start) < timeout {
				rounded++
			}
			start = time.Now()
			p.expect("select with nothing registered", timeout)
			if time.Since(start) < timeout {
				early++
			}
		}
		// Outside of Linux, a signal of Go's own runtime may cut one select short, and that
		// is S23's business.
		if early > rounded/4 {
			fail(fmt.Sprintf("select for %v, %d times", timeout, calls), "some that returned earlier", "none that does", nil)
		}
	}
}

// pollSleeps looks at the processor that select has used. A thread that sleeps gives its
// own up; one that asks again and again uses as much of it as it gets, however busy the
// machine is. (onPoller keeps this goroutine on one thread.) Go's garbage collector may use
// the thread for a moment, so most of the selects must have been busy, and not their sum.
func pollSleeps(p *poll) {
	const timeout, often, each = 50 * time.Millisecond, 5, time.Millisecond // a select that sleeps uses much less than each
	p.registered(selector.Read, "Ann")
	early, busy := 0, 0
	tried := fmt.Sprintf("select for %v with nothing to read", timeout)
	for range often {
		start, before := time.Now(), spent()
		p.expect(tried, timeout)
		if time.Since(start) < timeout {
			early++
		}
		if spent()-before > each {
			busy++
		}
	}
	if early == often { // as above
		fail(fmt.Sprintf("%s, %d times", tried, often), "an earlier return, each time", "a sleep of that length", nil)
	}
	if busy > often/2 {
		fail(tried, "a processor that was busy with it", "one that is free for others: your select never slept", nil)
	}
}

// pollMany selects until each has been reported: a buffer may have room for a few.
func pollMany(p *poll) {
	const many = 100
	missing := map[any]bool{}
	for n := range many {
		_, peer := p.registered(selector.Read, n)
		_, _ = unix.Write(peer, []byte("x"))
		missing[n] = true
	}
	tried := fmt.Sprintf("select %d times with %d descriptors that are ready", many, many)
	for range many {
		ready, err := p.Select(0)
		noError(tried, err)
		for _, r := range ready {
			delete(missing, r.Data)
		}
	}
	if len(missing) > 0 {
		fail(tried, fmt.Sprintf("nothing of %d of them", len(missing)), "each of them at least once", nil)
	}
}

// pollTwo has the same number in both, and something to read in none but the second.
func pollTwo(impl Impl) {
	onPoller(func(first *poll) {
		onPoller(func(second *poll) {
			ours, peer := first.pair()
			fd, err := unix.FcntlInt(uintptr(ours), unix.F_DUPFD_CLOEXEC, 300) // a number that no case has had
			trial.Must(err)
			first.keep(fd)
			first.register(fd, selector.Read, "the first's")
			noError("register a descriptor with one selector, and with another", second.Register(fd, selector.Read, "the second's"))
			_, _ = unix.Write(peer, []byte("x"))
			first.expect("register a descriptor with two selectors, and select with the first", atOnce, selector.Ready{FD: fd, Events: selector.Read, Data: "the first's"})
			noError("unregister it from the first", first.Unregister(fd))
			first.expect("unregister it from the first, and select with it", aLittle)
			second.expect("unregister it from the first, and select with the second", atOnce, selector.Ready{FD: fd, Events: selector.Read, Data: "the second's"})
		})(impl)
	})(impl)
}

func pollHalf(p *poll) {
	fd, peer := p.registered(selector.Read, "Ann")
	_, _ = unix.Write(peer, []byte("xyz"))
	for left := 3; left > 0; left-- {
		tried := fmt.Sprintf("select with %d bytes to read, and read one", left)
		p.expect(tried, atOnce, selector.Ready{FD: fd, Events: selector.Read, Data: "Ann"})
		_, _ = unix.Read(fd, make([]byte, 1))
	}
	p.expect("select when everything is read", aLittle)
}

func pollClose(impl Impl) {
	number := lowestFree()
	p, err := impl.NewSelector()
	trial.Must(err)
	open := &poll{}
	here, there := open.pair()
	defer open.closeAll()
	noError("register a descriptor", p.Register(here, selector.Read, nil))
	noError("close a selector", p.Close())
	open.isOpen("close a selector, and look at a descriptor that was registered", here)
	if lowestFree() != number {
		fail("close a selector", "a descriptor that is still open", "nothing left open", nil)
	}
	stranger, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	trial.Must(err)
	again := p.Close()
	if unix.Close(stranger) != nil {
		fail("close a selector again, when its number belongs to somebody else", "somebody else's descriptor closed", "nothing to happen", nil)
	}
	refused("select on a closed selector", second(p.Select(0)), nil)
	refused("close it again", again, selector.ErrClosed)
	refused("register with a closed selector", p.Register(0, selector.Read, nil), nil)
	refused("modify with a closed selector", p.Modify(0, selector.Read, nil), nil)
	refused("unregister with a closed selector", p.Unregister(here), selector.ErrClosed)
	refused("unregister a number that a closed selector has never had", p.Unregister(there), selector.ErrClosed)
}

func second(_ []selector.Ready, err error) error { return err }
