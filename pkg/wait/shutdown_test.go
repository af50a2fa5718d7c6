package wait_test

// How a queue ends. Read queue_test.go before.

import (
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// ranges is a task that notes what it takes from q by All, until it has seen last.
func (s *stage) ranges(q *wait.Queue, last any) *task.Task {
	return s.spawn("range", func(yield coro.Yield) error {
		for v, err := range q.All(yield) {
			if err != nil {
				s.Note("an error for the range")
				return err
			}
			if s.Note("%v", v); v == last {
				break
			}
		}
		return nil
	})
}

func TestAll(t *testing.T) {
	try(t, []situation{
		{"it_waits_for_items_and_ends_with_the_last_after_Shutdown", func(s *stage) {
			var q wait.Queue
			s.ranges(&q, nil)
			s.happened()
			require.NoError(s, q.PutNowait(1))
			s.happened("1")
			require.NoError(s, q.PutNowait(2))
			require.NoError(s, q.PutNowait(3))
			q.Shutdown(false)
			s.happened("2", "3", "range")
		}},
		{"Shutdown_while_it_waits_ends_it", func(s *stage) {
			var q wait.Queue
			s.ranges(&q, nil)
			s.happened()
			q.Shutdown(true)
			s.happened("range")
		}},
		{"a_canceled_task_is_told", func(s *stage) {
			var q wait.Queue
			a := s.ranges(&q, nil)
			s.happened()
			a.Cancel()
			s.happened("an error for the range", "range: wait: get: canceled")
		}},
		{"an_error_ends_it_even_if_the_body_goes_on", func(s *stage) {
			q, other := wait.NewQueue(0), 0
			a := s.spawn("range", func(yield coro.Yield) error {
				for range q.All(yield) {
					other++
				}
				return nil
			})
			s.happened()
			a.Cancel()
			s.happened("range")
			require.Equal(s, 1, other)
		}},
		{"break_leaves_the_rest", func(s *stage) {
			var q wait.Queue
			for i := range 3 {
				require.NoError(s, q.PutNowait(i))
			}
			s.ranges(&q, 1)
			s.happened("0", "1", "range")
			s.holds(&q, 2)
		}},
	})
}

func TestShutdown(t *testing.T) {
	const down = "wait: get: queue was shut down"
	try(t, []situation{
		{"nothing_more_is_put_and_what_is_left_is_got", func(s *stage) {
			q := wait.NewQueue(2)
			require.NoError(s, q.PutNowait(1))
			require.NoError(s, q.PutNowait(2))
			s.puts(3, q)
			s.happened()
			q.Shutdown(false)
			q.Shutdown(false)
			s.happened("3 put: wait: put: queue was shut down")
			require.ErrorIs(s, q.PutNowait(4), wait.ErrShutDown)
			s.puts(4, q)
			s.gets("a", q)
			s.happened("4 put: wait: put: queue was shut down", "a got 1", "a")
			v, err := q.GetNowait()
			require.NoError(s, err)
			require.Equal(s, 2, v)
			_, err = q.GetNowait()
			require.ErrorIs(s, err, wait.ErrShutDown)
			s.gets("b", q)
			s.happened("b: " + down)
		}},
		{"who_waits_to_get_is_told", func(s *stage) {
			var q wait.Queue
			s.gets("a", &q)
			s.gets("b", &q)
			s.happened()
			q.Shutdown(false)
			s.happened("a: "+down, "b: "+down)
		}},
		{"what_is_promised_is_got", func(s *stage) {
			var q wait.Queue
			s.gets("a", &q)
			s.gets("b", &q)
			s.happened()
			require.NoError(s, q.PutNowait(1))
			q.Shutdown(false)
			s.gets("c", &q)
			s.happened("a got 1", "a", "c: "+down, "b: "+down)
		}},
		{"T06_what_was_promised_to_a_cancelled_one_goes_to_the_next", func(s *stage) {
			var q wait.Queue
			a := s.gets("a", &q)
			s.happened()
			require.NoError(s, q.PutNowait(1))
			q.Shutdown(false)
			s.gets("b", &q)
			a.Cancel()
			s.happened("a: wait: get: canceled", "b got 1", "b")
		}},
		{"a_putter_with_room_promised_is_told_too", func(s *stage) {
			q := wait.NewQueue(1)
			require.NoError(s, q.PutNowait(1))
			s.puts(2, q)
			s.happened()
			_, err := q.GetNowait()
			require.NoError(s, err)
			q.Shutdown(false)
			s.happened("2 put: wait: put: queue was shut down")
			require.Zero(s, q.Len())
		}},
		{"an_immediate_one_throws_away_and_counts_it_as_done", func(s *stage) {
			q := wait.NewQueue(2)
			require.NoError(s, q.PutNowait(1))
			require.NoError(s, q.PutNowait(2))
			_, err := q.GetNowait()
			require.NoError(s, err)
			s.spawn("join", q.Join)
			s.happened()
			q.Shutdown(true)
			require.Zero(s, q.Len())
			s.gets("a", q)
			s.happened("a: " + down)
			require.NoError(s, q.TaskDone())
			s.happened("join")
			require.ErrorIs(s, q.TaskDone(), wait.ErrTaskDone)
		}},
		{"an_immediate_one_takes_what_was_promised", func(s *stage) {
			var q wait.Queue
			s.gets("a", &q)
			s.gets("b", &q)
			s.happened()
			require.NoError(s, q.PutNowait(1))
			q.Shutdown(true)
			s.happened("a: "+down, "b: "+down)
		}},
		{"reported_to_nobody_else_though_the_loop_closes_first", func(s *stage) {
			var q wait.Queue
			s.gets("a", &q)
			s.happened()
			q.Shutdown(false)
			require.NoError(s, s.Close())
			require.Len(s, s.Reports, 1)
			require.Contains(s, s.Reports[0].String(), "a task that was still pending")

		}},
	})
}
