package trace

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// TestALoopMadeWhileAnotherSleeps: the clock of a loop goes on while nothing happens on
// it, so what a second loop does in that time has its place in it.
func TestALoopMadeWhileAnotherSleeps(t *testing.T) {
	for _, c := range []struct {
		name   string
		closed bool
		want   []int // seconds, of all events in order
	}{
		{"the first is still open", false, []int{1, 10, 12, 20, 21}},
		{"the first has closed", true, []int{1, 1, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			now := time.Duration(0)
			clock := func() time.Duration { return now }
			r, one := recorded(clock)
			now = time.Second
			one.Sleep(-1)
			if c.closed {
				one.End()
			}
			now = 10 * time.Second
			two := r.Watch(host(func() time.Duration { return now - 10*time.Second }))
			two.Noted("at once")
			now = 12 * time.Second
			two.Noted("2 s later")
			if !c.closed {
				now = 20 * time.Second
				one.Woke(0)
				now = 21 * time.Second
				two.Noted("both have one time")
			}
			var at []int
			for _, e := range r.Events() {
				at = append(at, int(e.At/time.Second))
			}
			assert.Equal(t, c.want, at)
		})
	}
}
