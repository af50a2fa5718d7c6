package serve

import (
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// taken waits until the other side's kernel has all that was sent on c.
func taken(t require.TestingT, c *net.TCPConn) {
	raw, err := c.SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) {
		for left := 1; left > 0 && err == nil; {
			left, err = unix.IoctlGetInt(int(fd), unix.TIOCOUTQ)
		}
	}))
	require.NoError(t, err)
}

// TestShutdown: V08, from the first to the second signal.
func TestShutdown(t *testing.T) {
	refused := func(s *site) { require.Equal(s, -1, s.listener.FD(), "it is closed") }
	stuck := func(yield coro.Yield, c *Conn) error { // until it is closed
		if _, err := sock.Read(yield, c.Socket); err != nil {
			return err
		}
		_, err := sock.Read(yield, c.Socket)
		return err
	}
	t.Run("V08_idle_ones_are_dropped", func(t *testing.T) {
		s := serving(t, &Server{Handle: Echo})
		c := s.dial()
		s.echoes(c, "hello")
		s.until("idle", func() bool { return s.server.all()[0].idle })
		s.on(func() { s.server.Shutdown(time.Hour) })
		s.closed(c)
		s.end()
		refused(s)
	})
	t.Run("V08_what_has_arrived_is_answered", func(t *testing.T) {
		s := serving(t, &Server{Handle: Echo})
		c := s.dial()
		s.echoes(c, "hello")
		s.until("idle", func() bool { return s.server.all()[0].idle })
		s.on(func() { // the loop has not seen it yet
			s.send(c, "last words")
			for !s.server.all()[0].Arrived() {
			}
			s.server.Shutdown(time.Hour)
		})
		got, err := io.ReadAll(c)
		require.NoError(t, err)
		require.Equal(t, "last words", string(got))
		s.end()
	})
	for name, most := range map[string]int{
		"V08_a_client_that_is_connected_and_not_accepted_is_answered":                   0,
		"V08_a_client_that_is_connected_and_not_accepted_is_answered_in_the_last_place": 1,
	} {
		t.Run(name, func(t *testing.T) {
			s := serving(t, &Server{Handle: Echo, MaxConns: most})
			s.until("Serve waits", func() bool { return s.server.listener != nil && (most == 0 || s.server.spare) })
			var c *net.TCPConn
			s.on(func() { // in one round, so that the loop can't accept it meanwhile
				c = s.dial()
				s.send(c, "last words")
				taken(s, c)
				s.server.Shutdown(time.Hour)
			})
			got, err := io.ReadAll(c)
			require.NoError(t, err)
			require.Equal(t, "last words", string(got))
			s.end()
			refused(s)
		})
	}
	t.Run("V08_a_silent_client_that_is_not_accepted_is_dropped", func(t *testing.T) {
		s := serving(t, &Server{Handle: Echo})
		s.until("Serve waits", func() bool { return s.server.listener != nil })
		var c *net.TCPConn
		s.on(func() { c = s.dial(); s.server.Shutdown(time.Hour) })
		s.closed(c)
		s.end()
	})
	t.Run("V08_a_client_that_is_not_accepted_finds_no_room", func(t *testing.T) {
		s := serving(t, &Server{Handle: stuck, MaxConns: 1})
		s.send(s.dial(), "x")
		s.conns(1)
		s.on(func() {
			s.dial()
			s.server.Shutdown(time.Hour)
			require.Equal(t, 1, s.server.conns.Len())
		})
		s.on(s.server.Close)
		s.end()
	})
	t.Run("V08_a_connection_that_is_aborted_in_the_queue_is_passed_over", func(t *testing.T) {
		aborted := false
		s := serving(t, &Server{Handle: Echo}, func(c *sys.Calls) {
			c.Accept = func(fd int) (int, unix.Sockaddr, error) {
				if aborted {
					aborted = false
					return -1, nil, unix.ECONNABORTED
				}
				return sys.Kernel.Accept(fd)
			}
		})
		s.until("Serve waits", func() bool { return s.server.listener != nil })
		var c *net.TCPConn
		s.on(func() {
			c, aborted = s.dial(), true
			s.send(c, "last words")
			taken(s, c)
			s.server.Shutdown(time.Hour)
		})
		got, err := io.ReadAll(c)
		require.NoError(t, err)
		require.Equal(t, "last words", string(got))
		s.end()
	})
	t.Run("V08_busy_ones_finish", func(t *testing.T) {
		full, once := make(chan struct{}), sync.Once{}
		s := serving(t, &Server{Handle: Echo}, func(c *sys.Calls) {
			c.Send = func(fd int, p []byte) (int, error) {
				n, err := sys.Kernel.Send(fd, p)
				if err == unix.EAGAIN {
					once.Do(func() { close(full) })
				}
				return n, err
			}
		})
		c := s.dial()
		go func() { _, _ = c.Write(faulty.Pattern(16 << 20)); _ = c.CloseWrite() }()
		<-full // it waits for the client to read
		s.on(func() { s.server.Shutdown(time.Hour) })
		got, err := io.ReadAll(c)
		require.NoError(t, faulty.CheckPattern(got, 0), "%v", err)
		require.NotEmpty(t, got)
		s.end()
	})
	t.Run("V08_a_stuck_client_holds_it_up_for_the_drain_only", func(t *testing.T) {
		s := serving(t, &Server{Handle: stuck})
		c := s.dial()
		s.send(c, "x")
		s.conns(1)
		s.on(func() { s.server.Shutdown(50 * time.Millisecond) })
		s.end()
		s.closed(c)
	})
	t.Run("V08_twice_ends_it_at_once", func(t *testing.T) {
		s := serving(t, &Server{Handle: stuck})
		c := s.dial()
		s.send(c, "x")
		s.conns(1)
		s.on(func() { s.server.Shutdown(time.Hour) })
		s.on(func() { require.Equal(t, 1, s.server.conns.Len(), "it is busy") })
		s.on(s.server.Close)
		s.end()
		s.closed(c)
	})
	t.Run("V08_a_second_Shutdown_changes_nothing", func(t *testing.T) {
		s := serving(t, &Server{Handle: stuck})
		c := s.dial()
		s.send(c, "x")
		s.conns(1)
		s.on(func() { s.server.Shutdown(time.Hour) })
		s.on(func() { s.server.Shutdown(0) })
		for range 20 { // rounds: a timer of 0 s would have run
			s.on(func() { require.Equal(t, 1, s.server.conns.Len(), "it may still finish") })
		}
		s.on(s.server.Close)
		s.end()
		s.closed(c)
	})
	t.Run("V08_Close_ends_a_handler_that_waits_for_something_else", func(t *testing.T) {
		s := serving(t, &Server{Handle: func(yield coro.Yield, c *Conn) error {
			return task.Sleep(yield, time.Hour)
		}})
		s.dial()
		s.conns(1)
		s.on(s.server.Close)
		s.end()
	})
	t.Run("V08_Close_ends_a_handler_that_swallows_its_cancellation", func(t *testing.T) {
		s := serving(t, &Server{Handle: func(yield coro.Yield, c *Conn) error {
			_, err := sock.Read(yield, c.Socket)
			for errors.Is(err, future.ErrCanceled) {
				_, err = sock.Read(yield, c.Socket)
			}
			return err
		}})
		c := s.dial()
		s.conns(1)
		s.on(s.server.Close)
		s.closed(c)
		s.end()
	})
	t.Run("V08_while_a_slot_is_awaited", func(t *testing.T) {
		s := serving(t, &Server{Handle: Echo, MaxConns: 1})
		s.echoes(s.dial(), "hello")
		s.on(func() { s.server.Shutdown(time.Hour) })
		s.end()
	})
	t.Run("V08_before_Serve", func(t *testing.T) {
		server := &Server{Handle: Echo}
		server.Shutdown(time.Hour)
		server.Close()
		s := serving(t, server)
		s.end()
		refused(s)
	})
	for name, shutdown := range map[string]bool{
		"T04_Serve_is_cancelled":                 false,
		"T04_Serve_is_cancelled_while_it_drains": true,
	} {
		t.Run(name, func(t *testing.T) {
			l, err := loop.New(loop.Options{})
			require.NoError(t, err)
			defer l.Close()
			_, err = task.Run(l, func(yield coro.Yield) (any, error) {
				ln, err := sock.Listen(l, "127.0.0.1:0")
				require.NoError(t, err)
				server := &Server{Handle: stuck}
				serve := task.Spawn(l, func(yield coro.Yield) (any, error) { return nil, server.Serve(yield, ln) })
				c, err := sock.Connect(yield, ln.LocalAddr().String())
				require.NoError(t, err)
				require.NoError(t, sock.Send(yield, c, []byte("x")))
				for server.conns.Len() == 0 {
					require.NoError(t, task.Checkpoint(yield))
				}
				if shutdown {
					server.Shutdown(time.Hour)
					require.NoError(t, task.Checkpoint(yield))
					require.Equal(t, 1, server.conns.Len(), "it is busy")
				}
				serve.Cancel()
				_, err = task.Await(yield, serve)
				require.ErrorIs(t, err, future.ErrCanceled)
				require.Zero(t, server.conns.Len())
				require.Equal(t, -1, ln.FD())
				return nil, nil
			})
			require.NoError(t, err)
		})
	}
}
