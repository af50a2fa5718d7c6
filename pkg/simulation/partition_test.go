package simulation_test

// Hosts that are cut off, or far away. Read fault_test.go before.

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestPartition(t *testing.T) {
	t.Run("between_two_hosts_until_5_s", func(t *testing.T) {
		on(t, []simulation.Fault{simulation.At(3*time.Second, simulation.Partition(a, b)), simulation.At(5*time.Second, simulation.Repair(b, a))}, func(s *stage) {
			cut, whole := s.must(a, b), s.must(a, c)
			s.echoes(cut, "before")
			s.sleepUntil(3 * time.Second)
			require.Less(s, s.echoes(whole, "to c"), 10*time.Millisecond)
			require.NoError(s, sock.Send(s.yield, cut, []byte("one ")))
			s.silent(cut)
			require.Less(s, s.echoes(s.must(b, b), "to itself"), 10*time.Millisecond)
			require.Less(s, s.Now(), 4*time.Second+100*time.Millisecond)
			require.Less(s, s.echoes(s.must(c, b), "from c"), 10*time.Millisecond)
			require.NoError(s, sock.Send(s.yield, cut, []byte("two")))
			s.sleepUntil(5*time.Second + 10*time.Millisecond)
			got := make([]byte, 0, 7)
			for len(got) < 7 {
				data, err := sock.Read(s.yield, cut)
				require.NoError(s, err)
				got = append(got, data...)
			}
			require.Equal(s, "one two", string(got), "in order")
			require.Less(s, s.Now(), 5*time.Second+20*time.Millisecond)
		})
	})
	t.Run("one_host_from_all_others", func(t *testing.T) {
		on(t, []simulation.Fault{simulation.At(time.Second, simulation.Partition(b))}, func(s *stage) {
			fromA, toC, aToC := s.must(a, b), s.must(b, c), s.must(a, c)
			s.sleepUntil(time.Second)
			for _, cut := range []*sock.Socket{fromA, toC} {
				require.NoError(s, sock.Send(s.yield, cut, []byte("lost")))
				s.silent(cut)
			}
			s.echoes(aToC, "others")
			s.echoes(s.must(b, b), "itself")
			s.Script(simulation.Repair(b))
			_, err := sock.Read(s.yield, fromA)
			require.NoError(s, err)
		})
	})
	t.Run("each_of_three_from_the_others", func(t *testing.T) {
		on(t, nil, func(s *stage) {
			s.Script(simulation.Partition(a, b, c))
			for _, ends := range [][2]string{{a, b}, {b, c}, {c, a}} {
				_, err := task.Timeout(s.yield, time.Second, func(yield coro.Yield) (any, error) { return s.dial(ends[0], ends[1]) })
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
			}
		})
	})
	t.Run("a_repair_undoes_its_own_only", func(t *testing.T) {
		on(t, nil, func(s *stage) {
			cut := s.must(a, b)
			s.Script(simulation.Partition(a, b), simulation.Partition(b))
			require.NoError(s, sock.Send(s.yield, cut, []byte("held")))
			s.silent(cut)
			s.Script(simulation.Repair(a, b))
			s.silent(cut)
			s.Script(simulation.Repair(a), simulation.Repair(b, c))
			s.silent(cut)
			s.Script(simulation.Repair())
			_, err := sock.Read(s.yield, cut)
			require.NoError(s, err)
		})
	})
	t.Run("connecting_goes_on_after_the_repair", func(t *testing.T) {
		on(t, []simulation.Fault{simulation.Partition(b), simulation.At(100*time.Second, simulation.Repair())}, func(s *stage) {
			c := s.must(a, b)
			require.Less(s, s.Now(), 101*time.Second)
			s.sleepUntil(200 * time.Second)
			s.echoes(c, "and lives")
		})
	})
	t.Run("connecting_is_given_up_after_127_s", func(t *testing.T) {
		on(t, []simulation.Fault{simulation.Partition(b), simulation.At(130*time.Second, simulation.Repair())}, func(s *stage) {
			_, err := s.dial(a, b)
			require.ErrorIs(s, err, unix.ETIMEDOUT)
			require.InDelta(s, 127, s.Now().Seconds(), 0.1)
			s.sleepUntil(140 * time.Second)
			s.echoes(s.must(a, b), "another")
		})
	})
	t.Run("what_was_given_up_does_not_arrive_any_more", func(t *testing.T) {
		on(t, []simulation.Fault{simulation.Partition(b), simulation.At(130*time.Second, simulation.Repair()), simulation.Refuse(b+":80", 1)}, func(s *stage) {
			_, err := s.dial(a, b)
			require.ErrorIs(s, err, unix.ETIMEDOUT)
			s.sleepUntil(140 * time.Second)
			_, err = s.dial(a, b)
			require.ErrorIs(s, err, unix.ECONNREFUSED, "the one refusal is left to it")
		})
	})
	t.Run("what_waits_for_a_repair_that_never_comes_is_a_deadlock", func(t *testing.T) {
		w := simulation.New(1, simulation.Weather{})
		err := w.Run(func(yield coro.Yield, l *loop.Loop) error {
			x, _, err := pair(yield, l)
			if err == nil {
				w.Script(simulation.Partition(b))
				_, err = sock.Read(yield, x)
			}
			return err
		})
		require.ErrorIs(t, err, loop.ErrDeadlock)
	})
	t.Run("a_full_buffer_waits", func(t *testing.T) {
		on(t, nil, func(s *stage) {
			c := s.must(a, b)
			s.Script(simulation.Partition(b), simulation.At(time.Minute, simulation.Repair()))
			require.NoError(s, sock.Send(s.yield, c, make([]byte, 100<<10)))
			require.Greater(s, s.Now(), time.Minute)
		})
	})
}

func TestDelay(t *testing.T) {
	on(t, []simulation.Fault{simulation.At(time.Second, simulation.Delay(b, 300*time.Millisecond))}, func(s *stage) {
		toB, toC := s.must(a, b), s.must(a, c)
		require.Less(s, s.echoes(toB, "before"), 10*time.Millisecond)
		s.sleepUntil(time.Second)
		took := s.echoes(toB, "slow")
		require.Greater(s, took, 600*time.Millisecond, "there and back")
		require.Less(s, took, 610*time.Millisecond)
		require.Less(s, s.echoes(toC, "others"), 10*time.Millisecond)
		took = s.echoes(s.must(b, b), "itself")
		require.Greater(s, took, 600*time.Millisecond)
		require.Less(s, took, 610*time.Millisecond)
		s.Script(simulation.Delay(a, 100*time.Millisecond))
		took = s.echoes(toB, "both are slow")
		require.Greater(s, took, 800*time.Millisecond)
		require.Less(s, took, 810*time.Millisecond)
		s.Script(simulation.Delay(a, 0), simulation.Delay(b, 0))
		require.Less(s, s.echoes(toB, "after"), 10*time.Millisecond)
	})
}

func TestDelayEnds(t *testing.T) {
	on(t, nil, func(s *stage) {
		c := s.must(a, b)
		s.Script(simulation.Delay(b, time.Second))
		begin := s.Now()
		require.NoError(s, sock.Send(s.yield, c, []byte("slow")))
		s.Script(simulation.Delay(b, 0))
		s.echoes(c, "slow")
		require.Greater(s, s.Now(), begin+time.Second, "what is on its way is not overtaken")
	})
}
