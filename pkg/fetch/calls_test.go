package fetch_test

// Which system calls a fetch makes, in order. In a World they are the same in each run.

import (
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/probe"
	"stepwise/pkg/selector"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// ledger notes the calls about each descriptor.
type ledger struct {
	probe.Nothing
	made map[int][]string
}

func (l *ledger) Watch(probe.Loop) probe.Events { return l }
func (l *ledger) System(name string, fd, n int, err error) {
	if err != nil {
		name += ": " + err.Error()
	}
	l.made[fd] = append(l.made[fd], name)
}

// noting is a selector whose registrations are in a ledger.
type noting struct {
	selector.Selector
	ledger *ledger
}

func (n noting) Register(fd int, interest selector.Events, data any) error {
	n.ledger.System("epoll_ctl: add "+interest.String(), fd, 0, nil)
	return n.Selector.Register(fd, interest, data)
}

func (n noting) Modify(fd int, interest selector.Events, data any) error {
	n.ledger.System("epoll_ctl: mod "+interest.String(), fd, 0, nil)
	return n.Selector.Modify(fd, interest, data)
}

func (n noting) Unregister(fd int) error {
	n.ledger.System("epoll_ctl: del", fd, 0, nil)
	return n.Selector.Unregister(fd)
}

func TestCallsOfAFetch(t *testing.T) {
	const request, answer = "GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\nhello"
	opens := []string{"socket",
		"setsockopt",                                           // no Nagle
		"setsockopt", "setsockopt", "setsockopt", "setsockopt", // keep-alive, and its three times
		"connect: operation now in progress", "epoll_ctl: add write",
		"getsockopt", "getpeername", // is it connected?
		"epoll_ctl: del",
		"getsockname", // to itself?
		"send", "recv: resource temporarily unavailable", "epoll_ctl: add read",
	}
	for name, c := range map[string]struct {
		fetch func(yield coro.Yield) error
		want  []string
	}{
		"through_sock": {func(yield coro.Yield) error {
			s, err := sock.Connect(yield, "127.0.0.1:80")
			if err != nil {
				return err
			}
			defer s.Close()
			if err := sock.Send(yield, s, []byte(request)); err != nil {
				return err
			}
			_, err = sock.ReadAll(yield, s, 1000)
			return err
		}, append(opens[:len(opens):len(opens)], "recv", "recv", "epoll_ctl: del", "close")},
		"through_Get": {func(yield coro.Yield) error {
			_, err := fetch.Get(yield, "http://127.0.0.1/")
			return err
		}, append(opens[:len(opens):len(opens)], "recv", "recv", "epoll_ctl: del", "close")},
	} {
		t.Run(name, func(t *testing.T) {
			seen := &ledger{made: map[int][]string{}}
			o := simulation.New(1, simulation.Weather{}).Options()
			o.Probe, o.Selector = seen, noting{o.Selector, seen}
			l, err := loop.New(o)
			require.NoError(t, err)
			var client int
			require.NoError(t, task.Main(l, func(yield coro.Yield) error {
				listener, err := sock.Listen(l, "127.0.0.1:80")
				require.NoError(t, err)
				task.Go(l, func(yield coro.Yield) error {
					s, err := sock.Accept(yield, listener)
					require.NoError(t, err)
					client = s.FD() - 1 // a World gives numbers in order
					_, err = sock.Read(yield, s)
					require.NoError(t, err)
					require.NoError(t, sock.Send(yield, s, []byte(answer)))
					return s.Close()
				})
				return c.fetch(yield)
			}))
			require.NoError(t, l.Close())
			require.Equal(t, c.want, seen.made[client])
		})
	}
}

// TestCallsOfAKeptFetch: on a connection that was used before, a fetch looks whether the server
// has closed it, and changes nothing at the selector.
func TestCallsOfAKeptFetch(t *testing.T) {
	const answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
	const fetches = 3
	empty := "recv: resource temporarily unavailable"
	seen := &ledger{made: map[int][]string{}}
	o := simulation.New(1, simulation.Weather{}).Options()
	o.Probe, o.Selector = seen, noting{o.Selector, seen}
	l, err := loop.New(o)
	require.NoError(t, err)
	var made []string
	require.NoError(t, task.Main(l, func(yield coro.Yield) error {
		listener, err := sock.Listen(l, "127.0.0.1:80")
		require.NoError(t, err)
		var client int
		task.Go(l, func(yield coro.Yield) error {
			s, err := sock.Accept(yield, listener)
			require.NoError(t, err)
			client = s.FD() - 1 // a World gives numbers in order
			for range fetches {
				_, err = sock.Read(yield, s)
				require.NoError(t, err)
				require.NoError(t, sock.Send(yield, s, []byte(answer)))
			}
			return s.Close()
		})
		c := &fetch.Client{}
		defer c.Close()
		for range fetches {
			seen.made[client] = nil
			_, err = c.Get(yield, "http://127.0.0.1/")
			require.NoError(t, err)
		}
		made = seen.made[client]
		return nil
	}))
	require.NoError(t, l.Close())
	require.Equal(t, []string{empty, "send", empty, "recv"}, made)
}
