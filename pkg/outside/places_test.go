package outside

// How many goroutines work at once, and who waits for which place. Read run_test.go first.

import (
	"context"
	"net/netip"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/task"
)

// crew are tasks in Run, whose functions run until they are let go, one by one.
type crew struct {
	*stage
	tasks []*task.Task
	begun chan int // their numbers, as they begin
	gates []chan struct{}
}

func (s *stage) crew(n int) *crew {
	c := &crew{stage: s, begun: make(chan int, n)}
	for i := range n {
		gate := make(chan struct{})
		c.gates = append(c.gates, gate)
		c.tasks = append(c.tasks, s.spawn(func(yield coro.Yield) (any, error) {
			return Run(yield, func(context.Context) (any, error) { c.begun <- i; <-gate; return nil, nil })
		}))
	}
	return c
}

// works wants n of c to work, and the others to wait for a place. Every goroutine that has
// a place has begun then.
func (c *crew) works(yield coro.Yield, n int) {
	c.Helper()
	c.turns(yield)
	outside, waiting := 0, 0
	for _, t := range c.tasks {
		switch t.Reason() {
		case "work outside":
			outside++
		case "a place for work outside":
			waiting++
		}
	}
	require.Equal(c, n, outside, "work; %d wait", waiting)
	c.consistent()
}

// consistent is the code of places' invariants.
func (s *stage) consistent() {
	s.Helper()
	w := workersFor(s.Loop)
	for k, p := range w.places {
		free := 0
		for ; p.TryAcquire(); free++ {
		}
		for range free {
			require.NoError(s, p.Release())
		}
		require.GreaterOrEqual(s, p.owed, 0, kind(k))
		require.False(s, p.owed > 0 && free > 0, kind(k))
		require.LessOrEqual(s, free, p.most+p.owed, kind(k))
	}
}

// end lets number i go, and waits for its end.
func (c *crew) end(yield coro.Yield, i int) {
	close(c.gates[i])
	_, err := task.Await(yield, c.tasks[i])
	require.NoError(c, err)
}

// endAll lets all go, from number i on.
func (c *crew) endAll(yield coro.Yield, i int) {
	for ; i < len(c.tasks); i++ {
		c.end(yield, i)
	}
}

func TestPlaces(t *testing.T) {
	rows := []struct {
		name string
		run  func(s *stage, yield coro.Yield)
	}{
		{"32 by default", func(s *stage, yield coro.Yield) {
			c := s.crew(usualPlaces + 8)
			c.works(yield, 32)
			c.endAll(yield, 0)
		}},
		{"as many as asked for", func(s *stage, yield coro.Yield) {
			require.NoError(s, SetPlaces(s.Loop, Places{Work: 3}))
			c := s.crew(5)
			c.works(yield, 3)
			c.endAll(yield, 0)
		}},
		{"first come, first served, and who was canceled in the line has left it", func(s *stage, yield coro.Yield) {
			require.NoError(s, SetPlaces(s.Loop, Places{Work: 1}))
			c := s.crew(6)
			c.works(yield, 1)
			for _, i := range []int{2, 3} {
				c.tasks[i].Cancel()
				_, err := task.Await(yield, c.tasks[i])
				require.EqualError(s, err, "outside: run: canceled")
			}
			c.works(yield, 1)
			for _, i := range []int{0, 1, 4, 5} {
				require.Equal(s, i, <-c.begun)
				c.end(yield, i)
			}
			require.Empty(s, c.begun, "what was canceled in the line has never begun")
		}},
		{"more places while all are taken", func(s *stage, yield coro.Yield) {
			require.NoError(s, SetPlaces(s.Loop, Places{Work: 1}))
			c := s.crew(5)
			c.works(yield, 1)
			require.NoError(s, SetPlaces(s.Loop, Places{Work: 3}))
			c.works(yield, 3)
			c.endAll(yield, 0)
		}},
		{"fewer places while all are taken", func(s *stage, yield coro.Yield) {
			require.NoError(s, SetPlaces(s.Loop, Places{Work: 3}))
			c := s.crew(6)
			c.works(yield, 3)
			require.NoError(s, SetPlaces(s.Loop, Places{Work: 1}))
			c.works(yield, 3)
			c.end(yield, 0)
			c.works(yield, 2)
			c.end(yield, 1)
			c.works(yield, 1)
			c.end(yield, 2)
			c.works(yield, 1)
			require.NoError(s, SetPlaces(s.Loop, Places{}))
			c.works(yield, 3)
			c.endAll(yield, 3)
		}},
		{"fewer, and more again before any has ended", func(s *stage, yield coro.Yield) {
			require.NoError(s, SetPlaces(s.Loop, Places{Work: 3}))
			c := s.crew(6)
			c.works(yield, 3)
			for _, n := range []int{1, 2, 1, 4} {
				require.NoError(s, SetPlaces(s.Loop, Places{Work: n}))
			}
			c.works(yield, 4)
			c.endAll(yield, 0)
			more := s.crew(5)
			more.works(yield, 4)
			more.endAll(yield, 0)
		}},
		{"fewer while some are free", func(s *stage, yield coro.Yield) {
			c := s.crew(1)
			c.works(yield, 1)
			require.NoError(s, SetPlaces(s.Loop, Places{Work: 2}))
			more := s.crew(3)
			more.works(yield, 1)
			c.endAll(yield, 0)
			more.works(yield, 2)
			more.endAll(yield, 0)
		}},
		{"each loop has its own", func(s *stage, yield coro.Yield) {
			require.NoError(s, SetPlaces(s.Loop, Places{Work: 1}))
			c := s.crew(2)
			c.works(yield, 1)
			other, err := loop.New(loop.Options{})
			require.NoError(s, err)
			ended := make(chan error)
			go func() {
				_, err := task.Run(other, func(yield coro.Yield) (any, error) {
					return Run(yield, func(context.Context) (any, error) { return nil, nil })
				})
				ended <- err
			}()
			require.NoError(s, <-ended)
			require.NoError(s, other.Close())
			c.endAll(yield, 0)
		}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { play(t, false, row.run) })
	}
}

// TestNamesHavePlacesOfTheirOwn: a lookup never waits for work, and work never for a lookup.
func TestNamesHavePlacesOfTheirOwn(t *testing.T) {
	t.Run("a lookup while all places for work are taken", func(t *testing.T) {
		server := newNameServer(t, map[string][]netip.Addr{"one.test.": ips("127.0.0.1")})
		defer server.close()
		d := Dialer{Resolver: server.resolver()}
		play(t, false, func(s *stage, yield coro.Yield) {
			c := s.crew(usualPlaces + 1)
			c.works(yield, usualPlaces)
			got, err := d.resolve(yield, "one.test.")
			require.NoError(s, err)
			require.Equal(s, ips("127.0.0.1"), got)
			c.works(yield, usualPlaces)
			c.endAll(yield, 0)
		})
	})
	t.Run("work while all places for names are taken", func(t *testing.T) {
		silent := newNameServer(t, nil)
		defer silent.close()
		d := Dialer{Resolver: silent.resolver()}
		play(t, false, func(s *stage, yield coro.Yield) {
			require.NoError(s, SetPlaces(s.Loop, Places{Names: 1}))
			var lookups []task.Awaitable
			for range 2 {
				lookups = append(lookups, s.spawn(func(yield coro.Yield) (any, error) { return d.resolve(yield, "silent.test.") }))
			}
			s.turns(yield)
			require.True(s, slices.Contains(s.Where().Tasks, "the addresses of silent.test."))
			require.True(s, slices.Contains(s.Where().Tasks, "a place for a name lookup"))
			_, err := Run(yield, func(context.Context) (any, error) { return nil, nil })
			require.NoError(s, err)
			require.NoError(s, task.CancelAndWait(yield, lookups...))
			for _, one := range lookups {
				_, err := one.Result()
				require.EqualError(s, err, "outside: look up: canceled")
			}
		})
	})
}

func TestSetPlacesMisuse(t *testing.T) {
	l, err := loop.New(loop.Options{Selector: selector.NewFake()})
	require.NoError(t, err)
	for _, p := range []Places{{Work: -1}, {Names: -1}, {Work: 10_001}, {Work: 1, Names: 10_001}} {
		require.ErrorIs(t, SetPlaces(l, p), ErrPlaces, "%v", p)
	}
	require.Equal(t, usualPlaces, workersFor(l).places[forWork].most, "nothing has changed")
	require.NoError(t, SetPlaces(l, Places{Work: 10_000, Names: 1}))
	require.Equal(t, 10_000, workersFor(l).places[forWork].most)
	require.Equal(t, 1, workersFor(l).places[forNames].most)
	require.ErrorIs(t, SetPlaces(nil, Places{}), loop.ErrNilLoop)
	require.NoError(t, l.Close())
	require.ErrorIs(t, SetPlaces(l, Places{}), loop.ErrClosed)
}
