package lesson

// More of lesson 03's cases: signals that find select asleep. Read selector_time.go first.

import (
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
	"stepwise/pkg/trial"
)

func pollSignals(p *poll) {
	pollStorm(p)
	pollStormAtTheEnd(p)
	pollStormWithoutEnd(p)
}

// pollStorm has signals come until most of the time is over. A select that starts over
// with the whole time sleeps for as long again after the last of them, however busy the
// machine is. Another one may be late too, but not each time.
func pollStorm(p *poll) {
	const timeout, often, most = 50 * time.Millisecond, 8, 20
	tried := fmt.Sprintf("select for %v while a signal comes each millisecond", timeout)
	late := 0
	for tries := 0; late < often && tries < most; tries++ {
		var ready []selector.Ready
		var err error
		var last time.Duration // when the last signal came
		start := time.Now()
		beside(func(here int, over func() bool) {
			for !over() && time.Since(start) < timeout*6/10 {
				if asleep(here) {
					last = time.Since(start)
					interrupt(here)
				}
				time.Sleep(time.Millisecond)
			}
		}, func() { ready, err = p.Select(timeout) })
		took := time.Since(start)
		switch {
		case err != nil || len(ready) > 0:
			fail(tried, trial.Said(err), "it to sleep on", err)
		case took < timeout/2: // S21 judges how it rounds
			fail(tried, "nothing, before the time was over", "it to sleep on", nil)
		case last < timeout/4: // it was not found asleep, which L13 judges
		case took < last+timeout:
			return
		default:
			late++
		}
	}
	if late < often {
		return
	}
	fail(tried, "a sleep of the whole time again after the last signal", "it to return when the time is over", nil)
}

// pollStormAtTheEnd sends signals to a select whose time is over at each of them, until
// enough have found it asleep. One that sleeps on after that is woken by the peer.
func pollStormAtTheEnd(p *poll) {
	const enough, most, timeout = 50, 5000, time.Nanosecond
	_, peer := p.registered(selector.Read, "Ann")
	var done atomic.Bool
	beside(func(here int, over func() bool) {
		for signals := 0; signals < enough && !over(); {
			if asleep(here) {
				interrupt(here)
				signals++
			}
		}
		done.Store(true)
		if sleepsOn(here, over) {
			_, _ = unix.Write(peer, []byte("x"))
		}
	}, func() {
		for n := 0; n < most && !done.Load(); n++ {
			ready, err := p.Select(timeout)
			if err != nil || len(ready) > 0 {
				fail(fmt.Sprintf("select for %v while signals come", timeout), trial.Said(err)+", and a sleep until the peer wrote",
					"nothing: a rest below zero is no time, and not a time without a limit", err)
			}
		}
	})
}

// pollStormWithoutEnd has the peer write after a few signals have found select asleep
// without a limit.
func pollStormWithoutEnd(p *poll) {
	fd, peer := p.registered(selector.Read, "Ann")
	var ready []selector.Ready
	var err error
	beside(func(here int, over func() bool) {
		for signals, tries := 0, 0; signals < 10 && tries < 1000 && !over(); tries++ {
			time.Sleep(time.Millisecond)
			if asleep(here) {
				interrupt(here)
				signals++
			}
		}
		_, _ = unix.Write(peer, []byte("x"))
	}, func() { ready, err = p.Select(withoutEnd) })
	want := selector.Ready{FD: fd, Events: selector.Read, Data: "Ann"}
	if err != nil || len(ready) != 1 || ready[0] != want {
		got := readyText(ready)
		if err != nil {
			got = trial.Said(err)
		}
		fail("select without a limit while signals come, until the peer writes", got, "it to sleep on at each signal: "+readyText([]selector.Ready{want}), err)
	}
}
