package wait_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// gets is a task that notes what it gets.
func (s *stage) gets(name string, q *wait.Queue) *task.Task {
	return s.spawn(name, func(yield coro.Yield) error {
		v, err := q.Get(yield)
		if err == nil {
			s.Note("%s got %v", name, v)
		}
		return err
	})
}

func (s *stage) puts(v any, q *wait.Queue) *task.Task {
	return s.spawn(fmt.Sprintf("%v put", v), func(yield coro.Yield) error { return q.Put(yield, v) })
}

// holds wants these items in q, and takes them.
func (s *stage) holds(q *wait.Queue, want ...any) {
	s.Helper()
	require.Equal(s, len(want), q.Len())
	for _, v := range want {
		got, err := q.GetNowait()
		require.NoError(s, err)
		require.Equal(s, v, got)
	}
	_, err := q.GetNowait()
	require.ErrorIs(s, err, wait.ErrEmpty)
}

func TestQueue(t *testing.T) {
	try(t, []situation{
		{"first_in_first_out", func(s *stage) {
			var q wait.Queue
			for i := range 5 {
				require.NoError(s, q.PutNowait(i))
			}
			require.False(s, q.Full())
			s.holds(&q, 0, 1, 2, 3, 4)
		}},
		{"getters_are_served_in_their_order", func(s *stage) {
			var q wait.Queue
			s.gets("a", &q)
			s.gets("b", &q)
			s.happened()
			require.NoError(s, q.PutNowait(1))
			require.NoError(s, q.PutNowait(2))
			require.Equal(s, 2, q.Len())
			_, err := q.GetNowait()
			require.ErrorIs(s, err, wait.ErrEmpty, "they are promised")
			s.happened("a got 1", "a", "b got 2", "b")
		}},
		{"a_full_queue_has_its_putters_wait_in_their_order", func(s *stage) {
			q := wait.NewQueue(1)
			for i := range 3 {
				s.puts(i, q)
			}
			s.happened("0 put")
			require.True(s, q.Full())
			require.ErrorIs(s, q.PutNowait(9), wait.ErrFull)
			s.gets("a", q)
			s.happened("a got 0", "a", "1 put")
			require.ErrorIs(s, q.PutNowait(9), wait.ErrFull)
			s.gets("b", q)
			s.happened("b got 1", "b", "2 put")
			s.holds(q, 2)
			require.False(s, q.Full())
		}},
		{"room_that_is_promised_is_not_snatched", func(s *stage) {
			q := wait.NewQueue(1)
			require.NoError(s, q.PutNowait(0))
			s.puts(1, q)
			s.happened()
			_, err := q.GetNowait()
			require.NoError(s, err)
			require.ErrorIs(s, q.PutNowait(9), wait.ErrFull)
			s.happened("1 put")
			s.holds(q, 1)
		}},
		{"M04_a_cancelled_getter_takes_nothing", func(s *stage) {
			var q wait.Queue
			a := s.gets("a", &q)
			s.happened()
			a.Cancel()
			s.happened("a: wait: get: canceled")
			require.NoError(s, q.PutNowait(1))
			s.holds(&q, 1)
		}},
		{"T06_cancelled_with_an_item_on_its_way_the_next_gets_it_in_order", func(s *stage) {
			var q wait.Queue
			a := s.gets("a", &q)
			s.gets("b", &q)
			s.gets("c", &q)
			s.happened()
			require.NoError(s, q.PutNowait(1))
			require.NoError(s, q.PutNowait(2))
			a.Cancel()
			s.happened("a: wait: get: canceled", "b got 1", "b", "c got 2", "c")
		}},
		{"T06_cancelled_with_an_item_on_its_way_and_nobody_else_it_stays_first", func(s *stage) {
			var q wait.Queue
			a := s.gets("a", &q)
			s.happened()
			require.NoError(s, q.PutNowait(1))
			require.NoError(s, q.PutNowait(2))
			a.Cancel()
			s.happened("a: wait: get: canceled")
			s.holds(&q, 1, 2)
		}},
		{"T06_a_putter_cancelled_with_room_promised_the_next_puts", func(s *stage) {
			q := wait.NewQueue(1)
			require.NoError(s, q.PutNowait(0))
			one := s.puts(1, q)
			s.puts(2, q)
			s.happened()
			_, err := q.GetNowait()
			require.NoError(s, err)
			one.Cancel()
			s.happened("1 put: wait: put: canceled", "2 put")
			s.holds(q, 2)
		}},
		{"M04_a_cancelled_putter_puts_nothing", func(s *stage) {
			q := wait.NewQueue(1)
			require.NoError(s, q.PutNowait(0))
			one := s.puts(1, q)
			s.happened()
			one.Cancel()
			s.happened("1 put: wait: put: canceled")
			s.holds(q, 0)
			require.NoError(s, q.PutNowait(2))
			require.True(s, q.Full())
		}},
		{"L02_a_task_that_never_has_to_wait_lets_the_others_run", func(s *stage) {
			var q wait.Queue
			s.spawn("greedy", func(yield coro.Yield) error {
				for i := range 1000 {
					if err := q.Put(yield, i); err != nil {
						return err
					}
				}
				return nil
			})
			s.spawn("other", func(coro.Yield) error { return nil })
			s.happened("other", "greedy")
			require.Equal(s, 1000, q.Len())
		}},
		{"M06_what_was_taken_out_is_not_kept", func(s *stage) {
			var q wait.Queue
			gone := make(chan struct{})
			func() {
				item := &[1 << 16]byte{}
				runtime.SetFinalizer(item, func(*[1 << 16]byte) { close(gone) })
				require.NoError(s, q.PutNowait(item))
				require.NoError(s, q.PutNowait("the next"))
				_, err := q.GetNowait()
				require.NoError(s, err)
			}()
			leaktest.Until(s, "the queue lets go of it", func() bool {
				runtime.GC()
				select {
				case <-gone:
					return true
				default:
					return false
				}
			})
			s.holds(&q, "the next")
		}},
	})
}

func TestJoin(t *testing.T) {
	try(t, []situation{
		{"it_waits_for_every_item_to_be_done", func(s *stage) {
			var q wait.Queue
			require.NoError(s, q.PutNowait(1))
			require.NoError(s, q.PutNowait(2))
			s.spawn("a", q.Join)
			s.spawn("b", q.Join)
			s.holds(&q, 1, 2)
			s.happened()
			require.NoError(s, q.TaskDone())
			s.happened()
			require.NoError(s, q.TaskDone())
			s.happened("a", "b")
		}},
		{"without_items_it_returns_at_once", func(s *stage) {
			var q wait.Queue
			s.spawn("a", q.Join)
			s.GoRound(1)
			require.Equal(s, []string{"a"}, s.Seen)
		}},
		{"done_too_often", func(s *stage) {
			var q wait.Queue
			require.ErrorIs(s, q.TaskDone(), wait.ErrTaskDone)
			require.NoError(s, q.PutNowait(1))
			require.NoError(s, q.TaskDone())
			require.ErrorIs(s, q.TaskDone(), wait.ErrTaskDone)
		}},
		{"cancelled", func(s *stage) {
			var q wait.Queue
			require.NoError(s, q.PutNowait(1))
			a := s.spawn("a", q.Join)
			s.happened()
			a.Cancel()
			s.happened("a: wait: join: canceled")
		}},
	})
}

// TestN12_random_queues has items go through a small queue while getters and
// putters are cancelled at random: each item that was put comes out once, those
// of one putter in their order.
func TestN12_random_queues(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		s := newStage(t)
		q := wait.NewQueue(random.IntN(3))
		var put, got []int
		var tasks []*task.Task
		for i := range 4 {
			tasks = append(tasks, task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
				for j := range 20 {
					if err := q.Put(yield, i*100+j); err != nil {
						return nil, err
					}
					put = append(put, i*100+j)
					if err := task.Sleep(yield, time.Duration(random.IntN(3))); err != nil {
						return nil, err
					}
				}
				return nil, nil
			}), task.Spawn(s.Loop, func(yield coro.Yield) (any, error) {
				for {
					v, err := q.Get(yield)
					if err != nil {
						return nil, err
					}
					got = append(got, v.(int))
					if err := task.Sleep(yield, time.Duration(random.IntN(3))); err != nil {
						return nil, err
					}
				}
			}))
		}
		for _, victim := range tasks[2:] { // the first putter and getter live
			s.CallLater(time.Duration(random.IntN(40)), func() { victim.Cancel() })
		}
		s.happened()
		for v, err := q.GetNowait(); err == nil; v, err = q.GetNowait() {
			got = append(got, v.(int))
		}
		for i := range 4 {
			of := func(all []int) []int {
				return slices.DeleteFunc(slices.Clone(all), func(n int) bool { return n/100 != i })
			}
			require.Equal(t, of(put), of(got), "seed %d: putter %d", seed, i)
		}
		_ = s.Close()
	}
}
