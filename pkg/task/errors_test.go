package task_test

// No error is lost between a cancellation and a failure, whichever comes first. Read
// rig_test.go before.

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

var errBang = errors.New("bang")

// bangs is a body that fails as it is canceled.
func bangs(yield coro.Yield) (any, error) {
	_ = task.Sleep(yield, time.Hour)
	return nil, errBang
}

// bangsToo is a body that says both: that it was canceled, and that it failed.
func bangsToo(yield coro.Yield) (any, error) {
	err := task.Sleep(yield, time.Hour)
	return nil, fmt.Errorf("clean up: %w", errors.Join(errBang, err))
}

// group is a body that is a Group with these tasks, and runs on itself.
func group(bodies ...coro.Body) coro.Body {
	return func(yield coro.Yield) (any, error) {
		return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
			for _, body := range bodies[1:] {
				g.Spawn(body)
			}
			_, err := bodies[0](yield)
			return err
		})
	}
}

func ready(coro.Yield) (any, error) { return nil, nil }

// TestTimeoutKeepsErrors: T12, whatever fails under a limit is found in its error.
func TestTimeoutKeepsErrors(t *testing.T) {
	const limit = time.Second
	// An error that comes in the round of the limit: in its batch of callbacks, or by a
	// timer ahead of the limit's or behind it.
	moments := map[string]func(s *stage) coro.Body{
		"in_its_batch": func(s *stage) coro.Body {
			f := future.New(s.Loop)
			s.CallLater(limit/2, func() { s.Time = limit; _ = f.SetError(errBang) })
			return func(yield coro.Yield) (any, error) { return task.Await(yield, f) }
		},
		"ahead_of_it": func(s *stage) coro.Body {
			f := future.New(s.Loop)
			s.CallLater(limit, func() { _ = f.SetError(errBang) })
			return func(yield coro.Yield) (any, error) { return task.Await(yield, f) }
		},
		"behind_it": func(s *stage) coro.Body {
			return func(yield coro.Yield) (any, error) {
				f := future.New(s.Loop)
				s.CallAt(limit, func() { _ = f.SetError(errBang) })
				return task.Await(yield, f)
			}
		},
	}
	spawned := func(s *stage, body coro.Body) coro.Body {
		return func(yield coro.Yield) (any, error) { return task.Await(yield, task.Spawn(s.Loop, body)) }
	}
	rows := map[string]func(s *stage) coro.Body{
		"a_child_fails_as_it_is_canceled": func(s *stage) coro.Body { return group(ready, bangs) },
		"a_child_says_both":               func(s *stage) coro.Body { return group(ready, bangsToo) },
		"a_child_while_the_body_runs":     func(s *stage) coro.Body { return group(s.sleeps("body", time.Hour), bangs) },
		"a_child_of_a_group_in_a_group":   func(s *stage) coro.Body { return group(ready, group(ready, bangs)) },
		"the_body_says_both":              func(s *stage) coro.Body { return bangsToo },
		"a_task_that_it_awaits_says_both": func(s *stage) coro.Body { return spawned(s, bangsToo) },
		"a_limit_within":                  func(s *stage) coro.Body { return s.limited(limit/2, group(ready, bangs)) },
	}
	for name, at := range moments {
		rows["a_child/"+name] = func(s *stage) coro.Body { return group(ready, at(s)) }
		rows["a_child_while_the_body_runs/"+name] = func(s *stage) coro.Body { return group(s.sleeps("body", time.Hour), at(s)) }
		if name != "behind_it" { // then it is canceled before it can fail
			rows["a_task_that_it_awaits/"+name] = func(s *stage) coro.Body { return spawned(s, at(s)) }
		}
	}
	rows["the_body/ahead_of_it"] = moments["ahead_of_it"]
	for name, body := range rows {
		try(t, []situation{{name, func(s *stage) {
			b := body(s)
			s.in(func(yield coro.Yield) {
				_, err := task.Timeout(yield, limit, b)
				require.ErrorIs(s, err, errBang)
				require.ErrorIs(s, err, os.ErrDeadlineExceeded)
				require.NotErrorIs(s, err, future.ErrCanceled)
				require.NoError(s, task.Checkpoint(yield), "the task is usable afterwards")
			})
			require.NoError(s, s.Close())
			require.Empty(s, s.Reports)
		}}})
	}
	for _, name := range []string{"in_its_batch", "ahead_of_it"} {
		try(t, []situation{{"WaitFor/" + name, func(s *stage) {
			b := moments[name](s)
			s.in(func(yield coro.Yield) {
				_, err := task.WaitFor(yield, limit, task.Spawn(s.Loop, b))
				require.ErrorIs(s, err, errBang)
				require.NotErrorIs(s, err, future.ErrCanceled)
			})
			require.NoError(s, s.Close())
			require.Empty(s, s.Reports)
		}}})
	}
	try(t, []situation{
		{"what_wraps_the_cancellation_is_found_too", func(s *stage) {
			s.in(func(yield coro.Yield) {
				_, err := task.Timeout(yield, limit, func(yield coro.Yield) (any, error) {
					return nil, &net.OpError{Op: "send", Err: &sock.SendError{Sent: 7, Err: task.Sleep(yield, time.Hour)}}
				})
				var sent *sock.SendError
				require.ErrorAs(s, err, &sent)
				require.Equal(s, 7, sent.Sent)
				require.NotErrorIs(s, err, future.ErrCanceled)
				var asNet net.Error
				require.ErrorAs(s, err, &asNet)
				require.True(s, asNet.Timeout(), "it is the limit's word, not the send's")
				require.EqualError(s, err, "timed out after 1s (send: 7 of 0 bytes sent: canceled)")
			})
		}},
	})
}

// TestGroupKeepsErrors: whatever a body or a child says beside a cancellation.
func TestGroupKeepsErrors(t *testing.T) {
	wrap := func(join func(err error) error) func(s *stage) coro.Body {
		return func(s *stage) coro.Body {
			return group(func(yield coro.Yield) (any, error) { return nil, join(task.Sleep(yield, time.Hour)) }, s.fails(1, io.EOF))
		}
	}
	rows := map[string]struct {
		body func(s *stage) coro.Body
		want string
	}{
		"the_body_joins":             {wrap(func(err error) error { return errors.Join(errBang, err) }), "bang\nEOF"},
		"the_body_joins_and_wraps":   {wrap(func(err error) error { return fmt.Errorf("body: %w", errors.Join(errBang, err)) }), "body: bang\ncanceled\nEOF"},
		"the_body_wraps_each":        {wrap(func(err error) error { return fmt.Errorf("%w (%w)", errBang, err) }), "bang\nEOF"},
		"the_body_is_only_cancelled": {wrap(func(err error) error { return fmt.Errorf("body: %w", err) }), "EOF"},
		"a_child_says_both":          {func(s *stage) coro.Body { return group(ready, bangsToo, s.fails(1, io.EOF)) }, "EOF\nclean up: bang\ncanceled"},
		"the_body_awaits_the_child": {func(s *stage) coro.Body {
			return func(yield coro.Yield) (any, error) {
				return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					_, err := task.Await(yield, g.Spawn(s.fails(1, io.EOF)))
					return err
				})
			}
		}, "EOF"},
		"the_body_wraps_the_childs": {func(s *stage) coro.Body {
			return func(yield coro.Yield) (any, error) {
				return nil, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					_, err := task.Await(yield, g.Spawn(s.fails(1, io.EOF)))
					return fmt.Errorf("child: %w", err)
				})
			}
		}, "child: canceled\nEOF"},
	}
	for name, row := range rows {
		try(t, []situation{{name, func(s *stage) {
			s.in(func(yield coro.Yield) {
				_, err := row.body(s)(yield)
				require.EqualError(s, err, row.want)
				require.ErrorIs(s, err, io.EOF)
				require.NotErrorIs(s, err, future.ErrCanceled)
				require.NoError(s, task.Checkpoint(yield))
			})
			require.Empty(s, s.Reports)
		}}})
	}
	try(t, []situation{
		{"a_child_that_is_cancelled_for_a_reason_has_not_failed", func(s *stage) {
			s.in(func(yield coro.Yield) {
				require.NoError(s, task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
					child := g.Spawn(s.sleeps("child", time.Hour))
					require.NoError(s, task.Checkpoint(yield))
					child.CancelCause(errBang)
					return nil
				}))
			})
		}},
		{"T25_somebody_else_cancels_for_a_reason_as_a_child_fails", func(s *stage) {
			for rounds := range 5 {
				t := task.Spawn(s.Loop, group(s.sleeps("body", time.Hour), s.fails(time.Second, io.EOF)))
				s.GoRound(2 + rounds)
				if !t.CancelCause(errBang) {
					continue
				}
				s.Settle()
				s.ends(t, future.Canceled, nil, errBang)
				_, err := t.Result()
				require.Equal(s, 1, strings.Count(err.Error(), "canceled"), "%v", err)
				require.Equal(s, rounds > 0, errors.Is(err, io.EOF), "%d: %v", rounds, err)
			}
		}},
		{"T25_somebody_else_cancels_for_a_reason_while_a_child_cleans_up", func(s *stage) {
			t := task.Spawn(s.Loop, group(func(yield coro.Yield) (any, error) { _ = task.Sleep(yield, time.Hour); return nil, nil },
				s.fails(time.Second, io.EOF), s.cleans("child")))
			s.CallLater(3*time.Second/2, func() { t.CancelCause(errBang) })
			s.Settle()
			require.Equal(s, []string{"child: canceled, canceled"}, s.Seen)
			_, err := t.Result()
			require.EqualError(s, err, "canceled: bang\nEOF")
		}},
		{"T09_two_cancels_and_one_has_a_reason", func(s *stage) {
			for _, first := range []bool{true, false} {
				t := task.Spawn(s.Loop, ready)
				if first {
					t.CancelCause(errBang)
				}
				t.Cancel()
				if !first {
					t.CancelCause(errBang)
				}
				s.Settle()
				_, err := t.Result()
				require.EqualError(s, err, "canceled: bang")
			}
		}},
		{"T06_an_error_and_a_cancel_in_one_round", func(s *stage) {
			f := future.New(s.Loop)
			t := task.Spawn(s.Loop, s.awaits(f))
			s.GoRound(1)
			require.NoError(s, f.SetError(errBang))
			require.True(s, t.Cancel())
			s.Settle()
			require.Equal(s, []string{"begun", "<nil> canceled\nbang", "ended"}, s.Seen)
			s.ends(t, future.Canceled, nil, errBang)
		}},
		{"T06_two_cancels_in_one_round_are_one", func(s *stage) {
			f := future.New(s.Loop)
			t := task.Spawn(s.Loop, s.awaits(f))
			s.GoRound(1)
			f.Cancel()
			require.True(s, t.CancelCause(errBang))
			s.Settle()
			require.Equal(s, []string{"begun", "<nil> canceled: bang", "ended"}, s.Seen)
		}},
	})
}
