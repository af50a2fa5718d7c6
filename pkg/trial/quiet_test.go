package trial

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// socket is our end of a pair that is closed after the test, and its peer's.
func socket(t *testing.T) (ours, peer int) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	for _, fd := range fds {
		require.NoError(t, unix.SetNonblock(fd, true))
	}
	t.Cleanup(func() { _, _ = unix.Close(fds[0]), unix.Close(fds[1]) })
	return fds[0], fds[1]
}

func TestSettle(t *testing.T) {
	spins := func(yield coro.Yield, _ *loop.Loop, _ int) {
		for task.Checkpoint(yield) == nil {
		}
	}
	cases := []struct {
		name  string
		other func(yield coro.Yield, l *loop.Loop, fd int) // beside the task that settles
		want  string
	}{
		{"nobody does anything", func(coro.Yield, *loop.Loop, int) {}, ""},
		{"a task waits", func(yield coro.Yield, l *loop.Loop, _ int) { _, _ = task.Await(yield, future.New(l)) }, ""},
		{"a task has a hundred turns", func(yield coro.Yield, _ *loop.Loop, _ int) {
			for range 100 {
				_ = task.Checkpoint(yield)
			}
		}, ""},
		{"a task yields on and on", spins, "your loop never slept: 1000 rounds while nothing could happen"},
		{"a callback calls itself soon", func(_ coro.Yield, l *loop.Loop, _ int) {
			var again func()
			again = func() { l.CallSoon(again) }
			again()
		}, "your loop never slept: 1000 rounds while nothing could happen"},
		{"a timer wakes it each millisecond", func(yield coro.Yield, _ *loop.Loop, _ int) {
			for task.Sleep(yield, time.Millisecond) == nil {
			}
		}, "your loop never slept: [0-9]+ rounds while nothing could happen"},
		{"a timer wakes it now and then", func(yield coro.Yield, _ *loop.Loop, _ int) {
			for range 10 {
				_ = task.Sleep(yield, time.Millisecond)
			}
		}, ""},
		{"it waits for a descriptor that is always ready", func(_ coro.Yield, l *loop.Loop, fd int) {
			_ = l.AddWriter(fd, func() {})
		}, "your loop never slept: 1000 rounds while nothing could happen"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fd, _ := socket(t)
			err := OnLoop(nil, func(yield coro.Yield, l *loop.Loop) error {
				task.Go(l, func(yield coro.Yield) error { c.other(yield, l, fd); return nil })
				defer l.RemoveWriter(fd)
				return Settle(yield, l)
			})
			if c.want == "" {
				require.NoError(t, err)
			} else {
				require.Error(t, err)
				assert.Regexp(t, "^"+c.want+"$", err.Error())
			}
		})
	}
}

// What has happened already is served before the loop sleeps, and the loop goes on
// after it.
func TestSettleWaitsForWhatHasHappened(t *testing.T) {
	fd, peer := socket(t)
	reads := 0
	err := OnLoop(nil, func(yield coro.Yield, l *loop.Loop) error {
		_, _ = unix.Write(peer, []byte("xyz"))
		_ = l.AddReader(fd, func() { _, _ = unix.Read(fd, make([]byte, 1)); reads++ })
		defer l.RemoveReader(fd)
		return errors.Join(Settle(yield, l), task.Sleep(yield, time.Millisecond), Settle(yield, l))
	})
	require.NoError(t, err)
	assert.Equal(t, 3, reads)
}

// Code that blocks for a while in each turn may not come to a thousand of them in time: it
// keeps the loop from sleeping all the same.
func TestALoopThatIsSlowToNeverSleep(t *testing.T) {
	before := SetPatience(200 * time.Millisecond)
	defer SetPatience(before)
	for name, c := range map[string]struct {
		each time.Duration
		want string
	}{
		"it goes round and round": {2 * time.Millisecond, "never slept"},
		"it blocks":               {300 * time.Millisecond, ErrWaits.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			err := OnLoop(nil, func(yield coro.Yield, l *loop.Loop) error {
				task.Go(l, func(yield coro.Yield) error {
					for task.Checkpoint(yield) == nil {
						time.Sleep(c.each)
					}
					return nil
				})
				return Settle(yield, l)
			})
			assert.ErrorContains(t, err, c.want)
		})
	}
}

func TestSettleOnAnotherLoop(t *testing.T) {
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer l.Close()
	err = task.Main(l, func(yield coro.Yield) error { return Settle(yield, l) })
	assert.ErrorContains(t, err, "not made by OnLoop")
}

// A descriptor is removed from the loop first and closed after that.
func TestTheOrderOnTheWayOut(t *testing.T) {
	for name, early := range map[string]bool{"removed, then closed": false, "closed, then removed": true} {
		t.Run(name, func(t *testing.T) {
			fd, _ := socket(t)
			own, err := unix.Dup(fd)
			require.NoError(t, err)
			err = WithLoop(nil, func(l *loop.Loop, _ func() error) error {
				_ = l.AddReader(own, func() {})
				if early {
					_ = unix.Close(own)
				}
				l.RemoveReader(own)
				if !early {
					_ = unix.Close(own)
				}
				return nil
			})
			if early {
				assert.ErrorContains(t, err, "closed while the loop still watches it")
			} else {
				assert.NoError(t, err)
			}
		})
	}
}
