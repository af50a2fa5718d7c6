package loop

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/selector"
)

func TestCallSoon(t *testing.T) {
	runAll(t, []situation{
		{"L01_order", "first in, first out", func(r *rig) {
			for _, name := range []string{"1", "2", "3"} {
				r.CallSoon(r.note(name))
			}
			r.round("1", "2", "3")
			r.idle()
		}},
		{"L02_callback_schedules_a_callback", "the next round; descriptors and timers get a turn", func(r *rig) {
			var again func()
			again = func() { r.say("again"); r.CallSoon(again) }
			r.CallSoon(again)
			require.NoError(r, r.AddReader(3, r.note("reader")))
			r.round("again")
			r.fake.SetReady(3, selector.Read)
			r.CallLater(0, r.note("timer"))
			r.round("again", "reader", "timer")
			r.round("again", "reader")
			require.EqualValues(r, 3, r.Rounds())
		}},
		{"L03_nil", "refused at the call", func(r *rig) {
			require.PanicsWithError(r, "loop: CallSoon: callback is nil", func() { r.CallSoon(nil) })
			require.PanicsWithError(r, "loop: CallLater: callback is nil", func() { r.CallLater(0, nil) })
			require.PanicsWithError(r, "loop: CallAt: callback is nil", func() { r.CallAt(0, nil) })
			require.ErrorIs(r, r.CallSoonThreadsafe(nil), ErrNilCallback)
			require.ErrorIs(r, r.AddReader(3, nil), ErrNilCallback)
			r.idle()
		}},
		{"L04_panic", "reported once; the others of the batch run", func(r *rig) {
			r.CallSoon(r.note("1"))
			r.CallSoon(func() { panic(errOops) })
			r.CallSoon(r.note("3"))
			r.CallSoon(func() { panic(nil) })
			r.round("1", "callback panicked: oops", "3", "callback panicked: "+(&runtime.PanicNilError{}).Error())
			r.CallSoon(r.note("after"))
			r.round("after")
		}},
		{"L05_handler_panics", "the default reports; the loop lives", func(r *rig) {
			r.SetExceptionHandler(func(e Exception) {
				r.say("%v %v", errors.Is(e.Err, errOops), len(e.Stack) > 0)
				panic("handler")
			})
			r.CallSoon(func() { panic(errOops) })
			r.CallSoon(r.note("lives"))
			printed := stderr(r.T, func() { r.round("true true", "lives") })
			require.Contains(r, printed, "stepwise: exception handler panicked: handler\n")
			require.Contains(r, printed, "stepwise: callback panicked: oops\n")
		}},
		{"L05_an_error_that_knows_its_stack", "it is reported with that stack, wrapped or not, unless there is another", func(r *rig) {
			var stacks []string
			r.SetExceptionHandler(func(e Exception) { stacks = append(stacks, string(e.Stack)) })
			err := fmt.Errorf("child: %w", burst{errOops})
			r.CallExceptionHandler(Exception{Message: "a", Err: err})
			r.CallExceptionHandler(Exception{Message: "b", Err: err, Stack: []byte("mine")})
			r.CallExceptionHandler(Exception{Message: "c", Err: errOops})
			r.Site().KeepUnread(func() (bool, error) { return true, err })
			require.NoError(r, r.Close())
			require.Equal(r, []string{"of oops", "mine", "", "of oops"}, stacks)
			r.SetExceptionHandler(nil)
			printed := stderr(r.T, func() { r.CallExceptionHandler(Exception{Message: "d", Err: err}) })
			require.Equal(r, "stepwise: d: child: oops\nof oops\n", printed)
		}},
		{"L05_no_handler", "the default prints", func(r *rig) {
			r.SetExceptionHandler(nil)
			r.CallSoon(func() { panic(errOops) })
			printed := stderr(r.T, func() { r.round() })
			require.Regexp(r, "^stepwise: callback panicked: oops\ngoroutine", printed)
		}},
		{"L16_calls_from_outside", "one wake-up brings the whole queue", func(r *rig) {
			for _, name := range []string{"1", "2", "3"} {
				require.NoError(r, r.CallSoonThreadsafe(r.note(name)))
			}
			r.round("1", "2", "3")
			require.Zero(r, r.wakes, "a loop that doesn't sleep looks by itself")
		}},
		{"L16_calls_from_outside_while_it_sleeps", "one wake-up brings the whole queue", func(r *rig) {
			defer r.Hold()()
			r.fake.Sleep = func(time.Duration) {
				for _, name := range []string{"1", "2", "3"} {
					require.NoError(r, r.CallSoonThreadsafe(r.note(name)))
				}
			}
			r.round("1", "2", "3")
			require.Equal(r, 1, r.wakes)
		}},
		{"L20_stop_leaves_no_wake_up_behind", "the next round would be empty", func(r *rig) {
			r.CallSoon(r.Stop)
			r.CallSoon(func() { r.Hold()() })
			r.CallSoon(func() { require.NoError(r, r.CallSoonThreadsafe(r.note("outside"))) })
			r.run()
			r.round("outside")
			r.CallLater(time.Second, r.note("timer"))
			r.round("timer")
			require.Zero(r, r.wakes)
		}},
		{"L20_stop_before_run", "one round, without sleep, then it returns", func(r *rig) {
			release := r.Hold()
			defer release()
			r.Stop()
			r.CallSoon(r.note("1"))
			r.run("1")
			r.Stop()
			r.run()
			require.Equal(r, []time.Duration{0, 0}, r.told.Timeouts)
		}},
		{"L20_stop_in_a_callback", "the round ends; the rest is kept for the next Run", func(r *rig) {
			r.CallSoon(func() { r.say("1"); r.Stop(); r.CallSoon(r.note("3")) })
			r.CallSoon(r.note("2"))
			r.run("1", "2")
			r.Stop()
			r.run("3")
		}},
		{"L21_run_in_run", "refused by name", func(r *rig) {
			r.CallSoon(func() { r.say("%v", r.Loop.Run()); r.say("%v", r.Round()) })
			r.round("loop: run: loop is running", "loop: run: loop is running")
		}},
		{"L21_two_goroutines", "refused by name", func(r *rig) {
			r.CallSoon(func() {
				result := make(chan error)
				go func() { result <- r.Loop.Run() }()
				r.say("%v", <-result)
			})
			r.round("loop: run: loop is running")
		}},
		{"L23_deadlock", "reported, not slept through", func(r *rig) {
			require.ErrorIs(r, r.Loop.Run(), ErrDeadlock)
			r.CallLater(1, r.note("x")).Cancel()
			r.idle()
			require.Empty(r, r.told.Timeouts)
		}},
		{"L23_reader_that_is_never_ready", "the fake says never: a deadlock", func(r *rig) {
			require.NoError(r, r.AddReader(3, r.note("x")))
			r.Site().Own(&awaiting{owned{quietly}, "fd 3 to read"})
			r.Site().Own(&owned{quietly})
			require.EqualError(r, r.Round(), "loop: nothing left to wait for\n  a task awaits fd 3 to read")
			r.idle()
		}},
		{"L23_hold", "an idle loop sleeps as long as it is held", func(r *rig) {
			one, two := r.Hold(), r.Hold()
			r.fake.Sleep = func(time.Duration) {
				require.NoError(r, r.CallSoonThreadsafe(r.note("from outside")))
			}
			r.round("from outside")
			one()
			one() // does not release the second
			r.round("from outside")
			two()
			r.idle()
		}},
		{"L26_goexit", "the rest of the batch stays for whoever runs next", func(r *rig) {
			r.CallSoon(r.note("1"))
			r.CallSoon(func() { r.CallSoon(r.note("4")); runtime.Goexit() })
			r.CallSoon(r.note("3"))
			done := make(chan struct{})
			go func() { defer close(done); _ = r.Loop.Run() }()
			<-done
			require.Equal(r, []string{"1", "callback ended the loop's goroutine: runtime.Goexit was called"}, r.log)
			r.round("3", "4")
		}},
	})
}

// stderr returns what fn prints to standard error.
func stderr(t *testing.T, fn func()) string {
	f, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	require.NoError(t, err)
	defer f.Close()
	defer func(before *os.File) { os.Stderr = before }(os.Stderr)
	os.Stderr = f
	fn()
	printed, err := os.ReadFile(f.Name())
	require.NoError(t, err)
	return string(printed)
}

func TestSelectFails(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.fake.Close())
	r.CallSoon(r.note("runs all the same"))
	require.ErrorIs(t, r.Round(), selector.ErrClosed)
	require.Equal(t, []string{"runs all the same"}, r.log)
	require.ErrorIs(t, r.Close(), selector.ErrClosed)
}

func BenchmarkCallSoon(b *testing.B) {
	l, err := New(Options{Selector: selector.NewFake()})
	require.NoError(b, err)
	fn := func() {}
	b.ReportAllocs()
	for b.Loop() {
		l.CallSoon(fn)
		if err := l.Round(); err != nil {
			b.Fatal(err)
		}
	}
	require.NoError(b, l.Close())
}

// burst is an error with a stack, as coro.PanicError is.
type burst struct{ error }

func (b burst) StackTrace() []byte { return []byte("of " + b.Error()) }

// TestACallbackAllocatesNothing is about what everybody pays.
func TestACallbackAllocatesNothing(t *testing.T) {
	l, err := New(Options{Selector: selector.NewFake()})
	require.NoError(t, err)
	fn := func() {}
	require.Zero(t, testing.AllocsPerRun(100, func() {
		l.CallSoon(fn)
		_ = l.Round()
	}))
	require.NoError(t, l.Close())
}
