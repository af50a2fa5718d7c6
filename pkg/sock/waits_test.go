package sock_test

// A socket waits by the Future of its last wait. None of this may be seen: a wait that was
// canceled, or cut short, never ends the next one.

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

func TestWaitsAgain(t *testing.T) {
	runRows(t, []row{
		{name: "canceled_each_second_time", calls: countEAGAIN, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			for range 5 {
				canceled := w.readsOnce(b)
				w.Waits(yield, canceled)
				canceled.Cancel()
				w.fails(yield, canceled, future.ErrCanceled)
				reads := w.readsOnce(b)
				w.Waits(yield, reads)
				w.send(yield, a, "x")
				w.fails(yield, reads, nil)
			}
			w.noVain(10)
		}},
		{name: "canceled_in_the_round_of_the_data", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			for range 5 {
				canceled := w.readsOnce(b)
				w.Waits(yield, canceled)
				w.send(yield, a, "x")
				require.NoError(w, task.Checkpoint(yield)) // its result is there; it has not run
				canceled.Cancel()
				_, err := task.Await(yield, canceled)
				require.True(w, err == nil || err != nil && canceled.State() == future.Canceled, "%v", err)
				if err != nil {
					w.reads(yield, b, "x")
				}
			}
		}},
		{name: "too_late_then_in_time", calls: countEAGAIN, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			for range 3 {
				require.NoError(w, b.SetReadDeadline(w.Loop.Time().Add(time.Second)))
				_, err := sock.Read(yield, b)
				require.ErrorIs(w, err, os.ErrDeadlineExceeded)
				require.NoError(w, b.SetReadDeadline(time.Time{}))
				reads := w.readsOnce(b)
				w.Waits(yield, reads)
				w.send(yield, a, "x")
				w.fails(yield, reads, nil)
			}
			w.noVain(6)
		}},
		{name: "a_canceled_one_that_somebody_has_kept", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			var kept *future.Future
			canceled := w.Spawn(func(yield coro.Yield) error {
				_, err := sock.Read(func(out any) (any, error) {
					kept, _ = out.(*future.Future)
					return yield(out)
				}, b)
				return err
			})
			w.Waits(yield, canceled)
			canceled.Cancel()
			w.fails(yield, canceled, future.ErrCanceled)
			reads := w.readsOnce(b)
			w.Waits(yield, reads)
			require.ErrorIs(w, kept.SetError(io.ErrNoProgress), future.ErrDone)
			w.send(yield, a, "x")
			w.fails(yield, reads, nil)
		}},
		{name: "data_for_which_nobody_waits_any_more", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			reads := w.readsOnce(b)
			w.Waits(yield, reads)
			w.send(yield, a, "x")
			w.fails(yield, reads, nil)
			w.send(yield, a, "y")
			require.NoError(w, w.rest(yield, time.Second))
			require.False(w, w.Loop.RemoveReader(b.FD()), "otherwise each round is told of it again")
			w.reads(yield, b, "y")
		}},
		{name: "a_task_of_another_loop_first", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			other := looptest.New(w)
			_, err := task.Run(other.Loop, func(yield coro.Yield) (any, error) { return sock.Read(yield, b) })
			require.ErrorIs(w, err, task.ErrOtherLoop)
			require.NoError(w, other.Close())
			reads := w.readsOnce(b)
			w.Waits(yield, reads)
			w.send(yield, a, "x")
			w.fails(yield, reads, nil)
		}},
		{name: "closed_between_two_waits", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			reads := w.readsOnce(b)
			w.Waits(yield, reads)
			w.send(yield, a, "x")
			w.fails(yield, reads, nil)
			require.NoError(w, b.Close())
			_, err := sock.Read(yield, b)
			require.ErrorIs(w, err, net.ErrClosed)
		}},
		{name: "one_reads_while_another_sends", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			data := faulty.Pattern(4 << 20)
			sends := func(s *sock.Socket) *task.Task {
				return w.Spawn(func(yield coro.Yield) error {
					if err := sock.Send(yield, s, data); err != nil {
						return err
					}
					return s.CloseWrite()
				})
			}
			t, u := sends(a), sends(b)
			other := task.SpawnAs(w.Loop, func(yield coro.Yield) ([]byte, error) { return sock.ReadAll(yield, a, len(data)) })
			got, err := sock.ReadAll(yield, b, len(data))
			require.NoError(w, err)
			require.Equal(w, data, got)
			got, err = task.AwaitAs(yield, other)
			require.NoError(w, err)
			require.Equal(w, data, got)
			w.fails(yield, t, nil)
			w.fails(yield, u, nil)
		}},
	})
}

// countEAGAIN counts attempts to read that were in vain.
func countEAGAIN(w *world, c *sys.Calls) {
	recv := c.Recv
	c.Recv = func(fd int, p []byte) (int, error) {
		n, err := recv(fd, p)
		if err != nil {
			w.count["vain"]++
		}
		return n, err
	}
}

// noVain wants no more than most attempts to read that were in vain: the first of a verb
// that doesn't know yet, and none after a wait. Where events are false, there are many.
func (w *world) noVain(most int) {
	w.Helper()
	if !w.spurious {
		require.LessOrEqual(w, w.count["vain"], most)
	}
}

// TestWaitOfAStoppedRun: the task of a Run that ends first leaves its wait behind, and
// another task waits on the same socket.
func TestWaitOfAStoppedRun(t *testing.T) {
	r := looptest.Real(t)
	var a, b *sock.Socket
	for range 2 {
		_, err := task.Run(r.Loop, func(yield coro.Yield) (any, error) {
			if a == nil {
				l, err := sock.Listen(r.Loop, "127.0.0.1:0")
				require.NoError(t, err)
				defer l.Close()
				a, err = sock.Connect(yield, l.LocalAddr().String())
				require.NoError(t, err)
				b, err = sock.Accept(yield, l)
				require.NoError(t, err)
			}
			for range 2 { // the second wait has the Future of the first
				r.CallLater(0, func() { require.Equal(t, 1, sock.SendNow(a, []byte("x"))) })
				_, err := sock.Read(yield, b)
				require.NoError(t, err)
			}
			r.CallLater(0, r.Stop)
			return sock.Read(yield, b)
		})
		require.ErrorIs(t, err, task.ErrStopped)
	}
	require.NoError(t, r.Close())
	require.Empty(t, r.Reports)
}

// TestWaitsUnderSeeds: what a program sees, and when, is the same with and without tricks,
// whatever is canceled at whatever moment.
func TestWaitsUnderSeeds(t *testing.T) {
	for seed := range uint64(100) {
		require.Equal(t, impatient(t, seed, ^sys.Trick(0)), impatient(t, seed, 0), "seed %d", seed)
	}
}

// impatient is a conversation whose reader and writer lose patience all the time. It
// returns what they saw.
func impatient(t *testing.T, seed uint64, without sys.Trick) (log []string) {
	o := simulation.New(seed, simulation.Rough).Options()
	o.Without = without
	l, err := loop.New(o)
	require.NoError(t, err)
	dice := rand.New(rand.NewPCG(seed, 1))
	note := func(what string, v ...any) { log = append(log, fmt.Sprint(l.Now(), " ", what, " ", v)) }
	within := func(yield coro.Yield, do func(yield coro.Yield) error) error {
		return task.FailAfter(yield, time.Duration(dice.IntN(5000))*time.Microsecond, do)
	}
	data := faulty.Pattern(20_000)
	require.NoError(t, task.Main(l, func(yield coro.Yield) error {
		listener, err := sock.Listen(l, "127.0.0.1:80")
		require.NoError(t, err)
		task.Go(l, func(yield coro.Yield) error {
			s, err := sock.Accept(yield, listener)
			require.NoError(t, err)
			for sent := 0; sent < len(data); {
				part := data[sent:min(len(data), sent+1+dice.IntN(3000))]
				err := within(yield, func(yield coro.Yield) error { return sock.Send(yield, s, part) })
				var partly *sock.SendError
				if errors.As(err, &partly) {
					sent += partly.Sent
				} else {
					sent += len(part)
				}
				note("sent", sent, err)
				require.NoError(t, task.Sleep(yield, time.Duration(dice.IntN(2000))*time.Microsecond))
			}
			return s.Close()
		})
		s, err := sock.Connect(yield, "127.0.0.1:80")
		require.NoError(t, err)
		var got []byte
		for err != io.EOF {
			err = within(yield, func(yield coro.Yield) error {
				if dice.IntN(2) == 0 {
					data, err := sock.Read(yield, s)
					got = append(got, data...)
					return err
				}
				if err := sock.Readable(yield, s); err != nil {
					return err
				}
				return sock.ReadNow(s, func(data []byte) { got = append(got, data...) })
			})
			note("read", len(got), err)
			if err != nil && err != io.EOF {
				require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			}
		}
		require.Equal(t, data, got)
		return nil
	}))
	require.NoError(t, l.Close())
	return log
}
