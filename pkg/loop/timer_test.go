package loop

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTimer(t *testing.T) {
	const s = time.Second
	runAll(t, []situation{
		{"L06_order", "by time, ties in the order of the calls", func(r *rig) {
			r.CallLater(2*s, r.note("2 first"))
			r.CallLater(1*s, r.note("1"))
			r.CallLater(2*s, r.note("2 second"))
			r.CallLater(2*s, r.note("2 third"))
			r.round("1")
			r.round("2 first", "2 second", "2 third")
			r.idle()
		}},
		{"L07_zero_and_negative", "the next round, without sleep", func(r *rig) {
			r.now = 5 * s
			for _, d := range []time.Duration{0, -1, math.MinInt64} {
				require.Equal(r, 5*s, r.CallLater(d, r.note("now")).When())
			}
			r.CallAt(math.MinInt64, r.note("the past"))
			r.round("the past", "now", "now", "now")
			require.Equal(r, []time.Duration{0}, r.told.Timeouts)
		}},
		{"L07_huge", "it never overflows into the past", func(r *rig) {
			r.now = 5 * s
			require.EqualValues(r, math.MaxInt64, r.CallLater(math.MaxInt64, r.note("late")).When())
			r.CallLater(1<<62, r.note("earlier"))
			r.CallLater(1, r.note("soon"))
			r.round("soon")
			r.round("earlier")
			r.round("late")
		}},
		{"L07_huge_before_the_clock's_zero", "now may be negative: no spin", func(r *rig) {
			r.now = -5 * s
			r.CallAt(math.MaxInt64, r.note("late"))
			r.round()
			require.Equal(r, []time.Duration{math.MaxInt64}, r.told.Timeouts)
		}},
		{"L08_never_early", "a select that returns early runs nothing", func(r *rig) {
			r.fake.Sleep = func(d time.Duration) { r.now += d / 2 }
			r.CallLater(8, r.note("due"))
			for range 3 {
				r.round()
			}
			r.fake.Sleep = func(d time.Duration) { r.now += d }
			r.round("due")
			require.EqualValues(r, 8, r.now)
		}},
		{"L09_late_periodic", "one run each, no burst, no drift", func(r *rig) {
			var tick func()
			next := s
			tick = func() {
				r.say("tick %v at %v", next, r.now)
				if next == 2*s {
					r.now += s / 2 // the callback takes long
				}
				next += s
				r.CallAt(next, tick)
			}
			r.CallAt(next, tick)
			r.round("tick 1s at 1s")
			r.round("tick 2s at 2s")
			r.round("tick 3s at 3s")
		}},
		{"L10_cancel", "it never runs after Cancel, whenever that is", func(r *rig) {
			before := r.CallLater(s, r.note("before"))
			require.True(r, before.Cancel())
			require.False(r, before.Cancel(), "twice")
			var same *Timer
			r.CallLater(2*s, func() { r.say("cancels %v", same.Cancel()) })
			same = r.CallLater(2*s, r.note("same batch"))
			after := r.CallLater(2*s, r.note("after"))
			r.check()
			r.round("cancels true", "after")
			require.False(r, after.Cancel())
			var own *Timer
			own = r.CallLater(0, func() { r.say("own %v", own.Cancel()) })
			r.round("own false")
			r.idle()
		}},
		{"L11_many_cancelled", "the heap shrinks", func(r *rig) {
			r.CallLater(s, r.note("kept"))
			largest, never := 0, r.note("never")
			for range 100_000 {
				r.CallLater(time.Hour, never).Cancel()
				largest = max(largest, len(r.timers.heap))
			}
			r.check()
			require.LessOrEqual(r, largest, 130)
			r.round("kept")
			r.idle()
			require.Empty(r, r.timers.heap)
		}},
		{"L12_timer_sets_a_timer_of_0", "not in the same round", func(r *rig) {
			r.CallLater(0, func() { r.say("1"); r.CallLater(0, r.note("2")) })
			r.round("1")
			r.round("2")
		}},
		{"L13_one_timer", "it sleeps once", func(r *rig) {
			r.CallLater(300*time.Millisecond, r.note("due"))
			r.round("due")
			require.Equal(r, []time.Duration{300 * time.Millisecond}, r.fake.Slept())
		}},
		{"L14_ready_queue_not_empty", "select doesn't sleep", func(r *rig) {
			r.CallLater(s, r.note("timer"))
			r.CallSoon(r.note("soon"))
			r.round("soon")
			r.round("timer")
			require.Equal(r, []time.Duration{0, s}, r.told.Timeouts)
		}},
		{"L24_clock_goes_back", "no early timer, no negative timeout, no spin", func(r *rig) {
			r.now = 10 * s
			r.CallLater(s, r.note("due"))
			r.now = 9 * s
			r.round("due")
			require.Equal(r, []time.Duration{2 * s}, r.told.Timeouts)
		}},
		{"N08_clock_jumps_a_day", "each fires once", func(r *rig) {
			r.CallLater(s, r.note("1"))
			r.CallLater(2*s, r.note("2"))
			r.CallLater(48*time.Hour, r.note("not yet"))
			r.now += 24 * time.Hour
			r.round("1", "2")
			require.Equal(r, []time.Duration{0}, r.told.Timeouts)
		}},
		{"background", "no loop waits for it alone, and it runs when it is due", func(r *rig) {
			other := r.CallLater(s, r.note("other"))
			back := r.CallLater(2*s, r.note("background"))
			back.Background()
			back.Background() // twice is once
			r.check()
			r.round("other")
			r.idle()
			require.Equal(r, s, r.now, "at once")
			other.Background() // it has run
			r.check()
			r.CallLater(s, r.note("other"))
			r.round("background", "other")
			r.idle()
		}},
		{"background_and_canceled", "it counts no more, in whatever order", func(r *rig) {
			for _, first := range []bool{true, false} {
				back := r.CallLater(s, r.note("never"))
				if first {
					back.Background()
				}
				require.True(r, back.Cancel())
				back.Background()
				r.check()
				r.CallLater(2*s, r.note("other"))
				r.round("other")
				r.idle()
			}
		}},
		{"background_before_a_canceled_one", "what is canceled is not waited for either", func(r *rig) {
			r.CallLater(s, r.note("never")).Background()
			r.CallLater(2*s, r.note("never")).Cancel()
			r.idle()
			require.Zero(r, r.now, "at once")
		}},
		{"background_when_it_is_due", "it runs, and counts no more", func(r *rig) {
			var due *Timer
			r.CallLater(s, func() { due.Background() })
			due = r.CallLater(s, r.note("due"))
			r.round("due")
			r.idle()
		}},
		{"background_beside_others", "a watch, a hold, a callback and a foreground timer are waited for", func(r *rig) {
			r.CallLater(s, r.note("background")).Background()
			release := r.Hold()
			r.round("background")
			release()
			var many []*Timer
			for range 100 { // more than sweep leaves
				many = append(many, r.CallLater(s, r.note("never")))
				many[len(many)-1].Background()
			}
			for _, t := range many {
				t.Cancel()
			}
			r.check()
			r.CallLater(s, r.note("later")).Background()
			r.CallSoon(r.note("soon"))
			r.round("soon")
			r.idle()
		}},
		{"L22_cancel_after_close", "a timer outlives the loop harmlessly", func(r *rig) {
			waiting := r.CallLater(s, r.note("never"))
			var made *Timer
			r.Site().Own(&owned{func() error { made = r.CallLater(s, r.note("never")); return nil }})
			require.NoError(r, r.Close())
			r.check()
			waiting.Cancel()
			r.check()
			made.Cancel()
			r.check()
		}},
	})
}
