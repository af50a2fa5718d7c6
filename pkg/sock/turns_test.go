package sock_test

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// TestTurnsToAccept: accept takes turns, and is still one verb of its direction.
func TestTurnsToAccept(t *testing.T) {
	runRows(t, []row{
		{name: "one_that_reads_keeps_accept_out", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			reads := w.Spawn(func(yield coro.Yield) error { _, err := sock.Read(yield, a); return err })
			w.Waits(yield, reads)
			_, err := sock.Accept(yield, a)
			require.ErrorIs(w, err, sock.ErrBusy)
			w.send(yield, b, "x")
			w.fails(yield, reads, nil)
			_, err = sock.Accept(yield, a)
			require.ErrorIs(w, err, unix.EINVAL, "its turn and the reading end are free")
		}},
		{name: "one_that_accepts_keeps_readers_out", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			first, second := w.accepts(l), w.accepts(l)
			w.Waits(yield, second)
			_, err := sock.Read(yield, l)
			require.ErrorIs(w, err, sock.ErrBusy)
			w.connect(yield, l.LocalAddr().String())
			w.fails(yield, first, nil)
			w.connect(yield, l.LocalAddr().String())
			w.fails(yield, second, nil)
			_, err = sock.Read(yield, l)
			require.NotErrorIs(w, err, sock.ErrBusy)
		}},
		{name: "closed_while_the_others_have_their_turn", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, b, strings.Repeat("x", 100))
			w.Loop.CallSoon(func() { _ = a.Close() })
			read, err := 0, error(nil)
			for ; err == nil; read++ {
				_, err = sock.ReadInto(yield, a, make([]byte, 1))
			}
			require.ErrorIs(w, err, net.ErrClosed)
			require.Equal(w, 33, read)
		}},
		{name: "in_their_order", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			var order []int
			var last *task.Task
			for i := range 5 {
				last = w.Spawn(func(yield coro.Yield) error {
					_, err := sock.Accept(yield, l)
					order = append(order, i)
					return err
				})
			}
			w.Waits(yield, last)
			for range 5 {
				w.connect(yield, l.LocalAddr().String())
			}
			w.fails(yield, last, nil)
			require.Equal(w, []int{0, 1, 2, 3, 4}, order)
		}},
		{name: "A06_closed_all_that_wait_learn_it", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			var all []*task.Task
			for range 5 {
				all = append(all, w.accepts(l))
			}
			w.Waits(yield, all[4])
			require.NoError(w, l.Close())
			for _, t := range all {
				w.fails(yield, t, net.ErrClosed)
			}
		}},
		{name: "A07_what_a_canceled_one_says_has_no_other_prefix", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			first, second := w.accepts(l), w.accepts(l)
			w.Waits(yield, second)
			for _, t := range []*task.Task{second, first} {
				t.Cancel()
				_, err := task.Await(yield, t)
				require.ErrorIs(w, err, future.ErrCanceled)
				require.EqualError(w, err, fmt.Sprintf("accept %v: canceled", l.LocalAddr()))
			}
		}},
		{name: "T11_the_first_to_wait_for_a_turn_is_of_another_loop", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			first := w.accepts(l)
			w.Waits(yield, first)
			other, err := loop.New(loop.Options{Selector: selector.NewFake()})
			require.NoError(w, err)
			_, err = task.Run(other, func(yield coro.Yield) (any, error) { return sock.Accept(yield, l) })
			require.ErrorIs(w, err, task.ErrOtherLoop)
			require.NoError(w, other.Close())
			second := w.accepts(l)
			w.Waits(yield, second)
			for _, t := range []*task.Task{first, second} {
				w.connect(yield, l.LocalAddr().String())
				w.fails(yield, t, nil)
			}
		}},
	})
}
