package draw

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"stepwise/pkg/trace"
)

// What a timeline says in words about a lane. Read timeline.go first.

// sum is what a lane adds up to.
type sum struct {
	ran, waited time.Duration
	steps       int      // of a loop: its sleeps
	why         []string // what was waited for, in order, each once
	end         string
}

// words returns a lane's line of words.
func (t *timeline) words(key string) string {
	s := t.sums[key]
	if t.isLoop(key) {
		slept, awake := "never slept", ""
		if s.steps > 0 {
			slept = "slept " + times(s.steps) + t.lasted(s.waited)
		}
		if !t.inOrder {
			awake = "awake" + t.lasted(s.ran)
		}
		return parts(slept, awake)
	}
	waited := ""
	if len(s.why) > 0 {
		waited = "waited" + t.lasted(s.waited) + " for " + strings.Join(shortList(s.why), ", ")
	}
	return parts("ran "+times(s.steps)+t.lasted(s.ran), waited, s.end)
}

// lasted returns d if the picture shows time, nothing if it shows only the order.
func (t *timeline) lasted(d time.Duration) string {
	if t.inOrder {
		return ""
	}
	return " " + lasted(d)
}

// note adds why to what was waited for.
func (s *sum) note(why string) {
	if why != "" && !slices.Contains(s.why, why) {
		s.why = append(s.why, why)
	}
}

// reason returns what a Yielded waits for; empty if it only gives others a turn.
func reason(f facts, e trace.Event) string {
	if e.Future == 0 {
		return ""
	}
	return f.waitsFor(e.Future)
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return strconv.Itoa(n) + " times"
}
