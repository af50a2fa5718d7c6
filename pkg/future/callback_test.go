package future_test

// Who is told of the end, when, and how often. Read rig_test.go before.

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/future"
)

func TestCallbacks(t *testing.T) {
	var cases []situation
	for name, end := range map[string]func(f *future.Future){
		"result": func(f *future.Future) { _ = f.SetResult(1) },
		"error":  func(f *future.Future) { _ = f.SetError(io.EOF) },
		"cancel": func(f *future.Future) { f.Cancel() },
	} {
		cases = append(cases, situation{"U04_each_once_in_order_never_inline/" + name, func(b *bench) {
			for i := range 3 {
				b.f.AddDoneCallback(b.note("%d", i))
			}
			b.run()
			require.Empty(b, b.log, "nothing has ended yet")
			end(b.f)
			require.Empty(b, b.log, "not inline")
			b.run()
			require.Equal(b, []string{"0", "1", "2"}, b.log)
			end(b.f)
			b.run()
			require.Len(b, b.log, 3, "once")
		}})
	}
	try(t, append(cases, []situation{
		{"U04_one_function_added_twice_runs_twice", func(b *bench) {
			fn := b.note("x")
			b.f.AddDoneCallback(fn)
			b.f.AddDoneCallback(fn)
			_ = b.f.SetResult(1)
			b.run()
			require.Equal(b, []string{"x", "x"}, b.log)
		}},
		{"U05_a_callback_added_after_the_end_comes_soon", func(b *bench) {
			_ = b.f.SetResult(1)
			remove := b.f.AddDoneCallback(b.note("late"))
			require.Empty(b, b.log, "not inline")
			require.False(b, remove(), "too late")
			b.run()
			require.Equal(b, []string{"late"}, b.log)
		}},
		{"U07_one_of_several_is_removed", func(b *bench) {
			b.f.AddDoneCallback(b.note("first"))
			remove := b.f.AddDoneCallback(b.note("second"))
			b.f.AddDoneCallback(b.note("third"))
			require.True(b, remove())
			b.check()
			require.False(b, remove(), "twice")
			_ = b.f.SetResult(1)
			require.False(b, remove(), "after the end")
			b.run()
			require.Equal(b, []string{"first", "third"}, b.log)
		}},
		{"U07_removal_between_end_and_callback_is_too_late", func(b *bench) {
			remove := b.f.AddDoneCallback(b.note("ran"))
			_ = b.f.SetResult(1)
			require.False(b, remove())
			b.run()
			require.Equal(b, []string{"ran"}, b.log)
		}},
		{"U08_a_callback_adds_and_removes", func(b *bench) {
			var remove func() bool
			b.f.AddDoneCallback(func() {
				b.note("first")()
				b.f.AddDoneCallback(b.note("added"))
				require.False(b, remove())
			})
			remove = b.f.AddDoneCallback(b.note("second"))
			_ = b.f.SetResult(1)
			b.run()
			require.Equal(b, []string{"first", "second", "added"}, b.log)
		}},
		{"U14_two_wait_for_one_future", func(b *bench) {
			for range 2 {
				b.f.AddDoneCallback(func() {
					v, err := b.f.Result()
					b.note("%v %v", v, err)()
				})
			}
			_ = b.f.SetResult("both")
			b.run()
			require.Equal(b, []string{"both <nil>", "both <nil>"}, b.log)
		}},
	}...))
}

func TestChain(t *testing.T) {
	const many = 100_000
	try(t, []situation{
		{"U06_a_hundred_thousand_finished_ones_in_a_row", func(b *bench) {
			_ = b.f.SetResult(1)
			seen, deep, deepest := 0, 0, 0
			var next func()
			next = func() {
				deep++
				deepest = max(deepest, deep)
				if seen++; seen < many {
					b.f.AddDoneCallback(next)
				}
				deep--
			}
			b.f.AddDoneCallback(next)
			for b.round() > 0 {
			}
			require.Equal(b, many, seen)
			require.Equal(b, 1, deepest, "never inside itself")
		}},
		{"U06_a_hundred_thousand_that_end_each_other", func(b *bench) {
			first, last := b.f, b.f
			for range many {
				f, next := last, future.New(b.queue)
				f.AddDoneCallback(func() { _ = next.SetResult(1) })
				last = next
			}
			_ = first.SetResult(1)
			rounds := 0
			for b.round() > 0 {
				rounds++
			}
			require.True(b, last.Done())
			require.Equal(b, many, rounds, "each has a round of its own: nobody starves")
		}},
	})
}

func TestMisuse(t *testing.T) {
	var zero future.Future
	var none *future.Future
	for _, f := range []*future.Future{&zero, none} {
		t.Run("U15_not_made_by_New", func(t *testing.T) {
			require.ErrorIs(t, f.SetResult(1), future.ErrNotMade)
			require.ErrorIs(t, f.SetError(io.EOF), future.ErrNotMade)
			require.False(t, f.Cancel())
			require.Contains(t, looptest.PanicOf(func() { f.AddDoneCallback(func() {}) }), "future: AddDoneCallback: future was not made by New")
			require.False(t, f.Done())
			require.Nil(t, f.Scheduler())
			_, err := f.Result()
			require.ErrorIs(t, err, future.ErrNotReady)
		})
	}
	try(t, []situation{
		{"U15_a_nil_scheduler_and_a_nil_callback_panic_by_name", func(b *bench) {
			require.Equal(b, "future: New with a nil Scheduler", looptest.PanicOf(func() { future.New(nil) }))
			for range 2 { // pending, then done
				require.Equal(b, "future: AddDoneCallback: callback is nil", looptest.PanicOf(func() { b.f.AddDoneCallback(nil) }))
				_ = b.f.SetResult(1)
			}
		}},
		{"U15_it_remembers_its_scheduler", func(b *bench) { require.Same(b, b.queue, b.f.Scheduler()) }},
	})
}
