package serve

// What an echo costs, in counts: they are the same on every machine, and a test fails when
// one of them grows. bench measures the times.

import (
	"bytes"
	"errors"
	"maps"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
	"stepwise/pkg/wait"
)

// tricks are the ways to run an engine whose costs may differ, but not what it does.
var tricks = map[string]sys.Trick{
	"as_usual":             0,
	"without_kept_futures": sys.KeepFutures,
	"without_any_trick":    ^sys.Trick(0),
}

// kept has connections to an echo server, on one loop with their clients, each a task. All
// have a message echoed; then begin is called, messages more are echoed, and end is called.
func kept(t *testing.T, o loop.Options, conns, messages int, begin, end func()) {
	l, err := loop.New(o)
	require.NoError(t, err)
	listener, err := sock.Listen(l, "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.LocalAddr().String()
	require.NoError(t, task.Main(l, func(yield coro.Yield) error {
		server := &Server{Handle: Echo}
		serves := task.Go(l, func(yield coro.Yield) error { return server.Serve(yield, listener) })
		var ready, done wait.Event
		left := conns
		arrived := func(all *wait.Event, then func()) {
			if left--; left == 0 {
				left = conns
				then()
				all.Set()
			}
		}
		err := task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
			for range conns {
				g.Go(func(yield coro.Yield) error {
					c, err := sock.Connect(yield, address)
					if err != nil {
						return err
					}
					defer c.Close()
					message, room := bytes.Repeat([]byte("x"), 64), make([]byte, 128)
					if err := echoes(yield, c, message, room); err != nil {
						return err
					}
					arrived(&ready, begin)
					if err := ready.Wait(yield); err != nil {
						return err
					}
					for range messages {
						if err := echoes(yield, c, message, room); err != nil {
							return err
						}
					}
					arrived(&done, end)
					return done.Wait(yield)
				})
			}
			return nil
		})
		server.Close()
		_, ended := task.Await(yield, serves)
		return errors.Join(err, ended)
	}))
	require.NoError(t, l.Close())
}

// echoes has the peer of c send message back. room is larger: a read that fills its buffer
// doesn't know that nothing is left.
func echoes(yield coro.Yield, c *sock.Socket, message, room []byte) error {
	if err := sock.Send(yield, c, message); err != nil {
		return err
	}
	for got := 0; got < len(message); {
		n, err := sock.ReadInto(yield, c, room[got:])
		if err != nil {
			return err
		}
		got += n
	}
	if !bytes.Equal(message, room[:len(message)]) {
		return errors.New("the echo is another message")
	}
	return nil
}

// calls is a Probe that counts system calls by name.
type calls struct {
	probe.Nothing
	made map[string]int
}

func (c *calls) Watch(probe.Loop) probe.Events            { return c }
func (c *calls) System(name string, fd, n int, err error) { c.made[name]++ }

// TestCallsOfAnEcho: two calls for each message, and those of select are shared by all
// connections that are ready. The client's end needs two more. Nothing is registered anew.
func TestCallsOfAnEcho(t *testing.T) {
	for name, without := range tricks {
		t.Run(name, func(t *testing.T) {
			const conns, messages, echoes = 64, 20, 64 * 20
			defer leaktest.Begin(t).End()
			real, err := selector.New()
			require.NoError(t, err)
			seen, made := &calls{made: map[string]int{}}, map[string]int(nil)
			o := loop.Options{Selector: selector.Told(real, seen.System), Probe: seen, Without: without}
			kept(t, o, conns, messages, func() { clear(seen.made) }, func() { made = maps.Clone(seen.made) })
			selects := made["epoll_wait"]
			require.LessOrEqual(t, float64(2*echoes+selects)/echoes, 2.2, "%d selects", selects)
			delete(made, "epoll_wait")
			require.Equal(t, map[string]int{"recv": 2 * echoes, "send": 2 * echoes}, made)
		})
	}
}

// TestAllocationsOfAnEcho: a message on a kept connection leaves no garbage at either end.
func TestAllocationsOfAnEcho(t *testing.T) {
	for name, want := range map[string]struct {
		without sys.Trick
		perEcho float64 // of both ends
	}{
		"as_usual":                 {0, 0},
		"without_kept_futures":     {sys.KeepFutures, 2},
		"without_the_other_tricks": {^sys.KeepFutures, 0},
	} {
		t.Run(name, func(t *testing.T) {
			const conns, messages, runtimes = 8, 100, 100 // the runtime itself makes a few
			var before, after runtime.MemStats
			kept(t, loop.Options{Without: want.without}, conns, messages,
				func() { runtime.ReadMemStats(&before) }, func() { runtime.ReadMemStats(&after) })
			require.LessOrEqual(t, float64(after.Mallocs-before.Mallocs), (want.perEcho+forgotten)*conns*messages+runtimes)
		})
	}
}
