package serve

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// that is a signal that nobody else sends to a test.
const that = syscall.SIGTERM

func raise(t testing.TB) { require.NoError(t, unix.Kill(os.Getpid(), that)) }

// until runs ServeUntil on a loop of its own, with one client.
func until(t testing.TB, server *Server, handle func(yield coro.Yield, c *Conn) error) error {
	server.Handle = handle
	return Loops(1, "127.0.0.1:0", loop.Options{}, nil, func(yield coro.Yield, listener *sock.Socket) error {
		client, err := sock.Connect(yield, listener.LocalAddr().String())
		require.NoError(t, err)
		defer client.Close()
		return server.ServeUntil(yield, listener, time.Hour, that)
	})
}

// canceled pauses until its task is canceled.
func canceled(yield coro.Yield, c *Conn) error {
	_, err := task.Await(yield, future.New(c.Loop()))
	return err
}

func TestServeUntil(t *testing.T) {
	c := make(chan os.Signal, 1) // package signal starts a goroutine at first, which never ends
	signal.Notify(c, syscall.SIGUSR2)
	signal.Stop(c)
	t.Run("V08_the_first_signal_lets_a_busy_connection_finish", func(t *testing.T) {
		before := leaktest.Begin(t)
		finished := false
		server := &Server{}
		require.NoError(t, until(t, server, func(yield coro.Yield, c *Conn) error {
			raise(t)
			for !c.Going() {
				if err := task.Checkpoint(yield); err != nil {
					return err
				}
			}
			finished = true
			return task.Checkpoint(yield)
		}))
		require.True(t, finished)
		before.End()
	})
	t.Run("V08_the_second_ends_it", func(t *testing.T) {
		before := leaktest.Begin(t)
		var ended error
		server := &Server{}
		require.NoError(t, until(t, server, func(yield coro.Yield, c *Conn) error {
			raise(t)
			for !c.Going() {
				if err := task.Checkpoint(yield); err != nil {
					return err
				}
			}
			raise(t)
			ended = canceled(yield, c)
			return ended
		}))
		require.ErrorIs(t, ended, future.ErrCanceled)
		before.End()
	})
	t.Run("V08_the_first_in_a_Shutdown_by_others_lets_a_busy_connection_finish", func(t *testing.T) {
		finished := false
		server := &Server{}
		require.NoError(t, until(t, server, func(yield coro.Yield, c *Conn) error {
			server.Shutdown(time.Hour) // as the program does that has heard the same signal
			told, err := outside.Notify(c.Loop(), that)
			require.NoError(t, err)
			defer told.Close()
			raise(t)
			if _, err := told.Next(yield); err != nil {
				return err
			}
			for range 10_000 { // ServeUntil hears it in these rounds, if it hasn't yet
				if err := task.Checkpoint(yield); err != nil {
					return err
				}
			}
			finished = true
			return nil
		}))
		require.True(t, finished)
	})
	t.Run("V08_the_next_ends_the_program", func(t *testing.T) {
		if os.Getenv("STEPWISE_UNTIL_CHILD") != "" {
			_ = until(t, &Server{}, func(yield coro.Yield, c *Conn) error {
				raise(t)
				for !c.Going() {
					if err := task.Checkpoint(yield); err != nil {
						return err
					}
				}
				raise(t)
				err := canceled(yield, c)
				raise(t)
				_, _ = task.Await(yield, future.New(c.Loop())) // it doesn't obey
				return err
			})
			return
		}
		child := exec.Command(os.Args[0], "-test.run=^TestServeUntil$/next", "-test.timeout=1m")
		child.Env = append(os.Environ(), "STEPWISE_UNTIL_CHILD=1")
		out, err := child.CombinedOutput()
		var exit *exec.ExitError
		require.True(t, errors.As(err, &exit), "%s", out)
		require.Equal(t, that, exit.Sys().(syscall.WaitStatus).Signal(), "%s", out)
	})
	t.Run("signals_that_can't_be_caught_are_refused_and_the_listener_is_closed", func(t *testing.T) {
		for _, signals := range [][]os.Signal{nil, {syscall.SIGKILL}} {
			require.Error(t, Loops(1, "127.0.0.1:0", loop.Options{}, nil, func(yield coro.Yield, listener *sock.Socket) error {
				err := (&Server{Handle: Echo}).ServeUntil(yield, listener, time.Hour, signals...)
				require.Equal(t, -1, listener.FD())
				return err
			}))
		}
	})
	t.Run("when_it_has_returned_nobody_waits_for_signals", func(t *testing.T) {
		require.ErrorIs(t, Loops(1, "127.0.0.1:0", loop.Options{}, nil, func(yield coro.Yield, listener *sock.Socket) error {
			server := &Server{Handle: Echo}
			listener.Loop().CallSoon(server.Close)
			require.NoError(t, server.ServeUntil(yield, listener, time.Hour, that))
			_, err := task.Await(yield, future.New(listener.Loop()))
			return err
		}), loop.ErrDeadlock)
	})
	t.Run("in_a_World_it_is_impossible", func(t *testing.T) {
		require.ErrorIs(t, simulation.New(1, simulation.Weather{}).Run(func(yield coro.Yield, l *loop.Loop) error {
			listener, err := sock.Listen(l, "127.0.0.1:80")
			require.NoError(t, err)
			return (&Server{Handle: Echo}).ServeUntil(yield, listener, time.Hour, that)
		}), simulation.ErrImpossible)
	})
}
