package loop

import (
	"os"
	"os/signal"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
)

// realLoop is a loop on the kernel's own selector; at the end the goroutines and
// descriptors must be those of the beginning.
func realLoop(t *testing.T) *Loop {
	before := leaktest.Begin(t)
	l, err := New(Options{})
	require.NoError(t, err)
	t.Cleanup(func() {
		require.NoError(t, l.Close())
		before.End()
	})
	return l
}

func TestThreadsafe(t *testing.T) {
	t.Run("L15_wakes_every_time", func(t *testing.T) {
		rounds := 10_000
		if testing.Short() {
			rounds = 1000
		}
		l := realLoop(t)
		release := l.Hold()
		ran := make(chan int)
		var caller sync.WaitGroup
		caller.Go(func() {
			for i := range rounds {
				if err := l.CallSoonThreadsafe(func() { ran <- i }); err != nil || <-ran != i {
					t.Error("call", i, err)
				}
			}
			l.Stop()
			release() // first, it would leave the loop with nothing to wait for
		})
		require.NoError(t, l.Run())
		caller.Wait()
	})
	t.Run("L16_many_calls_one_wake", func(t *testing.T) {
		l, ran := realLoop(t), []int{}
		for i := range 1000 {
			require.NoError(t, l.CallSoonThreadsafe(func() { ran = append(ran, i) }))
		}
		require.NoError(t, l.Round())
		require.Len(t, ran, 1000)
		require.IsIncreasing(t, ran)
		require.ErrorIs(t, l.Round(), ErrDeadlock)
	})
	t.Run("L18_no_call_is_lost", func(t *testing.T) {
		const callers, calls = 8, 2000
		l, ran := realLoop(t), 0
		defer l.Hold()()
		var all sync.WaitGroup
		for range callers {
			all.Go(func() {
				for range calls {
					if err := l.CallSoonThreadsafe(func() {
						if ran++; ran == callers*calls {
							l.Stop()
						}
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		require.NoError(t, l.Run())
		all.Wait()
		require.Equal(t, callers*calls, ran)
	})
	t.Run("L19_after_close", func(t *testing.T) {
		l, err := New(Options{})
		require.NoError(t, err)
		require.NoError(t, l.Close())
		var fds [2]int // they have the numbers of the loop's
		require.NoError(t, unix.Pipe2(fds[:], unix.O_NONBLOCK|unix.O_CLOEXEC))
		defer unix.Close(fds[0])
		defer unix.Close(fds[1])
		require.ErrorIs(t, l.CallSoonThreadsafe(func() {}), ErrClosed)
		l.Stop()
		l.Hold()()
		_, err = unix.Read(fds[0], make([]byte, 8))
		require.Equal(t, unix.EAGAIN, err, "nothing was written to the stranger")
	})
	t.Run("L25_SIGINT_while_it_sleeps", func(t *testing.T) {
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, unix.SIGINT) // before the count: its goroutine stays
		defer signal.Stop(signals)
		l := realLoop(t)
		defer l.Hold()()
		for range 2 { // the loop is as good as before
			var listener sync.WaitGroup
			listener.Go(func() { <-signals; l.Stop() })
			l.CallSoon(func() { require.NoError(t, unix.Kill(unix.Getpid(), unix.SIGINT)) })
			require.NoError(t, l.Run())
			listener.Wait()
		}
	})
	t.Run("N02_a_storm_of_signals", func(t *testing.T) {
		l := realLoop(t)
		stop := make(chan struct{})
		var storm sync.WaitGroup
		storm.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond):
					_ = unix.Kill(unix.Getpid(), unix.SIGURG) // the runtime's own: it handles and ignores it
				}
			}
		})
		const wait = 50 * time.Millisecond
		start := l.Now()
		for range 5 {
			l.CallLater(wait, l.Stop)
			require.NoError(t, l.Run())
		}
		close(stop)
		storm.Wait()
		require.GreaterOrEqual(t, l.Now()-start, 5*wait, "no wait was cut short")
		require.LessOrEqual(t, l.Rounds(), uint64(12), "no wait was begun anew by a round")
	})
	t.Run("M05_hundreds_of_loops_leave_nothing", func(t *testing.T) {
		before := leaktest.Begin(t)
		for range 300 {
			l, err := New(Options{})
			require.NoError(t, err)
			l.CallSoon(l.Stop)
			require.NoError(t, l.Run())
			require.NoError(t, l.Close())
		}
		before.End()
	})
	t.Run("S01_real_descriptor", func(t *testing.T) {
		l := realLoop(t)
		var fds [2]int
		require.NoError(t, unix.Pipe2(fds[:], unix.O_NONBLOCK|unix.O_CLOEXEC))
		var log []string
		require.NoError(t, l.AddReader(fds[0], func() { log = append(log, "reader") }))
		l.CallSoon(func() { _, _ = unix.Write(fds[1], []byte("x")) })
		require.NoError(t, l.Round())
		require.NoError(t, l.Round())
		require.True(t, l.RemoveReader(fds[0]))
		require.Equal(t, []string{"reader"}, log)
		require.NoError(t, unix.Close(fds[0]))
		require.NoError(t, unix.Close(fds[1]))
	})
}
