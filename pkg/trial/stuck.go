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

	"golang.org/x/sys/unix"

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

const busy = "Is it in an endless loop? Then it keeps a core busy until the program ends"

// doing says what a goroutine and its descendants do. It looks often: one that makes
// system calls without end is sometimes seen in one, and one that sleeps is sometimes
// seen awake.
func doing(number string) string {
	const most = 40
	least, enough := 4, 200*time.Millisecond // a look takes long if there are thousands of goroutines
	awake, looks, seen := 0, 0, map[string]bool{}
	for began := time.Now(); looks < least || looks < most && time.Since(began) < enough; looks++ {
		runs, all := false, family(number)
		if parked(all) { // and stays so
			least, enough = 0, 0
		}
		for _, g := range all {
			seen[g.state] = true
			runs = runs || g.state == "running" || g.state == "runnable"
		}
		if runs {
			awake++
		}
		time.Sleep(time.Millisecond)
	}
	if awake > looks/8 || seen["syscall"] && burns() {
		return busy
	}
	for _, r := range reasons {
		for state := range seen {
			if strings.HasPrefix(state, r.state) {
				return r.says
			}
		}
	}
	return "It waits"
}

// burns reports whether this process uses its processor, while we do nothing. Code that
// makes system calls without end may never be seen outside of them. On a busy machine it
// has to wait for its processor, so one of several looks is enough.
func burns() bool {
	for range 10 {
		before := processor()
		time.Sleep(50 * time.Millisecond)
		if processor()-before > 3*time.Millisecond {
			return true
		}
	}
	return false
}

// processor is the time for which this process has used one.
func processor() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(unix.TimevalToNsec(u.Utime) + unix.TimevalToNsec(u.Stime))
}

// parked reports whether all of a family wait for channels and locks. Nobody else has
// those, so nothing ends it.
func parked(family []goroutine) bool {
	return len(family) > 0 && !slices.ContainsFunc(family, func(g goroutine) bool { return !g.waits() })
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
type goroutine struct{ number, parent, state string }

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
	return g
}

// own is the number of the goroutine that calls it.
func own() string {
	p := make([]byte, 64)
	return parse(string(p[:runtime.Stack(p, false)])).number
}
