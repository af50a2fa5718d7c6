package outside

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// mainsOwn is what Main listens with; nil if it doesn't.
func mainsOwn(l *loop.Loop) *Signals {
	for _, one := range l.Site().Owned() {
		if o, ok := one.(*ownedSignals); ok && o.standIn {
			return (*Signals)(o)
		}
	}
	return nil
}

// raiseSeen returns when sig has reached everybody who listens for it.
func raiseSeen(t *testing.T, sig syscall.Signal) {
	seen := make(chan os.Signal, 1)
	signal.Notify(seen, sig)
	defer signal.Stop(seen)
	raise(t, sig)
	<-seen
}

// TestMainIsAProgram runs Main in a program of its own, since Ctrl-C is the program's.
func TestMainIsAProgram(t *testing.T) {
	never := func(yield coro.Yield, l *loop.Loop) error {
		_, err := task.Await(yield, future.New(l))
		return err
	}
	sleeps := func(yield coro.Yield, l *loop.Loop) error {
		raise(t, syscall.SIGINT)
		return task.Sleep(yield, time.Hour)
	}
	oops := errors.New("oops")
	situations := []struct {
		name string
		body func(yield coro.Yield, l *loop.Loop) error
		want []error // none: the program ends by SIGINT
	}{
		{"the error of the body", func(coro.Yield, *loop.Loop) error { return oops }, []error{oops}},
		{"Ctrl-C cancels it", sleeps, []error{future.ErrCanceled, ErrInterrupted}},
		{"a deadlock is reported", never, []error{loop.ErrDeadlock}},
		{"it may clean up after Ctrl-C, with an error of its own", func(yield coro.Yield, l *loop.Loop) error {
			err := sleeps(yield, l)
			if !errors.Is(err, ErrInterrupted) {
				return err
			}
			if err := task.Sleep(yield, time.Millisecond); err != nil {
				return err
			}
			return oops
		}, []error{oops}},
		{"a second Ctrl-C ends the program", func(yield coro.Yield, l *loop.Loop) error {
			if err := sleeps(yield, l); !errors.Is(err, ErrInterrupted) {
				return err
			}
			raise(t, syscall.SIGINT)
			return task.Sleep(yield, time.Hour)
		}, nil},
		{"a second Ctrl-C that came before the first has canceled doesn't disturb the clean-up", func(yield coro.Yield, l *loop.Loop) error {
			main := mainsOwn(l)
			main.deliver(os.Interrupt)
			if err := task.Sleep(yield, time.Hour); !errors.Is(err, ErrInterrupted) {
				return err
			}
			main.deliver(os.Interrupt)
			return errors.Join(task.Sleep(yield, time.Millisecond), oops)
		}, []error{oops}},
		{"OnSignal takes Ctrl-C over", func(yield coro.Yield, l *loop.Loop) error {
			came := future.New(l)
			stop, err := OnSignal(l, func() { _ = came.SetResult(nil) }, syscall.SIGTERM, os.Interrupt)
			if err != nil {
				return err
			}
			defer stop()
			assert.Nil(t, mainsOwn(l))
			signals, err := Notify(l, os.Interrupt) // a second listener takes nothing from the first
			if err != nil {
				return err
			}
			raise(t, syscall.SIGINT)
			_, first := task.Await(yield, came)
			_, second := signals.Next(yield)
			return errors.Join(first, second, oops)
		}, []error{oops}},
		{"Notify takes Ctrl-C over", func(yield coro.Yield, l *loop.Loop) error {
			signals, err := Notify(l, os.Interrupt)
			if err != nil {
				return err
			}
			defer signals.Close()
			assert.Nil(t, mainsOwn(l))
			raise(t, syscall.SIGINT)
			_, err = signals.Next(yield)
			return errors.Join(err, oops)
		}, []error{oops}},
		{"once taken over, Ctrl-C ends the program when nobody listens any more", func(yield coro.Yield, l *loop.Loop) error {
			stop, err := OnSignal(l, func() {}, os.Interrupt)
			if err != nil {
				return err
			}
			stop()
			return sleeps(yield, l)
		}, nil},
		{"a listener for another signal leaves Ctrl-C to Main", func(yield coro.Yield, l *loop.Loop) error {
			stop, err := OnSignal(l, func() {}, syscall.SIGTERM)
			if err != nil {
				return err
			}
			defer stop()
			return sleeps(yield, l)
		}, []error{future.ErrCanceled, ErrInterrupted}},
		{"a Ctrl-C that came before it was taken over still cancels", func(yield coro.Yield, l *loop.Loop) error {
			raiseSeen(t, syscall.SIGINT)
			stop, err := OnSignal(l, func() {}, os.Interrupt)
			if err != nil {
				return err
			}
			defer stop()
			return task.Sleep(yield, time.Hour)
		}, []error{future.ErrCanceled, ErrInterrupted}},
	}
	for _, c := range situations {
		if os.Getenv("STEPWISE_MAIN_CHILD") == c.name {
			before := leaktest.Begin(t)
			err := Main(loop.Options{}, func(yield coro.Yield) error {
				l, err := task.LoopOf(yield)
				require.NoError(t, err)
				return c.body(yield, l)
			})
			for _, want := range c.want {
				assert.ErrorIs(t, err, want)
			}
			if len(c.want) == 1 {
				assert.NotErrorIs(t, err, future.ErrCanceled)
			}
			before.End()
			return
		}
	}
	for _, c := range situations {
		t.Run(c.name, func(t *testing.T) {
			child := exec.Command(os.Args[0], "-test.run=^TestMainIsAProgram$", "-test.timeout=1m")
			child.Env = append(os.Environ(), "STEPWISE_MAIN_CHILD="+c.name)
			out, err := child.CombinedOutput()
			if c.want != nil {
				require.NoError(t, err, "%s", out)
				return
			}
			var exit *exec.ExitError
			require.ErrorAs(t, err, &exit, "%s", out)
			require.Equal(t, syscall.SIGINT, exit.Sys().(syscall.WaitStatus).Signal(), "%s", out)
		})
	}
}

// TestMainReports: what the error of Main doesn't show goes to the exception handler, and
// what it does show doesn't.
func TestMainReports(t *testing.T) {
	situations := []struct {
		name    string
		body    func(yield coro.Yield, l *loop.Loop) error
		message string // of the only report; empty: there is none
	}{
		{"a panic in body", func(coro.Yield, *loop.Loop) error { panic("oops") }, "the program panicked"},
		{"a panic in a task that body awaits", func(yield coro.Yield, l *loop.Loop) error {
			_, err := task.Await(yield, task.Go(l, func(coro.Yield) error { panic("oops") }))
			return err
		}, "the program panicked"},
		{"an error", func(coro.Yield, *loop.Loop) error { return errors.New("oops") }, ""},
		{"a deadlock", func(yield coro.Yield, l *loop.Loop) error {
			_, err := task.Await(yield, future.New(l))
			return err
		}, ""},
	}
	for _, c := range situations {
		t.Run(c.name, func(t *testing.T) {
			var reports []loop.Exception
			err := Main(loop.Options{}, func(yield coro.Yield) error {
				l, err := task.LoopOf(yield)
				require.NoError(t, err)
				l.SetExceptionHandler(func(e loop.Exception) { reports = append(reports, e) })
				return c.body(yield, l)
			})
			require.Error(t, err)
			if c.message == "" {
				require.Empty(t, reports)
				return
			}
			require.Len(t, reports, 1)
			require.Equal(t, c.message, reports[0].Message)
			require.Contains(t, string(reports[0].Stack), "TestMainReports")
			require.NotEmpty(t, coro.Panics(err), "it is part of the error all the same")
		})
	}
}

func stuck(yield coro.Yield) error {
	l, err := task.LoopOf(yield)
	if err != nil {
		return err
	}
	_, err = task.Await(yield, future.New(l))
	return err
}

// TestMainHasNoTaskOfItsOwn: what names a program's tasks names nothing else.
func TestMainHasNoTaskOfItsOwn(t *testing.T) {
	require.EqualError(t, Main(loop.Options{}, stuck), "task: run: loop: run: nothing left to wait for\n  task outside.stuck awaits a future")
	require.NoError(t, Main(loop.Options{}, func(yield coro.Yield) error {
		me, err := task.Current(yield)
		require.NoError(t, err)
		require.Equal(t, []*task.Task{me}, task.All(me.Loop()))
		return nil
	}))
}
