package stages_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/stages"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// ends returns a socket on l, and a descriptor that is its peer.
func ends(t *testing.T, l *loop.Loop) (s *sock.Socket, peer int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	require.NoError(t, unix.SetNonblock(fds[0], true))
	s, err = sock.FromFD(l, fds[0])
	require.NoError(t, err)
	t.Cleanup(func() { s.Close(); _ = unix.Close(fds[1]) })
	return s, fds[1]
}

// TestWaysOfReady: a flame graph of a wait tells which function asks the kernel for what.
// A task has a stack of its own, and the loop's callback another one.
func TestWaysOfReady(t *testing.T) {
	ways := map[string]int{}
	tell := func(name string, _, _ int, _ error) { ways[probe.Folded()+";"+name]++ }
	kernel, err := selector.New()
	require.NoError(t, err)
	l, err := loop.New(loop.Options{Selector: selector.Told(kernel, tell), Calls: sys.Told(&sys.Kernel, tell)})
	require.NoError(t, err)
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		s, peer := ends(t, l)
		_, err := unix.Write(peer, []byte("hello"))
		require.NoError(t, err)
		clear(ways)
		require.NoError(t, stages.Ready(yield, s, selector.Read))
		_, err = l.Calls().Recv(s.FD(), make([]byte, 10))
		return nil, err
	})
	require.NoError(t, err)
	require.NoError(t, l.Close())
	const mine = "stages_test.TestWaysOfReady"
	const body, round = "coro.Pool.newStack;coro.Coro.run;" + mine, mine + ";task.Run;task.run;task.Task.run;loop.Loop.Run;loop.Loop.round"
	for way, n := range map[string]int{
		body + ";stages.Ready;loop.Loop.AddReader;loop.Loop.addWatch;loop.Loop.watch;epoll_ctl": 1,
		body + ";recv":                        1,
		round + ";loop.Loop.sleep;epoll_wait": 3, // the last one is the end's
		round + ";loop.Loop.runReady;loop.Loop.call;stages.Ready;loop.Loop.RemoveReader;loop.Loop.removeWatch;epoll_ctl": 1,
	} {
		assert.Equal(t, n, ways[way], "%s in %v", way, ways)
	}
}

func TestReady(t *testing.T) {
	canceled := func(waiter *task.Task) func() { return func() { waiter.Cancel() } }
	for _, c := range []struct {
		name      string
		direction selector.Events
		meanwhile func(l *loop.Loop, s *sock.Socket, peer int, waiter *task.Task) func() // called once the task waits
		want      error
		left      bool // somebody else's reader is still registered
	}{
		{"data comes", selector.Read, func(_ *loop.Loop, _ *sock.Socket, peer int, _ *task.Task) func() {
			return func() { _, _ = unix.Write(peer, []byte("x")) }
		}, nil, false},
		{"there is room", selector.Write, func(*loop.Loop, *sock.Socket, int, *task.Task) func() { return func() {} }, nil, false},
		{"the task is canceled while it waits", selector.Read, func(_ *loop.Loop, _ *sock.Socket, _ int, waiter *task.Task) func() {
			return canceled(waiter)
		}, future.ErrCanceled, false},
		{"the socket is closed while the task waits, which is then canceled", selector.Read, func(_ *loop.Loop, s *sock.Socket, _ int, waiter *task.Task) func() {
			return func() { _ = s.Close(); waiter.Cancel() }
		}, future.ErrCanceled, false},
		{"canceled once it was woken, when the next reader is registered", selector.Read, func(l *loop.Loop, s *sock.Socket, peer int, waiter *task.Task) func() {
			return func() {
				_, _ = unix.Write(peer, []byte("x"))
				l.CallSoon(func() {
					l.CallSoon(func() { // after the callback of Ready, before the task
						if l.AddReader(s.FD(), func() {}) == nil {
							waiter.Cancel()
						}
					})
				})
			}
		}, future.ErrCanceled, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := looptest.Real(t)
			s, peer := ends(t, r.Loop)
			fd := s.FD()
			err := task.Main(r.Loop, func(yield coro.Yield) error {
				var waiter *task.Task
				waiter = task.Spawn(r.Loop, func(yield coro.Yield) (any, error) {
					r.CallSoon(c.meanwhile(r.Loop, s, peer, waiter))
					return nil, stages.Ready(yield, s, c.direction)
				})
				_, err := task.Await(yield, waiter)
				assert.Equal(t, c.left, r.RemoveReader(fd), "a reader is still registered")
				assert.False(t, r.RemoveWriter(fd), "a writer is still registered")
				return err
			})
			assert.ErrorIs(t, err, c.want)
		})
	}
}

func TestReadyBesideAnotherTask(t *testing.T) {
	r := looptest.Real(t)
	s, peer := ends(t, r.Loop)
	require.NoError(t, task.Main(r.Loop, func(yield coro.Yield) error {
		first := task.Spawn(r.Loop, func(yield coro.Yield) (any, error) { return nil, stages.Ready(yield, s, selector.Read) })
		_ = task.Checkpoint(yield)
		assert.ErrorIs(t, stages.Ready(yield, s, selector.Read), loop.ErrBusy)
		_, _ = unix.Write(peer, []byte("x"))
		_, err := task.Await(yield, first)
		return err // the first one was still registered, and woke up
	}))
}
