package sock_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// L25: an interrupted loop says of each task what it awaits, and a socket what its
// own futures stand for.
func TestInterruptSaysWhatTasksAwait(t *testing.T) {
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	l.SetExceptionHandler(func(loop.Exception) {}) // the tasks end pending
	defer l.Close()
	mute, full := faulty.Stall("x"), faulty.NeverReads()
	defer mute.Close()
	defer full.Close()

	var reads, writes, accepts int
	await := func(body func(yield coro.Yield) error) *task.Task {
		return task.Spawn(l, func(yield coro.Yield) (any, error) { return nil, body(yield) })
	}
	await(func(yield coro.Yield) error {
		s, err := sock.Connect(yield, mute.Addr())
		require.NoError(t, err)
		reads = s.FD()
		_, err = sock.ReadAll(yield, s, 100)
		return err
	})
	await(func(yield coro.Yield) error {
		s, err := sock.Connect(yield, full.Addr())
		require.NoError(t, err)
		writes = s.FD()
		return sock.Send(yield, s, faulty.Pattern(8<<20))
	})
	listener, err := sock.Listen(l, "127.0.0.1:0")
	require.NoError(t, err)
	accepts = listener.FD()
	for range 2 {
		await(func(yield coro.Yield) error { _, err := sock.Accept(yield, listener); return err })
	}
	never := await(func(yield coro.Yield) error { _, err := task.Await(yield, future.New(l)); return err })
	await(func(yield coro.Yield) error { _, err := task.Await(yield, never); return err })
	await(func(yield coro.Yield) error { // interrupts, in each round from when they all have begun
		for {
			if reads != 0 && writes != 0 {
				l.Interrupt()
			}
			if err := task.Checkpoint(yield); err != nil {
				return err
			}
		}
	})

	var interrupted *loop.InterruptedError
	for runs := 2; runs > 1; runs = strings.Count(interrupted.Error(), "about to run") {
		require.ErrorAs(t, l.Run(), &interrupted)
	}
	require.Equal(t, []string{
		fmt.Sprintf("fd %d to read", reads),
		fmt.Sprintf("fd %d to write", writes),
		fmt.Sprintf("fd %d to read", accepts),
		fmt.Sprintf("its turn to accept on fd %d", accepts),
		"a future",
		never.String(),
		"nothing: it is about to run",
	}, interrupted.Where.Tasks)
}

// L25: task.Run hands the interrupt on, and its task is closed.
func TestInterruptOfARun(t *testing.T) {
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer l.Close()
	closed := false
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		l.Interrupt()
		_, err := task.Await(yield, future.New(l))
		closed = true
		return nil, err
	})
	var interrupted *loop.InterruptedError
	require.ErrorAs(t, err, &interrupted)
	require.Equal(t, []string{"a future"}, interrupted.Where.Tasks)
	require.True(t, closed)
	v, err := task.Run(l, func(coro.Yield) (any, error) { return "as good as before", nil })
	require.NoError(t, err)
	require.Equal(t, "as good as before", v)
}
