package outside

// Which of several addresses wins. Read dial_test.go before.

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestInterleave(t *testing.T) {
	tests := []struct{ name, in, want []string }{
		{nil, nil, nil},
		{nil, []string{"1.1.1.1"}, []string{"1.1.1.1"}},
		{nil, []string{"::1", "::2", "::3", "1.1.1.1", "1.1.1.2"}, []string{"::1", "1.1.1.1", "::2", "1.1.1.2", "::3"}},
		{nil, []string{"1.1.1.1", "1.1.1.2", "::1"}, []string{"1.1.1.1", "::1", "1.1.1.2"}},
		{nil, []string{"1.1.1.1", "::1", "::2"}, []string{"1.1.1.1", "::1", "::2"}},
	}
	for _, test := range tests {
		require.Equal(t, ips(test.want...), interleave(ips(test.in...)))
	}
}

// TestRace: addresses lead to servers that are dead in one way or another.
func TestRace(t *testing.T) {
	echo, refused, deaf := faulty.Echo(), faulty.Refused(), faulty.NeverAccepts()
	for _, server := range []*faulty.Server{echo, refused, deaf} {
		defer server.Close()
	}
	const delay = 250 * time.Millisecond
	tests := []struct {
		name      string
		addresses []string
		wins      bool
		sleeps    []time.Duration // up to the next attempt
	}{
		{"the_first_answers", []string{echo.Addr(), deaf.Addr()}, true, nil},
		{"the_first_is_refused_the_second_starts_at_once", []string{refused.Addr(), echo.Addr()}, true, nil},
		{"C03_the_first_is_silent_the_second_starts_after_250_ms", []string{deaf.Addr(), echo.Addr()}, true, []time.Duration{delay}},
		{"two_are_silent", []string{deaf.Addr(), deaf.Addr(), echo.Addr(), echo.Addr()}, true, []time.Duration{delay, delay}},
		{"silent_then_refused", []string{deaf.Addr(), refused.Addr(), echo.Addr()}, true, []time.Duration{delay}},
		{"C02_all_are_refused", []string{refused.Addr(), refused.Addr()}, false, nil},
		{"C02_the_only_one_is_refused", []string{refused.Addr()}, false, nil},
	}
	for _, test := range tests {
		t.Run("C16_"+test.name, func(t *testing.T) {
			play(t, true, func(s *stage, yield coro.Yield) {
				c, err := (&Dialer{}).race(yield, s.Loop, "name:80", test.addresses)
				require.Equal(s, test.sleeps, s.Slept)
				if test.wins {
					require.NoError(s, err)
					require.Len(s, s.Where().Fds, 0, "a loser is still watched")
					require.Len(s, s.Where().Tasks, 1, "a loser still runs")
					s.echoes(yield, c)
					return
				}
				require.ErrorIs(s, err, unix.ECONNREFUSED)
				require.Nil(s, c)
				var all *DialError
				if len(test.addresses) == 1 {
					require.False(s, errorsAs(err, &all))
					require.Equal(s, "connect "+refused.Addr()+": connection refused", err.Error())
				} else {
					require.ErrorAs(s, err, &all)
					require.Len(s, all.Tried, len(test.addresses))
					require.ErrorContains(s, err, "none of 2 addresses of name:80 answers: connect "+refused.Addr()+": connection refused; connect ")
				}
			})
		})
	}
	t.Run("a_delay_of_one_s_own", func(t *testing.T) {
		play(t, true, func(s *stage, yield coro.Yield) {
			c, err := (&Dialer{Delay: time.Second}).race(yield, s.Loop, "name:80", []string{deaf.Addr(), echo.Addr()})
			require.NoError(s, err)
			require.Equal(s, []time.Duration{time.Second}, s.Slept)
			s.echoes(yield, c)
		})
	})
	t.Run("C04_C16_cancelled_while_they_race", func(t *testing.T) {
		play(t, true, func(s *stage, yield coro.Yield) {
			a := s.spawn(func(yield coro.Yield) (any, error) {
				return (&Dialer{}).race(yield, s.Loop, "name:80", []string{deaf.Addr(), deaf.Addr()})
			})
			require.NoError(s, task.Sleep(yield, time.Second))
			require.Len(s, s.Where().Fds, 2)
			require.Equal(s, []time.Duration{250 * time.Millisecond, 750 * time.Millisecond}, s.Slept,
				"with nobody left to start there is nothing to wake up for")
			a.Cancel()
			_, err := task.Await(yield, a)
			require.ErrorIs(s, err, future.ErrCanceled)
			require.ErrorContains(s, err, "connect name:80: ")
			require.Empty(s, s.Where().Fds)
			require.Empty(s, s.Reports)
		})
	})
	t.Run("C05_C16_cancelled_at_any_moment_of_the_race", func(t *testing.T) {
		play(t, true, func(s *stage, yield coro.Yield) {
			before, won := len(s.Site().Owned()), 0
			for moment := range 20 {
				a := s.spawn(func(yield coro.Yield) (any, error) {
					return (&Dialer{}).race(yield, s.Loop, "name:80", []string{deaf.Addr(), echo.Addr()})
				})
				require.NoError(s, task.Sleep(yield, delay)) // the second is about to start
				for range moment {
					require.NoError(s, task.Checkpoint(yield))
				}
				a.Cancel()
				v, err := task.Await(yield, a)
				if err == nil {
					won++
					require.NoError(s, v.(*sock.Socket).Close())
				} else {
					require.ErrorIs(s, err, future.ErrCanceled)
				}
				require.Len(s, s.Site().Owned(), before, "moment %d: a socket is left", moment)
			}
			require.Positive(s, won)
			require.Less(s, won, 20)
		})
	})
	t.Run("C05_C16_two_win_in_one_round", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			both := []task.Awaitable{attempt(s.Loop, echo.Addr()), attempt(s.Loop, echo.Addr())}
			_, err := task.GatherOutcomes(yield, both...)
			require.NoError(s, err)
			winner, failed := judge(both)
			require.Empty(s, failed)
			s.echoes(yield, winner)
			loser, err := both[1].Result()
			require.NoError(s, err)
			require.Equal(s, -1, loser.(*sock.Socket).FD())
		})
	})
	t.Run("C05_C16_a_loser_that_had_won_when_it_was_given_up", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			late := attempt(s.Loop, echo.Addr())
			_, err := task.GatherOutcomes(yield, late)
			require.NoError(s, err)
			require.NoError(s, giveUp(yield, []task.Awaitable{late}))
			c, err := late.Result()
			require.NoError(s, err)
			require.Equal(s, -1, c.(*sock.Socket).FD())
		})
	})
	t.Run("T06_cancelled_while_the_losers_end", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			// The second attempt ignores its cancellation, for a while.
			a := s.spawn(func(yield coro.Yield) (any, error) {
				stubborn := s.spawn(func(yield coro.Yield) (any, error) {
					for range 5 {
						_ = task.Checkpoint(yield)
					}
					return nil, errBad
				})
				return nil, giveUp(yield, []task.Awaitable{stubborn})
			})
			require.NoError(s, task.Checkpoint(yield))
			require.NoError(s, task.Checkpoint(yield))
			a.Cancel()
			_, err := task.Await(yield, a)
			require.ErrorIs(s, err, future.ErrCanceled)
			require.Empty(s, s.Reports)
		})
	})
}

func errorsAs(err error, target **DialError) bool {
	e, ok := err.(*DialError)
	*target = e
	return ok
}
