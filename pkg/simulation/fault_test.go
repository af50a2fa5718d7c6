package simulation_test

// The script: each fault, on clear weather, under several seeds.

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

const a, b, c = "10.0.0.1", "10.0.0.2", "10.0.0.3"

// stage is a task in a World with echo servers on a, b and c, port 80.
type stage struct {
	*testing.T
	*simulation.World
	loop  *loop.Loop
	yield coro.Yield
}

// on plays body under some seeds, each with a fresh World and its script.
func on(t *testing.T, script []simulation.Fault, body func(s *stage)) {
	t.Helper()
	for seed := range uint64(20) {
		w := simulation.New(seed, simulation.Weather{})
		w.Script(script...)
		err := w.Run(func(yield coro.Yield, l *loop.Loop) error {
			for _, host := range []string{a, b, c} {
				listener, err := sock.Listen(l, host+":80")
				if err != nil {
					return err
				}
				task.Spawn(l, func(yield coro.Yield) (any, error) { return serveEcho(yield, l, listener) })
			}
			body(&stage{t, w, l, yield})
			return nil
		})
		require.NoError(t, err)
		require.Zero(t, w.Open())
	}
}

// dial connects two hosts.
func (s *stage) dial(from, to string) (*sock.Socket, error) {
	return sock.ConnectFrom(s.yield, from+":0", to+":80")
}

func (s *stage) must(from, to string) *sock.Socket {
	c, err := s.dial(from, to)
	require.NoError(s, err, s.World)
	return c
}

// echoes has a connection carry text there and back, and returns how long that took.
func (s *stage) echoes(c *sock.Socket, text string) time.Duration {
	begin := s.Now()
	require.NoError(s, sock.Send(s.yield, c, []byte(text)), s.World)
	got := make([]byte, len(text))
	for n := 0; n < len(got); {
		more, err := sock.ReadInto(s.yield, c, got[n:])
		require.NoError(s, err, s.World)
		n += more
	}
	require.Equal(s, text, string(got), s.World)
	return s.Now() - begin
}

func (s *stage) sleepUntil(when time.Duration) {
	require.NoError(s, task.Sleep(s.yield, when-s.Now()))
}

// silent wants nothing to come from c for a second.
func (s *stage) silent(c *sock.Socket) {
	_, err := task.TimeoutAs(s.yield, time.Second, func(yield coro.Yield) ([]byte, error) { return sock.Read(yield, c) })
	require.ErrorIs(s, err, os.ErrDeadlineExceeded, s.World)
}

func TestRefuse(t *testing.T) {
	t.Run("the_next_two_connects_and_no_more", func(t *testing.T) {
		on(t, []simulation.Fault{simulation.Refuse(b+":80", 2)}, func(s *stage) {
			s.must(a, c) // another address
			for range 2 {
				_, err := s.dial(a, b)
				require.ErrorIs(s, err, unix.ECONNREFUSED)
			}
			s.echoes(s.must(a, b), "hello")
		})
	})
	t.Run("twice_adds_up", func(t *testing.T) {
		on(t, []simulation.Fault{simulation.Refuse(b+":80", 1), simulation.Refuse(b+":80", 1)}, func(s *stage) {
			for range 2 {
				_, err := s.dial(a, b)
				require.ErrorIs(s, err, unix.ECONNREFUSED)
			}
			s.must(a, b)
		})
	})
	t.Run("one_that_is_refused_anyway_counts", func(t *testing.T) {
		on(t, []simulation.Fault{simulation.Refuse(a+":90", 1)}, func(s *stage) {
			_, err := sock.Connect(s.yield, a+":90")
			require.ErrorIs(s, err, unix.ECONNREFUSED, "nobody listens")
			_, err = sock.Listen(s.loop, a+":90")
			require.NoError(s, err)
			_, err = sock.Connect(s.yield, a+":90")
			require.NoError(s, err)
		})
	})
	t.Run("from_a_time_on", func(t *testing.T) {
		on(t, []simulation.Fault{simulation.At(3*time.Second, simulation.Refuse(b+":80", 1))}, func(s *stage) {
			s.must(a, b)
			s.sleepUntil(3 * time.Second)
			_, err := s.dial(a, b)
			require.ErrorIs(s, err, unix.ECONNREFUSED)
		})
	})
}

func TestReset(t *testing.T) {
	// broken sends 5 bytes and then more, until the connection is reset, and returns what
	// came back.
	broken := func(s *stage, c *sock.Socket) string {
		_ = sock.Send(s.yield, c, []byte("12345678"))
		var got strings.Builder
		for {
			data, err := sock.Read(s.yield, c)
			got.Write(data)
			if err != nil {
				require.ErrorIs(s, err, unix.ECONNRESET, s.World)
				return got.String()
			}
		}
	}
	t.Run("the_next_connection_after_5_bytes_on_one_side", func(t *testing.T) {
		on(t, []simulation.Fault{simulation.Reset(b+":80", 5)}, func(s *stage) {
			require.Empty(s, broken(s, s.must(a, b)), "five arrive there, and none comes back")
			require.Contains(s, strings.Join(s.Log(), "\n"), "5 bytes arrive at 10.0.0.2:80")
			s.echoes(s.must(a, b), "12345678")
		})
	})
	t.Run("what_has_arrived_can_be_read", func(t *testing.T) {
		on(t, nil, func(s *stage) {
			listener, err := sock.Listen(s.loop, a+":90")
			require.NoError(s, err)
			s.Script(simulation.Reset(a+":90", 5))
			c, err := sock.Connect(s.yield, a+":90")
			require.NoError(s, err)
			peer, err := sock.Accept(s.yield, listener)
			require.NoError(s, err)
			require.NoError(s, sock.Send(s.yield, peer, []byte("12345678")))
			s.sleepUntil(time.Second)
			got, err := sock.Read(s.yield, c)
			require.NoError(s, err)
			require.Equal(s, "12345", string(got))
			_, err = sock.Read(s.yield, c)
			require.ErrorIs(s, err, unix.ECONNRESET)
			_, err = sock.Read(s.yield, peer)
			require.ErrorIs(s, err, unix.ECONNRESET, "on both sides")
		})
	})
	t.Run("each_of_two_in_their_order", func(t *testing.T) {
		on(t, []simulation.Fault{simulation.Reset(b+":80", 1), simulation.Reset(b+":80", 2)}, func(s *stage) {
			for _, want := range []string{"1 bytes arrive at 10.0.0.2:80", "2 bytes arrive at 10.0.0.2:80"} {
				broken(s, s.must(a, b))
				require.Contains(s, strings.Join(s.Log(), "\n"), want)
			}
			s.echoes(s.must(a, b), "12345678")
		})
	})
	t.Run("a_connection_that_is_there", func(t *testing.T) {
		on(t, nil, func(s *stage) {
			other, c := s.must(a, b), s.must(a, b)
			s.echoes(c, "12345")
			s.Script(simulation.Reset(c.LocalAddr().String(), 8))
			s.echoes(c, "67")
			require.NoError(s, sock.Send(s.yield, c, []byte("8")))
			_, err := sock.Read(s.yield, c)
			require.ErrorIs(s, err, unix.ECONNRESET, "with the eighth byte")
			s.echoes(other, "12345678")
			s.echoes(s.must(a, b), "12345678")
		})
	})
	t.Run("a_connection_that_has_carried_as_much", func(t *testing.T) {
		on(t, nil, func(s *stage) {
			c := s.must(a, b)
			s.echoes(c, "12345")
			s.Script(simulation.Reset(c.LocalAddr().String(), 5))
			_, err := sock.Read(s.yield, c)
			require.ErrorIs(s, err, unix.ECONNRESET)
		})
	})
}

func TestScript(t *testing.T) {
	t.Run("the_error_of_a_run_names_seed_and_script", func(t *testing.T) {
		w := simulation.New(42, simulation.Rough)
		w.Host("shop.example", b)
		w.Script(simulation.Refuse("shop.example:80", 1), simulation.At(2*time.Second, simulation.Reset(b+":80", 10)))
		err := w.Run(func(yield coro.Yield, l *loop.Loop) error {
			if err := task.Sleep(yield, time.Second); err != nil {
				return err
			}
			w.Script(simulation.Delay(b, time.Second))
			return errors.New("broken")
		})
		require.Regexp(t, `^seed 42; refuse the next 1 connection to shop.example:80; at 2s reset 10.0.0.2:80 after 10 bytes; at 1[.\d]*s delay 10.0.0.2 by 1s: broken$`, err.Error())
	})
	t.Run("faults_of_one_time_happen_in_their_order", func(t *testing.T) {
		for seed := range uint64(20) {
			w, err := play(t, seed, simulation.Rough, func(yield coro.Yield, l *loop.Loop) error { return rest(yield, l, time.Minute) },
				simulation.At(time.Second, simulation.Partition(a)), simulation.At(time.Second, simulation.Repair()),
				simulation.At(0, simulation.Partition(b)), simulation.At(time.Second, simulation.Delay(a, 1)))
			require.NoError(t, err)
			require.Equal(t, []string{"0s partition 10.0.0.2", "1s partition 10.0.0.1", "1s repair", "1s delay 10.0.0.1 by 1ns"}, w.Log())
		}
	})
	t.Run("the_same_seed_and_script_are_the_same_run", func(t *testing.T) {
		script := []simulation.Fault{
			simulation.Refuse(address, 1), simulation.Delay("127.0.0.1", time.Second),
			simulation.Reset(address, 700), simulation.At(2*time.Second, simulation.Partition("127.0.0.1")),
		}
		for seed := range uint64(20) {
			first, firstErr := play(t, seed, simulation.Stormy, echo, script...)
			second, secondErr := play(t, seed, simulation.Stormy, echo, script...)
			require.Equal(t, first.Log(), second.Log(), "seed %d", seed)
			require.Equal(t, fmt.Sprint(firstErr), fmt.Sprint(secondErr))
		}
	})
	t.Run("by_name", func(t *testing.T) {
		for seed := range uint64(20) {
			w := simulation.New(seed, simulation.Weather{})
			w.Host("Shop.example", a)
			w.Host("shop.example", b)
			w.Script(simulation.Refuse("shop.example:80", 1))
			err := w.Run(func(yield coro.Yield, l *loop.Loop) error {
				for _, host := range []string{a, b} {
					if _, err := sock.Listen(l, host+":80"); err != nil {
						return err
					}
				}
				var failed *outside.DialError
				_, err := outside.Dial(yield, "shop.example.:80")
				require.ErrorAs(t, err, &failed)
				require.Len(t, failed.Tried, 2)
				_, err = outside.Dial(yield, "shop.example:80")
				require.NoError(t, err)
				w.Script(simulation.Partition("shop.example"), simulation.Repair(a, b))
				_, err = task.Timeout(yield, time.Second, func(yield coro.Yield) (any, error) { return sock.ConnectFrom(yield, c+":0", b+":80") })
				require.ErrorIs(t, err, os.ErrDeadlineExceeded, "that was another partition")
				_, err = sock.ConnectFrom(yield, a+":0", b+":80")
				require.NoError(t, err, "the host is one, whatever its addresses")
				return nil
			})
			require.NoError(t, err)
		}
	})
	for name, fault := range map[string]simulation.Fault{
		"refuse the next 1 connection to 10.0.0.2: address 10.0.0.2: missing port in address":        simulation.Refuse(b, 1),
		"refuse the next 0 connections to 10.0.0.2:80: how many times? at least once":                simulation.Refuse(b+":80", 0),
		"reset 10.0.0.2:80 after -1 bytes: fewer than 0 bytes":                                       simulation.Reset(b+":80", -1),
		"partition: no host is named":                                                                simulation.Partition(),
		"at 1s partition nobody: lookup nobody: no such host in this World: name it with World.Host": simulation.At(time.Second, simulation.Partition("nobody")),
		"repair nobody: lookup nobody: no such host in this World: name it with World.Host":          simulation.Repair("nobody"),
		"delay 10.0.0.2 by -1ns: a packet can't arrive before it was sent":                           simulation.Delay(b, -1),
		"a Fault is made by Refuse, Reset, Partition, Repair or Delay":                               {},
	} {
		t.Run("refused/"+strings.Fields(name)[0], func(t *testing.T) {
			require.PanicsWithError(t, "simulation: "+name, func() { simulation.New(1, simulation.Weather{}).Script(fault) })
		})
	}
}
