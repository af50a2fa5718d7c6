package serve

// ListenAndServe, and the hooks of a Server's beginning and end.

import (
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/internal/peertest"
	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// anyPort is where a port stays free that nobody listens at any more.
var anyPort = net.JoinHostPort(peertest.Host(), "0")

// listening runs ListenAndServe at anyPort with the signals, and client as soon as OnListen is
// told the address. It returns what ListenAndServe returns, and checks that the address is free.
func listening(t *testing.T, server *Server, client func(yield coro.Yield, at string, serving *task.Task) error, signals ...os.Signal) error {
	r := looptest.Real(t)
	defer r.Close()
	at := future.NewOf[net.Addr](r.Loop)
	server.OnListen = func(a net.Addr) { require.NoError(t, at.SetResult(a)) }
	return task.Main(r.Loop, func(yield coro.Yield) error {
		serving := task.Go(r.Loop, func(yield coro.Yield) error {
			return server.ListenAndServe(yield, anyPort, time.Hour, signals...)
		})
		a, err := task.AwaitAs(yield, at)
		require.NoError(t, err)
		require.NoError(t, client(yield, a.String(), serving))
		_, err = task.Await(yield, serving)
		_, refused := sock.Connect(yield, a.String())
		require.ErrorIs(t, refused, syscall.ECONNREFUSED, "nobody listens any more")
		return err
	})
}

// echoed proves that the server at that address serves, and leaves the connection open.
func echoed(t *testing.T, yield coro.Yield, at string) *sock.Socket {
	s, err := sock.Connect(yield, at)
	require.NoError(t, err)
	require.NoError(t, sock.Send(yield, s, []byte("hello")))
	got := make([]byte, 5)
	_, err = io.ReadFull(sock.Stream(s), got)
	require.NoError(t, err)
	require.Equal(t, "hello", string(got))
	return s
}

func TestListenAndServe(t *testing.T) {
	for _, ends := range []struct {
		name    string
		end     func(server *Server, serving *task.Task)
		signals []os.Signal
		drains  bool // a handler may finish; otherwise it is canceled
		want    error
	}{
		{"a_Shutdown", func(s *Server, _ *task.Task) { s.Shutdown(time.Hour) }, nil, true, nil},
		{"a_Close", func(s *Server, _ *task.Task) { s.Close() }, nil, false, nil},
		{"a_cancellation", func(_ *Server, serving *task.Task) { serving.Cancel() }, nil, false, future.ErrCanceled},
		{"a_signal", func(*Server, *task.Task) { raise(t) }, []os.Signal{syscall.SIGUSR1, that}, true, nil},
		{"a_cancellation_though_it_waits_for_signals", func(_ *Server, serving *task.Task) { serving.Cancel() }, []os.Signal{that}, false, future.ErrCanceled},
	} {
		t.Run("it_ends_by_"+ends.name, func(t *testing.T) {
			server, finished, end := &Server{}, false, func() {}
			server.Handle = func(yield coro.Yield, c *Conn) error {
				end()
				for !c.Going() {
					if err := task.Checkpoint(yield); err != nil {
						return err
					}
				}
				err := task.Checkpoint(yield)
				finished = err == nil
				return err
			}
			err := listening(t, server, func(yield coro.Yield, at string, serving *task.Task) error {
				end = func() { ends.end(server, serving) }
				s, err := sock.Connect(yield, at)
				require.NoError(t, err)
				defer s.Close()
				_, _ = sock.ReadAll(yield, s, 1)
				return nil
			}, ends.signals...)
			require.Equal(t, ends.drains, finished)
			require.Equal(t, ends.want != nil, err != nil, "%v", err)
			require.ErrorIs(t, err, ends.want)
		})
	}
	t.Run("a_signal_as_soon_as_the_address_is_told", func(t *testing.T) {
		r := looptest.Real(t)
		defer r.Close()
		server := &Server{Handle: Echo, OnListen: func(net.Addr) {
			raise(t) // with nobody to listen for it, it ends the program
			for range 10_000 {
				runtime.Gosched() // another thread may have to take it
			}
		}}
		require.NoError(t, task.Main(r.Loop, func(yield coro.Yield) error { return server.ListenAndServe(yield, anyPort, time.Hour, that) }))
	})
	t.Run("in_a_World_it_serves_without_signals", func(t *testing.T) {
		require.NoError(t, simulation.New(1, simulation.Weather{}).Run(func(yield coro.Yield, l *loop.Loop) error {
			server := &Server{Handle: Echo}
			serving := task.Go(l, func(yield coro.Yield) error { return server.ListenAndServe(yield, "10.0.0.1:7", 0) })
			require.NoError(t, task.Checkpoint(yield), "OnListen is nil")
			defer echoed(t, yield, "10.0.0.1:7").Close()
			server.Close()
			_, err := task.Await(yield, serving)
			return err
		}))
	})
}

func TestListenAndServeRefuses(t *testing.T) {
	r := looptest.Real(t)
	defer r.Close()
	taken, err := sock.Listen(r.Loop, "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	for _, row := range []struct {
		name    string
		server  Server
		address string
		signal  os.Signal
		want    error
	}{
		{"no_Handle", Server{}, anyPort, that, ErrNoHandle},
		{"a_Server_that_has_served", Server{Handle: Echo, listener: taken}, anyPort, that, ErrServed},
		{"an_address_that_is_taken", Server{Handle: Echo}, taken.LocalAddr().String(), that, syscall.EADDRINUSE},
		{"a_signal_that_nobody_can_catch", Server{Handle: Echo}, anyPort, syscall.SIGKILL, outside.ErrUncaught},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.server.OnListen = func(net.Addr) { assert.Fail(t, "it is told of an address") }
			before := leaktest.Begin(t)
			require.ErrorIs(t, task.Main(r.Loop, func(yield coro.Yield) error {
				return row.server.ListenAndServe(yield, row.address, 0, row.signal)
			}), row.want)
			before.Files()
		})
	}
	t.Run("a_call_outside_of_a_task", func(t *testing.T) {
		require.ErrorIs(t, (&Server{Handle: Echo}).ListenAndServe(nil, "127.0.0.1:0", 0), task.ErrNoTask)
	})
	t.Run("a_panic_of_OnListen_leaves_nobody_listening", func(t *testing.T) {
		var at net.Addr
		server := &Server{Handle: Echo, OnListen: func(a net.Addr) { at = a; panic("oops") }}
		require.NoError(t, task.Main(r.Loop, func(yield coro.Yield) error {
			_, err := task.Await(yield, task.Go(r.Loop, func(yield coro.Yield) error { return server.ListenAndServe(yield, anyPort, 0) }))
			var panicked *coro.PanicError
			require.True(t, errors.As(err, &panicked))
			_, refused := sock.Connect(yield, at.String())
			require.ErrorIs(t, refused, syscall.ECONNREFUSED)
			return nil
		}))
	})
}

// TestOnShutdown: handlers that wait for something else than their clients can be told.
func TestOnShutdown(t *testing.T) {
	for _, row := range []struct {
		name string
		end  func(s *Server)
		want int
	}{
		{"a_Shutdown", func(s *Server) { s.Shutdown(time.Hour) }, 1},
		{"two", func(s *Server) { s.Shutdown(time.Hour); s.Shutdown(time.Hour) }, 1},
		{"a_Shutdown_then_a_Close", func(s *Server) { s.Shutdown(time.Hour); s.Close() }, 1},
		{"a_Close", func(s *Server) { s.Close() }, 0},
		{"a_Close_then_a_Shutdown", func(s *Server) { s.Close(); s.Shutdown(time.Hour) }, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			calls := 0
			server := &Server{}
			var news *future.Future // that the handler waits for
			server.Handle = func(yield coro.Yield, c *Conn) error {
				news = future.New(c.Loop())
				row.end(server)
				_, err := task.Await(yield, news)
				return err
			}
			server.OnShutdown = func() {
				calls++
				require.True(t, server.going)
				require.NotNil(t, server.deadline, "a panic here must not leave the drain without an end")
				_ = news.SetResult(nil)
			}
			require.NoError(t, listening(t, server, func(yield coro.Yield, at string, _ *task.Task) error {
				s, err := sock.Connect(yield, at)
				require.NoError(t, err)
				defer s.Close()
				_, _ = sock.ReadAll(yield, s, 1)
				return nil
			}))
			require.Equal(t, row.want, calls)
		})
	}
	t.Run("a_server_without_it", func(t *testing.T) {
		server := &Server{Handle: Echo}
		require.NoError(t, listening(t, server, func(coro.Yield, string, *task.Task) error {
			server.Shutdown(time.Hour)
			return nil
		}))
	})
}
