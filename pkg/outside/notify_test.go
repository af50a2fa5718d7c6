package outside

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// one and two are signals that nobody else sends to a test.
const one, two = syscall.SIGUSR1, syscall.SIGUSR2

func raise(t testing.TB, sig syscall.Signal) { require.NoError(t, unix.Kill(os.Getpid(), sig)) }

func (s *stage) notify(signals ...os.Signal) *Signals {
	n, err := Notify(s.Loop, signals...)
	require.NoError(s, err)
	return n
}

func (s *stage) next(yield coro.Yield, n *Signals) os.Signal {
	sig, err := n.Next(yield)
	require.NoError(s, err)
	return sig
}

func (s *stage) waiter(n *Signals) *task.Task {
	return s.spawn(func(yield coro.Yield) (any, error) { return n.Next(yield) })
}

func (s *stage) ends(yield coro.Yield, t *task.Task, want any, why error) {
	got, err := task.Await(yield, t)
	if why != nil {
		require.ErrorIs(s, err, why)
		return
	}
	require.NoError(s, err)
	require.Equal(s, want, got)
}

// nothing wants no signal to be there.
func (s *stage) nothing(yield coro.Yield, n *Signals) {
	w := s.waiter(n)
	s.Waits(yield, w)
	w.Cancel()
	s.ends(yield, w, nil, future.ErrCanceled)
}

func TestNotify(t *testing.T) {
	situations := []struct {
		name string
		run  func(s *stage, yield coro.Yield)
	}{
		{"L25 a signal wakes a loop that sleeps", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			w := s.waiter(n)
			s.Waits(yield, w)
			raise(s, one)
			s.ends(yield, w, one, nil)
		}},
		{"one that comes before anybody asks is kept", func(s *stage, yield coro.Yield) {
			n, other := s.notify(one), s.notify(one)
			raise(s, one)
			require.Equal(s, one, s.next(yield, other))
			for n.pending.Len() == 0 {
				require.NoError(s, task.Checkpoint(yield))
			}
			require.Equal(s, one, s.next(yield, n))
			s.nothing(yield, n)
		}},
		{"each Notify gets its kinds only", func(s *stage, yield coro.Yield) {
			first, both := s.notify(one), s.notify(one, two)
			raise(s, two)
			require.Equal(s, two, s.next(yield, both))
			s.nothing(yield, first)
			raise(s, one)
			require.Equal(s, one, s.next(yield, both))
		}},
		{"in the order in which they came, to those who wait in theirs", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			first, second := s.waiter(n), s.waiter(n)
			s.Waits(yield, second)
			n.deliver(one)
			n.deliver(two)
			n.deliver(one)
			s.ends(yield, first, one, nil)
			s.ends(yield, second, two, nil)
			require.Equal(s, one, s.next(yield, n))
		}},
		{"of a storm that nobody asks for, 16 are kept", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			for range 100 {
				n.deliver(one)
			}
			for range 16 {
				s.next(yield, n)
			}
			s.nothing(yield, n)
		}},
		{"T06 cancelled in the round of the signal: the next one has it", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			first, second := s.waiter(n), s.waiter(n)
			s.Waits(yield, second)
			n.deliver(one)
			first.Cancel()
			s.ends(yield, first, nil, future.ErrCanceled)
			s.ends(yield, second, one, nil)
			third := s.waiter(n)
			s.Waits(yield, third)
			n.deliver(one)
			n.deliver(two)
			third.Cancel()
			s.ends(yield, third, nil, future.ErrCanceled)
			require.Equal(s, one, s.next(yield, n), "before the later one")
			require.Equal(s, two, s.next(yield, n))
		}},
		{"T06 cancelled in the round of the signal, ahead of it: the next one has it", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			first, second := s.waiter(n), s.waiter(n)
			s.Waits(yield, second)
			first.Cancel()
			n.deliver(one)
			s.ends(yield, first, nil, future.ErrCanceled)
			s.ends(yield, second, one, nil)
		}},
		{"M04 a wait that was cancelled leaves nothing", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			first, second := s.waiter(n), s.waiter(n)
			s.Waits(yield, first)
			first.Cancel()
			s.ends(yield, first, nil, future.ErrCanceled)
			n.deliver(one)
			s.ends(yield, second, one, nil)
		}},
		{"Close ends those who wait, and twice is once", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			w := s.waiter(n)
			s.Waits(yield, w)
			n.deliver(two)
			s.ends(yield, w, two, nil)
			w = s.waiter(n)
			s.Waits(yield, w)
			require.NoError(s, n.Close())
			s.ends(yield, w, nil, ErrClosed)
			require.NoError(s, n.Close())
			_, err := n.Next(yield)
			require.ErrorIs(s, err, ErrClosed)
			n.deliver(one) // one that was on its way
			require.Zero(s, n.pending.Len())
		}},
		{"closed with the loop, goroutine and all", func(s *stage, yield coro.Yield) { s.notify(one, two) }},
		{"a loop that is asked where it stands", func(s *stage, yield coro.Yield) {
			n := s.notify(one)
			w := s.waiter(n)
			s.Waits(yield, w)
			require.Contains(s, s.Where().Tasks, "a signal")
			n.deliver(one)
			s.ends(yield, w, one, nil)
		}},
		{"misuse", func(s *stage, yield coro.Yield) {
			_, err := s.notify(one).Next(nil)
			assert.ErrorIs(s, err, task.ErrNoTask)
			for _, sig := range []os.Signal{os.Kill, syscall.SIGSTOP} {
				_, err = Notify(s.Loop, one, sig)
				assert.ErrorIs(s, err, ErrUncaught)
			}
			_, err = Notify(s.Loop)
			assert.ErrorIs(s, err, ErrNoSignal)
			_, err = Notify(s.Loop, nil)
			assert.ErrorIs(s, err, ErrNoSignal)
			_, err = Notify(nil, one)
			assert.ErrorIs(s, err, loop.ErrNilLoop)
		}},
	}
	for _, c := range situations {
		t.Run(c.name, func(t *testing.T) { play(t, false, c.run) })
	}
}

// TestNotifyHoldsWhileATaskWaits: a loop with nothing else to do sleeps for a
// signal, but only if somebody asks for one.
func TestNotifyHoldsWhileATaskWaits(t *testing.T) {
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer time.AfterFunc(leaktest.Patience, l.Stop).Stop() // a Run that should not sleep returns nil
	goroutines := runtime.NumGoroutine()
	n, err := Notify(l, one)
	require.NoError(t, err)
	require.ErrorIs(t, l.Run(), loop.ErrDeadlock, "nobody asks")
	w := task.Spawn(l, func(yield coro.Yield) (any, error) { return n.Next(yield) })
	require.NoError(t, l.Round())
	n.deliver(one)
	require.ErrorIs(t, l.Run(), loop.ErrDeadlock, "nobody asks any more")
	sig, err := w.Result()
	require.NoError(t, err)
	require.Equal(t, one, sig)
	require.NoError(t, l.Close())
	leaktest.Goroutines(t, goroutines)
	_, err = Notify(l, one)
	require.ErrorIs(t, err, loop.ErrClosed)
}

// TestNotifyGivesTheSignalBack has a program of its own end by it, which is what a
// signal does by default.
func TestNotifyGivesTheSignalBack(t *testing.T) {
	if os.Getenv("STEPWISE_NOTIFY_CHILD") != "" {
		play(t, false, func(s *stage, yield coro.Yield) {
			n := s.notify(syscall.SIGTERM)
			raise(t, syscall.SIGTERM)
			s.next(yield, n)
			require.NoError(t, n.Close())
			raise(t, syscall.SIGTERM)
			select {} // not reached by far
		})
	}
	child := exec.Command(os.Args[0], "-test.run=^TestNotifyGivesTheSignalBack$", "-test.timeout=1m")
	child.Env = append(os.Environ(), "STEPWISE_NOTIFY_CHILD=1")
	out, err := child.CombinedOutput()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit, "%s", out)
	status := exit.Sys().(syscall.WaitStatus)
	require.True(t, status.Signaled(), "%s", out)
	require.Equal(t, syscall.SIGTERM, status.Signal())
}
