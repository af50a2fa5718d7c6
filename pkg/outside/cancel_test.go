package outside

// Work that is abandoned. Read run_test.go before.

import (
	"context"
	"io"
	"net"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestCancel(t *testing.T) {
	t.Run("T04_it_returns_at_once_and_the_context_is_done", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			w := newWork()
			a := s.begin(yield, w)
			require.NoError(s, w.ctx.Err())
			a.Cancel()
			_, err := task.Await(yield, a)
			require.ErrorIs(s, err, future.ErrCanceled)
			require.ErrorContains(s, err, "outside: run: ")
			require.Error(s, w.ctx.Err())
			close(w.gate)
		})
	})
	t.Run("it_keeps_its_place_until_the_function_has_returned", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			var works []*work
			for range usualPlaces {
				works = append(works, newWork())
				s.begin(yield, works[len(works)-1]).Cancel()
			}
			late := newWork()
			a := s.spawn(func(yield coro.Yield) (any, error) { return Run(yield, late.run) })
			s.turns(yield)
			require.Equal(s, "a place for work outside", s.Where().Tasks[1])
			close(works[0].gate)
			close(late.gate)
			_, err := task.Await(yield, a)
			require.NoError(s, err)
			for _, w := range works[1:] {
				close(w.gate)
			}
		})
	})
	t.Run("T06_a_result_that_comes_too_late_is_closed", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			w, closed := newWork(), make(closer)
			w.value = closed
			a := s.begin(yield, w)
			a.Cancel()
			_, err := task.Await(yield, a)
			require.ErrorIs(s, err, future.ErrCanceled)
			close(w.gate)
			<-closed
		})
	})
	t.Run("T06_a_result_that_the_loop_has_not_heard_of_is_closed", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			before := runtime.NumGoroutine() + 1 // the task's coroutine
			w, closed := newWork(), make(closer)
			w.value = closed
			a := s.begin(yield, w)
			close(w.gate)
			leaktest.Goroutines(t, before) // and so it has called the loop
			a.Cancel()
			_, err := task.Await(yield, a)
			require.ErrorIs(s, err, future.ErrCanceled)
			<-closed
		})
	})
	t.Run("T06_cancelled_between_the_result_and_the_task", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			before := runtime.NumGoroutine() + 1
			w, closed := newWork(), make(closer)
			w.value = closed
			a := s.begin(yield, w)
			close(w.gate)
			leaktest.Goroutines(t, before)
			require.NoError(s, s.CallSoonThreadsafe(func() { a.Cancel() }))
			_, err := task.Await(yield, a)
			require.ErrorIs(s, err, future.ErrCanceled)
			<-closed
		})
	})
	t.Run("T06_what_comes_with_an_error_is_not_closed", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			before := runtime.NumGoroutine() + 1
			for _, late := range []bool{false, true} {
				w := newWork()
				w.value, w.err = closer(nil), errBad // as a function returns a nil *os.File
				a := s.begin(yield, w)
				if late {
					a.Cancel()
					_, _ = task.Await(yield, a)
					close(w.gate)
					leaktest.Goroutines(t, before-1)
				} else {
					close(w.gate)
					leaktest.Goroutines(t, before)
					a.Cancel()
					_, _ = task.Await(yield, a)
				}
			}
			s.turns(yield)
			require.Empty(s, s.reported(), "Close of nil would panic")
		})
	})
	t.Run("a_panic_that_nobody_waits_for_is_reported", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			before := runtime.NumGoroutine() + 1
			late, early := newWork(), newWork()
			late.panics, early.panics = "late", "early"
			a := s.begin(yield, late)
			a.Cancel()
			_, err := task.Await(yield, a)
			require.ErrorIs(s, err, future.ErrCanceled)
			close(late.gate)
			leaktest.Goroutines(t, before-1)
			s.turns(yield)
			b := s.begin(yield, early)
			close(early.gate)
			leaktest.Goroutines(t, before)
			b.Cancel()
			_, err = task.Await(yield, b)
			require.ErrorIs(s, err, future.ErrCanceled)
			require.Equal(s, []string{"abandoned work outside panicked: panic: late", "abandoned work outside panicked: panic: early"}, s.reported())
		})
	})
}

func TestLoopCloses(t *testing.T) {
	t.Run("M03_it_waits_for_the_end_of_the_function", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			begun, ended := make(chan struct{}), false
			s.closed = func() {
				require.True(s, ended) // a race, if it weren't waited for
				s.pending()
			}
			s.spawn(func(yield coro.Yield) (any, error) {
				return Run(yield, func(ctx context.Context) (any, error) {
					close(begun)
					<-ctx.Done()
					for range 1000 {
						runtime.Gosched()
					}
					ended = true
					return nil, ctx.Err()
				})
			})
			s.turns(yield)
			<-begun
		})
	})
	t.Run("a_function_that_waits_for_a_peer_on_this_loop", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			s.closed = s.pending
			listener, err := sock.Listen(s.Loop, "127.0.0.1:0")
			require.NoError(s, err)
			conn, err := net.Dial("tcp", listener.LocalAddr().String())
			require.NoError(s, err)
			defer conn.Close()
			_, err = sock.Accept(yield, listener) // older than the goroutine
			require.NoError(s, err)
			begun := make(chan struct{})
			s.spawn(func(yield coro.Yield) (any, error) {
				return Run(yield, func(context.Context) (any, error) { // deaf to its context
					close(begun)
					return io.ReadAll(conn)
				})
			})
			require.NoError(s, task.Checkpoint(yield))
			<-begun
		})
	})
	t.Run("L19_M03_a_result_that_comes_while_it_closes", func(t *testing.T) {
		closed := make(closer)
		play(t, false, func(s *stage, yield coro.Yield) {
			begun := make(chan struct{})
			s.closed = s.pending
			s.spawn(func(yield coro.Yield) (any, error) {
				return Run(yield, func(ctx context.Context) (any, error) {
					close(begun)
					<-ctx.Done()
					return closed, nil
				})
			})
			s.turns(yield)
			<-begun
		})
		<-closed
	})
}
