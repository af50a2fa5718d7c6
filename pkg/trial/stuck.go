package trial

// What does code wait for that doesn't return? Its goroutines say it: the one that runs
// the case, and all that descend from it, which include its coroutines. Read check.go
// and place.go before it.

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"stepwise/pkg/probe"
)

// errAbandoned is the end of code that can't be ended. A loop of ours is stopped
// (see OnLoop), a coroutine is closed; but Go has no way to end a goroutine from
// outside.
var errAbandoned = errors.New("the code doesn't return, and can't be ended from outside")

// abandoned is errAbandoned, and what the code of the case that runs on goroutine
// number does instead of returning.
func abandoned(number string) error {
	return &located{fmt.Errorf("%w. %s", errAbandoned, doing(number)), placesNow()}
}

// reasons say what a goroutine waits for, by its state in a stack dump. The first that
// fits counts: one goroutine of several may be the one to blame.
var reasons = []struct{ state, says string }{
	{"syscall", "It is in a system call that waits, and everything else waits with it: is the descriptor non-blocking, and does the call return at once?"},
	{"IO wait", "It is in a call of package net or os that waits"},
	{"chan receive (nil chan)", "It receives from a channel that is nil"},
	{"chan send (nil chan)", "It sends to a channel that is nil"},
	{"chan receive", "It waits on a channel that nobody sends to"},
	{"chan send", "It sends to a channel that nobody receives from"},
	{"select", "It waits in a select, and none of its channels is ready"},
	{"sync.", "It waits for a lock, or for a WaitGroup, that nobody gives free"},
	{"sleep", "It sleeps"},
}

const (
	busy   = "Is it in an endless loop? Then it keeps a core busy until the program ends"
	either = "It is in a system call that waits, and everything else waits with it (is the descriptor non-blocking?), or in an endless loop of calls that don't"
)

// doing says what a goroutine and its descendants do. It looks often: one that makes
// system calls without end is sometimes seen in one, one that sleeps is sometimes seen
// awake, and between two looks the runtime may just move one to another thread.
func doing(number string) string {
	const most = 40
	least, enough := 4, 200*time.Millisecond // a look takes long if there are thousands of goroutines
	asleep, looks, seen := 0, 0, sightings{}
	for began := time.Now(); looks < least || looks < most && time.Since(began) < enough; looks++ {
		all := family(number)
		if parked(all) { // and stays so
			least, enough = 0, 0
		}
		for _, g := range all {
			seen.note(g)
		}
		if !othersRun() {
			asleep++
		}
		time.Sleep(time.Millisecond)
	}
	awake, states := seen.awake(), seen.states()
	switch calls := states["syscall"] && asleep <= looks/8; {
	case awake > looks/8, awake > 0 && calls:
		return busy
	case calls:
		return either
	}
	for _, r := range reasons {
		for state, counts := range states {
			if counts && strings.HasPrefix(state, r.state) {
				return r.says
			}
		}
	}
	return "It waits"
}

// sightings are the goroutines that were seen, and how often each was in which state.
type sightings map[string]map[string]int

func (s sightings) note(g goroutine) {
	if s[g.number] == nil {
		s[g.number] = map[string]int{}
	}
	s[g.number][g.state]++
}

// awake is how often one was seen running, or waiting for a processor, that never sleeps.
func (s sightings) awake() (n int) {
	for _, states := range s {
		if states["sleep"]+states["IO wait"] == 0 {
			n += states["running"] + states["runnable"]
		}
	}
	return n
}

// states are those of all. A goroutine that was seen in a system call and, at another
// time, waiting for something else has a call that returns.
func (s sightings) states() map[string]bool {
	all := map[string]bool{}
	for _, states := range s {
		waits := false
		for state := range states {
			waits = waits || state != "syscall" && state != "running" && state != "runnable"
		}
		for state := range states {
			all[state] = all[state] || state != "syscall" || !waits
		}
	}
	return all
}

// parked reports whether all of a family wait for channels and locks. Nobody else has
// those, so nothing ends it.
func parked(family []goroutine) bool {
	return len(family) > 0 && !slices.ContainsFunc(family, func(g goroutine) bool { return !g.waits() })
}

// stays reports whether all of a family wait for each other, or are in a system call that
// only others end. It is no proof, as parked is: a system call may end all the same.
func stays(family []goroutine) bool {
	return len(family) > 0 && !slices.ContainsFunc(family, func(g goroutine) bool { return !g.waits() && !g.endless })
}

// Parked is how many goroutines that descend from this one wait for a channel, or to be
// resumed.
func Parked() (n int) {
	for _, g := range family(own())[1:] {
		if g.waits() {
			n++
		}
	}
	return n
}

// waits reports whether it waits for a channel or a lock, or to be resumed as a coroutine.
func (g goroutine) waits() bool {
	return g.state == "chan receive" || g.state == "chan send" || g.state == "coroutine" || strings.HasPrefix(g.state, "sync.")
}

// goroutine is one of a stack dump.
type goroutine struct {
	number, parent, state string
	endless               bool // it is in a system call that only others end
}

var (
	head    = regexp.MustCompile(`^goroutine (\d+)(?: gp=\S+ m=\S+(?: mp=\S+)?)? \[([^,\]]*)`)
	creator = regexp.MustCompile(`\ncreated by .* in goroutine (\d+)\n`)
)

// family lists goroutine number and its descendants.
func family(number string) (all []goroutine) {
	var others []goroutine
	for stack := range strings.SplitSeq(probe.Stacks(), "\n\n") {
		if g := parse(stack); g.number == number {
			all = append(all, g)
		} else {
			others = append(others, g)
		}
	}
	for i := 0; i < len(all); i++ {
		for _, g := range others {
			if g.parent == all[i].number {
				all = append(all, g)
			}
		}
	}
	return all
}

func parse(stack string) (g goroutine) {
	if m := head.FindStringSubmatch(stack); m != nil {
		g.number, g.state = m[1], m[2]
	}
	if m := creator.FindStringSubmatch(stack + "\n"); m != nil {
		g.parent = m[1]
	}
	g.endless = endless(stack)
	return g
}

// own is the number of the goroutine that calls it.
func own() string {
	p := make([]byte, 64)
	return parse(string(p[:runtime.Stack(p, false)])).number
}
