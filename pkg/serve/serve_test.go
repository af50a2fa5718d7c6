package serve

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

func TestEcho(t *testing.T) {
	t.Run("V01_300_clients_at_once", func(t *testing.T) {
		s := serving(t, &Server{Handle: Echo})
		var clients sync.WaitGroup
		for i := range 300 {
			c := s.dial()
			clients.Go(func() {
				data := faulty.Pattern(10_000 + i)
				go func() { _, _ = c.Write(data); _ = c.CloseWrite() }()
				got, err := io.ReadAll(c)
				assert.NoError(t, err)
				assert.True(t, bytes.Equal(data, got), "got %d bytes, want %d", len(got), len(data))
			})
		}
		clients.Wait()
		s.conns(0)
	})
	t.Run("V12_a_client_that_does_not_read_is_not_read", func(t *testing.T) {
		const size = 16 << 20
		held, most := 0, 0 // what has been read and not sent
		full, once := make(chan struct{}), sync.Once{}
		s := serving(t, &Server{Handle: Echo}, func(c *sys.Calls) {
			c.Recv = func(fd int, p []byte) (int, error) {
				n, err := sys.Kernel.Recv(fd, p)
				held += n
				most = max(most, held)
				return n, err
			}
			c.Send = func(fd int, p []byte) (int, error) {
				n, err := sys.Kernel.Send(fd, p)
				held -= max(0, n)
				if err == unix.EAGAIN {
					once.Do(func() { close(full) })
				}
				return n, err
			}
		})
		c := s.dial()
		go func() { _, _ = c.Write(faulty.Pattern(size)); _ = c.CloseWrite() }()
		<-full
		s.echoes(s.dial(), "others are served")
		got, err := io.ReadAll(c)
		require.NoError(t, err)
		require.NoError(t, faulty.CheckPattern(got, 0))
		require.Len(t, got, size)
		s.on(func() { assert.LessOrEqual(t, most, 64<<10) })
	})
	t.Run("V02_idle_connections_cost_nothing", func(t *testing.T) {
		s := serving(t, &Server{Handle: Echo})
		for range 200 {
			s.dial()
		}
		s.conns(200)
		c := s.dial()
		s.echoes(c, "warm")
		before := s.selects()
		for range 10 {
			s.echoes(c, "hello")
		}
		assert.LessOrEqual(t, s.selects()-before, 40, "a few rounds for each message, none for the idle")
	})
	t.Run("V05_resets_and_short_visits", func(t *testing.T) {
		s := serving(t, &Server{Handle: Echo})
		for i := range 200 {
			c := s.dial()
			if i%2 == 0 {
				require.NoError(t, c.SetLinger(0))
			}
			s.send(c, "x")
			require.NoError(t, c.Close())
		}
		s.conns(0)
		s.echoes(s.dial(), "still there")
	})
	t.Run("V05_a_storm_of_resets_in_one_round", func(t *testing.T) {
		s := serving(t, &Server{Handle: Echo})
		var all []*net.TCPConn
		for range 300 {
			all = append(all, s.dial())
		}
		s.until("all idle", func() bool {
			idle := 0
			for _, c := range s.server.all() {
				if c.idle {
					idle++
				}
			}
			return idle == len(all)
		})
		s.on(func() { // the loop sees them all at once
			for _, c := range all {
				_ = c.SetLinger(0)
				_ = c.Close()
			}
		})
		s.conns(0)
		s.on(func() { assert.Empty(t, s.Reports) })
	})
}

func TestServer(t *testing.T) {
	t.Run("V06_a_handler_that_panics_costs_its_connection", func(t *testing.T) {
		s := serving(t, &Server{Handle: func(yield coro.Yield, c *Conn) error {
			data, err := sock.Read(yield, c.Socket)
			if string(data) == "panic" {
				panic("on purpose")
			}
			return errors.Join(err, sock.Send(yield, c.Socket, data))
		}})
		bad, good := s.dial(), s.dial()
		s.send(bad, "panic")
		s.closed(bad)
		s.echoes(good, "good")
		s.until("a report", func() bool { return len(s.Reports) == 1 })
		assert.Contains(t, s.Reports[0].String(), "on purpose")
		assert.Contains(t, string(s.Reports[0].Stack), "serve_test.go")
	})
	t.Run("V07_no_more_than_N_and_the_slot_comes_back", func(t *testing.T) {
		s := serving(t, &Server{Handle: Echo, MaxConns: 2})
		first, second, third := s.dial(), s.dial(), s.dial()
		s.echoes(first, "first")
		s.echoes(second, "second")
		s.send(third, "third")
		for range 20 {
			s.on(func() { require.Equal(t, 2, s.server.conns.Len()) })
		}
		before := s.selects()
		assert.LessOrEqual(t, s.selects()-before, 3, "it sleeps meanwhile")
		require.NoError(t, first.Close())
		got := make([]byte, 5)
		_, err := io.ReadFull(third, got)
		require.NoError(t, err)
		require.Equal(t, "third", string(got))
	})
	t.Run("A03_EMFILE_is_one_delayed_retry", func(t *testing.T) {
		accepts, failures := 0, 0
		s := serving(t, &Server{Handle: Echo}, func(c *sys.Calls) {
			c.Accept = func(fd int) (int, unix.Sockaddr, error) {
				if accepts++; accepts <= 2 {
					return -1, nil, unix.EMFILE
				}
				return sys.Kernel.Accept(fd)
			}
		})
		s.echoes(s.dial(), "accepted later")
		s.on(func() { failures = len(s.Reports) })
		assert.Equal(t, 2, failures, "a report of each")
	})
	t.Run("A05_another_error_ends_Serve", func(t *testing.T) {
		l, err := loop.New(loop.Options{})
		require.NoError(t, err)
		defer l.Close()
		_, err = task.Run(l, func(yield coro.Yield) (any, error) {
			fd, err := sys.Kernel.Socket(unix.AF_INET)
			require.NoError(t, err)
			s, err := sock.FromFD(l, fd)
			require.NoError(t, err)
			require.ErrorIs(t, (&Server{Handle: Echo}).Serve(yield, s), unix.EINVAL)
			require.Equal(t, -1, s.FD(), "closed")
			return nil, nil
		})
		require.NoError(t, err)
	})
}
