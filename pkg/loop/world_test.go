package loop

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/selector"
)

var errImpossible = errors.New("impossible")

// toy is a World at a date.
type toy struct{ date time.Time }

func (w toy) Time() time.Time                   { return w.date }
func (toy) Lookup(string) ([]netip.Addr, error) { return nil, nil }
func (toy) Impossible(what string) error        { return fmt.Errorf("%w: %s", errImpossible, what) }

func TestTime(t *testing.T) {
	t.Run("on_the_system's_clock_it_is_time.Now", func(t *testing.T) {
		l, err := New(Options{Selector: selector.NewFake()})
		require.NoError(t, err)
		before := time.Now()
		now := l.Time()
		require.False(t, now.Before(before) || now.After(time.Now()))
		left, err := l.Until(now.Add(time.Hour))
		require.NoError(t, err)
		require.LessOrEqual(t, left, time.Hour)
		require.Nil(t, l.World())
	})
	t.Run("on_another_clock_it_moves_with_that", func(t *testing.T) {
		r := newRig(t)
		r.now = time.Minute
		born := r.Time()
		r.now += time.Hour
		require.Equal(t, time.Hour, r.Time().Sub(born))
		left, err := r.Until(born.Add(time.Hour + 5*time.Second))
		require.NoError(t, err)
		require.Equal(t, 5*time.Second, left)
		left, err = r.Until(born)
		require.NoError(t, err)
		require.Equal(t, -time.Hour, left, "it has passed")
	})
	t.Run("another_clock_begins_at_today's_date", func(t *testing.T) {
		before := time.Now()
		l, err := New(Options{Selector: selector.NewFake(), Clock: clock{&rig{now: time.Hour}}})
		require.NoError(t, err)
		require.False(t, l.Time().Before(before) || l.Time().After(time.Now()))
	})
}

func TestWorld(t *testing.T) {
	date := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	open := func(t *testing.T) *Loop {
		fake := selector.NewFake()
		l, err := New(Options{Selector: fake, World: toy{date}})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, l.Close()) })
		return l
	}
	t.Run("its_date", func(t *testing.T) {
		l := open(t)
		require.Equal(t, date, l.Time())
		left, err := l.Until(date.Add(time.Second))
		require.NoError(t, err)
		require.Equal(t, time.Second, left)
		left, err = l.Until(time.Unix(1, 0))
		require.NoError(t, err, "a date that anybody may write")
		require.Negative(t, left)
	})
	t.Run("time.Now_is_not_of_it", func(t *testing.T) {
		_, err := open(t).Until(time.Now().Add(time.Second))
		require.ErrorIs(t, err, errImpossible)
	})
	t.Run("it_can't_be_held", func(t *testing.T) {
		l := open(t)
		ran := false
		l.CallLater(0, func() { ran = true })
		release := l.Hold()
		err := l.Run()
		require.ErrorIs(t, err, errImpossible)
		require.NotErrorIs(t, err, ErrDeadlock)
		require.False(t, ran, "time stands still")
		release()
		require.ErrorIs(t, l.Run(), ErrDeadlock)
		require.True(t, ran)
	})
	t.Run("nobody_calls_from_another_goroutine", func(t *testing.T) {
		l := open(t)
		require.ErrorIs(t, l.CallSoonThreadsafe(func() { t.Error("it ran") }), errImpossible)
		require.ErrorIs(t, l.Run(), ErrDeadlock)
	})
	t.Run("it_can_be_stopped_and_interrupted_from_anywhere", func(t *testing.T) {
		l := open(t)
		l.CallSoon(l.Stop)
		require.NoError(t, l.Run())
		l.CallSoon(l.Interrupt)
		var interrupted *InterruptedError
		require.ErrorAs(t, l.Run(), &interrupted)
	})
}
