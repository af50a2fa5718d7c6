package loop

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/selector"
)

// waking is a selector, with a clock, that counts its wake-ups: each is a write to an eventfd.
type waking struct {
	*selector.Fake
	wakes int
	now   time.Duration
	reads int // of the clock
}

func (w *waking) Now() time.Duration { w.reads++; return w.now }

func (w *waking) Wake() error {
	w.wakes++
	return w.Fake.Wake()
}

// TestWakeUps: how many calls from outside cost how many wake-ups. A call that finds the
// loop awake costs none, and many that find it asleep cost one.
func TestWakeUps(t *testing.T) {
	for name, c := range map[string]struct{ awake, asleep, wakes int }{
		"one_while_it_sleeps":      {0, 1, 1},
		"many_while_it_sleeps":     {0, 1000, 1},
		"many_while_it_is_awake":   {1000, 0, 0},
		"one_and_one":              {1, 1, 1},
		"nothing_but_its_own_work": {0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s, ran := &waking{Fake: selector.NewFake()}, 0
			l, err := New(Options{Selector: s, Clock: s})
			require.NoError(t, err)
			defer l.Close()
			call := func(n int) {
				for range n {
					require.NoError(t, l.CallSoonThreadsafe(func() { ran++ }))
				}
			}
			for range 3 { // a wake-up ends with its round
				s.wakes, ran = 0, 0
				s.Sleep = func(d time.Duration) { s.now += d; call(c.asleep) }
				l.CallLater(time.Second, func() { call(c.awake) })
				require.NoError(t, l.Round()) // it sleeps, and the timer runs
				l.CallSoon(func() {})
				require.NoError(t, l.Round())
				require.Equal(t, c.awake+c.asleep, ran)
				require.Equal(t, c.wakes, s.wakes)
			}
		})
	}
}

// TestReadsOfTheClock: a round reads the clock if there is a timer, and otherwise not at all.
func TestReadsOfTheClock(t *testing.T) {
	for name, c := range map[string]struct {
		timers, reads int
	}{
		"no_timer":    {0, 0},
		"one_timer":   {1, 1},
		"many_timers": {100, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := &waking{Fake: selector.NewFake()}
			l, err := New(Options{Selector: s, Clock: s})
			require.NoError(t, err)
			defer l.Close()
			for range c.timers {
				l.CallLater(time.Hour, func() {})
			}
			l.CallSoon(func() {})
			s.reads = 0
			require.NoError(t, l.Round())
			require.Equal(t, c.reads, s.reads)
		})
	}
}
