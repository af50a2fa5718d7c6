package simulation_test

// A whole program on a simulated network, under a thousand seeds.

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest/check"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

const address = "127.0.0.1:80"

// play runs program on a new World, holds its loop to the rules, and wants every
// descriptor back.
func play(t testing.TB, seed uint64, weather simulation.Weather, program func(yield coro.Yield, l *loop.Loop) error, script ...simulation.Fault) (*simulation.World, error) {
	w := simulation.New(seed, weather)
	w.Script(script...)
	o, rules := w.Options(), check.New(t)
	o.Selector, o.Probe = rules.Selector(o.Selector), rules
	l, err := loop.New(o)
	require.NoError(t, err, w)
	l.SetExceptionHandler(func(e loop.Exception) {
		if !errors.Is(e.Err, unix.EMFILE) && !strings.Contains(e.Err.Error(), "still pending") {
			t.Errorf("%v: %v", w, e)
		}
	})
	_, err = task.Run(l, func(yield coro.Yield) (any, error) { return nil, program(yield, l) })
	require.NoError(t, l.Close(), w)
	require.Zero(t, w.Open(), "%v: descriptors", w)
	return w, err
}

// serveEcho answers until its listener is closed.
func serveEcho(yield coro.Yield, l *loop.Loop, listener *sock.Socket) (any, error) {
	for {
		s, err := sock.Accept(yield, listener)
		if err != nil {
			return nil, nil
		}
		task.Spawn(l, func(yield coro.Yield) (any, error) {
			defer s.Close()
			for {
				data, err := sock.Read(yield, s)
				if err == nil {
					err = sock.Send(yield, s, data)
				}
				if err != nil {
					return nil, nil
				}
			}
		})
	}
}

// echo has three clients say 5,000 bytes each to an echo server, and listen.
func echo(yield coro.Yield, l *loop.Loop) error {
	listener, err := sock.Listen(l, address)
	if err != nil {
		return err
	}
	defer listener.Close()
	task.Spawn(l, func(yield coro.Yield) (any, error) { return serveEcho(yield, l, listener) })
	var clients []*task.Task
	for i := range 3 {
		clients = append(clients, task.Spawn(l, func(yield coro.Yield) (any, error) { return nil, visit(yield, l, i) }))
	}
	var all error
	for _, c := range clients {
		_, err := task.Await(yield, c)
		all = errors.Join(all, err)
	}
	return all
}

func visit(yield coro.Yield, l *loop.Loop, i int) error {
	s, err := sock.Connect(yield, address)
	if err != nil {
		return err
	}
	defer s.Close()
	message := strings.Repeat(fmt.Sprintf("from %d; ", i), 500)
	sent := task.Spawn(l, func(yield coro.Yield) (any, error) {
		err := sock.Send(yield, s, []byte(message))
		return nil, errors.Join(err, s.CloseWrite())
	})
	got, err := sock.ReadAll(yield, s, 1<<20)
	_, sendErr := task.Await(yield, sent)
	if err = errors.Join(err, sendErr); err != nil {
		return err
	}
	if string(got) != message {
		return fmt.Errorf("client %d got %d bytes of %d back", i, len(got), len(message))
	}
	return nil
}

// seeds is how many runs a test makes.
func seeds() uint64 {
	if testing.Short() {
		return 100
	}
	return 1000
}

func TestEcho(t *testing.T) {
	before := leaktest.Begin(t)
	for seed := range seeds() {
		_, err := play(t, seed, simulation.Rough, echo)
		require.NoError(t, err, "seed %d", seed)
	}
	before.End()
}

// TestEchoInAStorm: a connection that is reset ends in that error, and no other.
func TestEchoInAStorm(t *testing.T) {
	var whole, broken uint64
	for seed := range seeds() {
		switch _, err := play(t, seed, simulation.Stormy, echo); {
		case err == nil:
			whole++
		case errors.Is(err, unix.ECONNRESET) || errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ENOTCONN):
			broken++
		default:
			require.NoError(t, err, "seed %d", seed)
		}
	}
	assert.Greater(t, whole, seeds()/20)
	assert.Greater(t, broken, seeds()/20)
}

func TestSeeds(t *testing.T) {
	t.Run("N12_the_same_seed_is_the_same_run", func(t *testing.T) {
		for seed := range uint64(20) {
			first, firstErr := play(t, seed, simulation.Stormy, echo)
			second, secondErr := play(t, seed, simulation.Stormy, echo)
			require.Equal(t, first.Log(), second.Log(), "seed %d", seed)
			require.Equal(t, fmt.Sprint(firstErr), fmt.Sprint(secondErr))
		}
	})
	t.Run("N12_other_seeds_are_other_runs", func(t *testing.T) {
		different := map[string]bool{}
		for seed := range uint64(20) {
			w, _ := play(t, seed, simulation.Weather{}, echo)
			different[strings.Join(w.Log(), "\n")] = true
		}
		require.Len(t, different, 20)
	})
	t.Run("an_hour_takes_no_time", func(t *testing.T) {
		w, err := play(t, 1, simulation.Weather{}, func(yield coro.Yield, l *loop.Loop) error {
			return rest(yield, l, time.Hour)
		})
		require.NoError(t, err)
		require.GreaterOrEqual(t, w.Now(), time.Hour)
		require.Less(t, w.Now(), time.Hour+time.Second)
	})
}

// TestNetwork is what the simulated network must have in common with a real one.
func TestNetwork(t *testing.T) {
	cases := []struct {
		name string
		want error
		run  func(yield coro.Yield, l *loop.Loop) error
	}{
		{"C02_nobody_listens", unix.ECONNREFUSED, func(yield coro.Yield, l *loop.Loop) error {
			_, err := sock.Connect(yield, address)
			return err
		}},
		{"A12_the_port_is_taken", unix.EADDRINUSE, func(yield coro.Yield, l *loop.Loop) error {
			if _, err := sock.Listen(l, address); err != nil {
				return err
			}
			_, err := sock.Listen(l, address)
			return err
		}},
		{"A11_no_listener", unix.EINVAL, func(yield coro.Yield, l *loop.Loop) error {
			a, _, err := pair(yield, l)
			if err == nil {
				_, err = sock.Accept(yield, a)
			}
			return err
		}},
		{"W07_after_the_end", unix.EPIPE, func(yield coro.Yield, l *loop.Loop) error {
			a, _, err := pair(yield, l)
			if err == nil {
				err = a.CloseWrite()
			}
			if err == nil {
				err = sock.Send(yield, a, []byte("late"))
			}
			return err
		}},
		{"R02_the_end", io.EOF, func(yield coro.Yield, l *loop.Loop) error {
			a, b, err := pair(yield, l)
			if err == nil {
				err = b.CloseWrite()
			}
			if err == nil {
				_, err = sock.Read(yield, a)
			}
			return err
		}},
		{"R03_closed_with_unread_data", unix.ECONNRESET, func(yield coro.Yield, l *loop.Loop) error {
			a, b, err := pair(yield, l)
			if err == nil {
				err = sock.Send(yield, a, []byte("unread"))
			}
			if err == nil {
				err = rest(yield, l, time.Second)
			}
			if err == nil {
				err = b.Close()
			}
			if err == nil {
				_, err = sock.Read(yield, a)
			}
			return err
		}},
		{"L23_nothing_will_ever_come", loop.ErrDeadlock, func(yield coro.Yield, l *loop.Loop) error {
			a, _, err := pair(yield, l)
			if err == nil {
				_, err = sock.Read(yield, a)
			}
			return err
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(20) {
				_, err := play(t, seed, simulation.Weather{Partial: 0.5, Interrupt: 0.1, Late: 0.2}, c.run)
				require.ErrorIs(t, err, c.want, "seed %d", seed)
			}
		})
	}
}

// pair is a connection with both its ends.
func pair(yield coro.Yield, l *loop.Loop) (a, b *sock.Socket, err error) {
	listener, err := sock.Listen(l, "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer listener.Close()
	accepted := task.SpawnAs(l, func(yield coro.Yield) (*sock.Socket, error) { return sock.Accept(yield, listener) })
	if a, err = sock.Connect(yield, listener.LocalAddr().String()); err != nil {
		return nil, nil, err
	}
	b, err = task.AwaitAs(yield, accepted)
	return a, b, err
}
