package simulation_test

// What a World is besides its network: one clock, names, and what it refuses.

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/serve"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// in runs body in a World of its own, and wants no error that body doesn't return.
func in(t *testing.T, body func(w *simulation.World, yield coro.Yield, l *loop.Loop) error) error {
	before := leaktest.Begin(t)
	w := simulation.New(1, simulation.Weather{})
	err := w.Run(func(yield coro.Yield, l *loop.Loop) error { return body(w, yield, l) })
	before.End()
	return err
}

func TestOneClock(t *testing.T) {
	deadlines := map[string]func(yield coro.Yield, a *sock.Socket, when time.Time) error{
		"a_socket": func(yield coro.Yield, a *sock.Socket, when time.Time) error {
			if err := a.SetReadDeadline(when); err != nil {
				return err
			}
			_, err := sock.Read(yield, a)
			return err
		},
		"a_net.Conn": func(yield coro.Yield, a *sock.Socket, when time.Time) error {
			conn := sock.Stream(a)
			if err := conn.SetDeadline(when); err != nil {
				return err
			}
			_, err := conn.Read(make([]byte, 1))
			return err
		},
		"a_net.Conn_that_writes": func(yield coro.Yield, a *sock.Socket, when time.Time) error {
			conn := sock.Stream(a)
			if err := conn.SetWriteDeadline(when); err != nil {
				return err
			}
			_, err := conn.Write(make([]byte, 1<<20))
			return err
		},
	}
	for name, wait := range deadlines {
		t.Run("deadline_of_"+name, func(t *testing.T) {
			require.NoError(t, in(t, func(w *simulation.World, yield coro.Yield, l *loop.Loop) error {
				a, _, err := pair(yield, l)
				require.NoError(t, err)
				made, begin := l.Time().Add(5*time.Second), w.Now()
				require.ErrorIs(t, wait(yield, a, made), os.ErrDeadlineExceeded)
				require.Equal(t, begin+5*time.Second, w.Now().Truncate(time.Second)+begin, "by the World's clock")
				return nil
			}))
		})
		t.Run("made_before_an_hour's_sleep/"+name, func(t *testing.T) {
			require.NoError(t, in(t, func(w *simulation.World, yield coro.Yield, l *loop.Loop) error {
				a, _, err := pair(yield, l)
				require.NoError(t, err)
				made := l.Time().Add(5 * time.Second)
				require.NoError(t, task.Sleep(yield, time.Hour))
				woke := w.Now()
				require.ErrorIs(t, wait(yield, a, made), os.ErrDeadlineExceeded)
				require.Less(t, w.Now()-woke, time.Millisecond, "it has passed already")
				return nil
			}))
		})
		t.Run("made_from_time.Now_is_impossible/"+name, func(t *testing.T) {
			require.NoError(t, in(t, func(w *simulation.World, yield coro.Yield, l *loop.Loop) error {
				a, _, err := pair(yield, l)
				require.NoError(t, err)
				err = wait(yield, a, time.Now().Add(5*time.Second))
				require.ErrorIs(t, err, simulation.ErrImpossible)
				require.ErrorContains(t, err, "impossible in a World: a deadline made from time.Now; make it from Loop.Time")
				return nil
			}))
		})
	}
	t.Run("timeout_sleep_and_deadline_in_no_real_time", func(t *testing.T) {
		require.NoError(t, in(t, func(w *simulation.World, yield coro.Yield, l *loop.Loop) error {
			born := l.Time()
			require.Equal(t, 2000, born.Year())
			_, err := task.Timeout(yield, time.Hour, func(yield coro.Yield) (any, error) { return nil, task.Sleep(yield, 2*time.Hour) })
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			require.Equal(t, time.Hour, w.Now())
			_, err = task.Deadline(yield, 3*time.Hour, func(yield coro.Yield) (any, error) { return nil, task.Sleep(yield, 24*time.Hour) })
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			require.Equal(t, 3*time.Hour, l.Time().Sub(born))
			return nil
		}))
	})
	t.Run("an_HTTP_server_keeps_it", func(t *testing.T) {
		require.NoError(t, in(t, func(w *simulation.World, yield coro.Yield, l *loop.Loop) error {
			listener, err := sock.Listen(l, address)
			require.NoError(t, err)
			server := &serve.Server{Handle: serve.HTTP(func(yield coro.Yield, w *serve.ResponseWriter, r *http.Request) {}, serve.Limits{Head: 10 * time.Second, Idle: time.Hour})}
			task.Spawn(l, func(yield coro.Yield) (any, error) { return nil, server.Serve(yield, listener) })
			s, err := sock.Connect(yield, address)
			require.NoError(t, err)
			require.NoError(t, sock.Send(yield, s, []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")))
			answer, err := sock.ReadAll(yield, s, 1<<20)
			require.NoError(t, err)
			require.Contains(t, string(answer), "\r\nDate: Sat, 01 Jan 2000 00:00:00 GMT\r\n")
			require.Equal(t, time.Hour, w.Now().Truncate(time.Minute), "then the idle connection is closed")
			return nil
		}))
	})
}

// TestImpossible: what comes from outside is refused by name, at once, and never hangs or
// ends in ErrDeadlock.
func TestImpossible(t *testing.T) {
	cases := []struct {
		name, want string
		run        func(yield coro.Yield, l *loop.Loop) error
	}{
		{"outside.Run", "outside: run: impossible in a World: a goroutine that takes real time", func(yield coro.Yield, l *loop.Loop) error {
			_, err := outside.Run(yield, func(context.Context) (any, error) { panic("it ran") })
			return err
		}},
		{"outside.RunAs", "outside: run: impossible in a World: a goroutine that takes real time", func(yield coro.Yield, l *loop.Loop) error {
			_, err := outside.RunAs(yield, func(context.Context) (int, error) { panic("it ran") })
			return err
		}},
		{"outside.Notify", "outside: notify: impossible in a World: signals, which come from outside", func(_ coro.Yield, l *loop.Loop) error {
			_, err := outside.Notify(l, syscall.SIGUSR1)
			return err
		}},
		{"loop.Hold", "task: run: loop: run: impossible in a World: Hold, waiting for work outside", func(yield coro.Yield, l *loop.Loop) error {
			defer l.Hold()()
			return task.Sleep(yield, time.Hour)
		}},
		{"loop.Hold_with_nothing_else_to_do", "task: run: loop: run: impossible in a World: Hold, waiting for work outside", func(yield coro.Yield, l *loop.Loop) error {
			l.Hold()
			a, _, err := pair(yield, l)
			if err == nil {
				_, err = sock.Read(yield, a)
			}
			return err
		}},
		{"CallSoonThreadsafe", "loop: impossible in a World: CallSoonThreadsafe, a call from another goroutine; use CallSoon", func(_ coro.Yield, l *loop.Loop) error {
			return l.CallSoonThreadsafe(func() { panic("it ran") })
		}},
		{"a_descriptor_from_elsewhere", "fd 0: impossible in a World: a descriptor that was opened elsewhere", func(_ coro.Yield, l *loop.Loop) error {
			_, err := sock.FromFD(l, 0)
			return err
		}},
		{"to_watch_one", "loop: add reader of fd 0: impossible in a World: to watch fd 0, which is no socket of the World (bad file descriptor)", func(_ coro.Yield, l *loop.Loop) error {
			return l.AddReader(0, func() {})
		}},
		{"datagrams", "listen packet 127.0.0.1:80: impossible in a World: datagrams (protocol not supported)", func(_ coro.Yield, l *loop.Loop) error {
			_, err := sock.ListenPacket(l, address)
			return err
		}},
		{"a_unix_listener", "listen unix:/x: impossible in a World: unix sockets, whose paths are real files (address family not supported by protocol)", func(_ coro.Yield, l *loop.Loop) error {
			_, err := sock.Listen(l, "unix:/x")
			return err
		}},
		{"a_unix_connection", "connect unix:/x: impossible in a World: unix sockets, whose paths are real files (address family not supported by protocol)", func(yield coro.Yield, l *loop.Loop) error {
			_, err := sock.Connect(yield, "unix:/x")
			return err
		}},
		{"a_shared_address", "listen 127.0.0.1:80: impossible in a World: listeners that share an address, each on a loop of its own", func(_ coro.Yield, l *loop.Loop) error {
			_, err := sock.ListenShared(l, address)
			return err
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := in(t, func(_ *simulation.World, yield coro.Yield, l *loop.Loop) error { return c.run(yield, l) })
			require.ErrorIs(t, err, simulation.ErrImpossible)
			require.NotErrorIs(t, err, loop.ErrDeadlock)
			require.EqualError(t, err, "seed 1: "+c.want)
		})
	}
}

func TestUse(t *testing.T) {
	nothing := func(coro.Yield, *loop.Loop) error { return nil }
	t.Run("run_twice", func(t *testing.T) {
		w := simulation.New(1, simulation.Weather{})
		require.NoError(t, w.Run(nothing))
		err := w.Run(nothing)
		require.ErrorIs(t, err, simulation.ErrUsed)
		require.EqualError(t, err, "seed 1: this World has had its loop: make another with New")
		require.Panics(t, func() { w.Options() })
	})
	t.Run("two_loops", func(t *testing.T) {
		w := simulation.New(1, simulation.Weather{})
		w.Options()
		require.PanicsWithError(t, "simulation: Options: this World has had its loop: make another with New", func() { w.Options() })
		require.ErrorIs(t, w.Run(nothing), simulation.ErrUsed)
	})
	t.Run("a_loop_after_the_first_was_closed", func(t *testing.T) {
		w := simulation.New(1, simulation.Weather{})
		o := w.Options()
		for _, want := range []error{nil, simulation.ErrUsed} {
			l, err := loop.New(o)
			require.NoError(t, err)
			_, err = task.Run(l, func(yield coro.Yield) (any, error) { return nil, task.Checkpoint(yield) })
			require.ErrorIs(t, err, want)
			_ = l.Close()
		}
	})
	t.Run("run_in_run", func(t *testing.T) {
		w := simulation.New(1, simulation.Weather{})
		require.ErrorIs(t, w.Run(func(coro.Yield, *loop.Loop) error { return w.Run(nothing) }), simulation.ErrUsed)
	})
	t.Run("script_after_the_end", func(t *testing.T) {
		w := simulation.New(1, simulation.Weather{})
		require.NoError(t, w.Run(nothing))
		require.PanicsWithError(t, "simulation: repair: this World has had its loop: make another with New", func() { w.Script(simulation.Repair()) })
	})
	t.Run("a_panic_in_a_task_that_nobody_awaits_is_an_error", func(t *testing.T) {
		err := in(t, func(_ *simulation.World, yield coro.Yield, l *loop.Loop) error {
			task.Spawn(l, func(coro.Yield) (any, error) { panic("ouch") })
			return task.Sleep(yield, time.Second)
		})
		require.ErrorContains(t, err, "ouch")
	})
	t.Run("a_task_that_is_left_is_ended_and_noted", func(t *testing.T) {
		w := simulation.New(1, simulation.Weather{})
		require.NoError(t, w.Run(func(yield coro.Yield, l *loop.Loop) error {
			task.Spawn(l, func(yield coro.Yield) (any, error) { return nil, task.Sleep(yield, time.Hour) })
			return task.Checkpoint(yield)
		}))
		require.Contains(t, strings.Join(w.Log(), "\n"), "still pending")
	})
	t.Run("the_program's_error_is_found", func(t *testing.T) {
		mine := errors.New("mine")
		require.ErrorIs(t, in(t, func(*simulation.World, coro.Yield, *loop.Loop) error { return mine }), mine)
	})
}

// TestNoSocket: a listener fails only where a test asks for it.
func TestNoSocket(t *testing.T) {
	listen := func(yield coro.Yield, l *loop.Loop) error {
		for range 100 {
			s, err := sock.Listen(l, address)
			if err != nil {
				return err
			}
			_ = s.Close()
		}
		return nil
	}
	always := simulation.Weather{Exhausted: 1, Partial: 1, Interrupt: 1, Spurious: 1, Late: 0.9, Reset: 1}
	for _, weather := range []simulation.Weather{simulation.Rough, simulation.Stormy, always} {
		_, err := play(t, 1, weather, listen)
		require.NoError(t, err)
	}
	_, err := play(t, 1, simulation.Weather{NoSocket: 0.1}, listen)
	require.ErrorIs(t, err, unix.EMFILE)
}
