package serve

// Who hears that a connection has failed. Read serve_test.go first.

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

var errOops = errors.New("oops")

// returns is a Handle that fails with err at once.
func returns(err error) func(coro.Yield, *Conn) error {
	return func(coro.Yield, *Conn) error { return err }
}

// ofAnother is an error of a connection that isn't the client's.
var ofAnother = &net.OpError{Op: "read", Addr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80}, Err: unix.ECONNRESET}

// turns asks c, to which something has been said, again and again: it pauses only to give
// the others their turn.
func turns(yield coro.Yield, c *Conn) error {
	for {
		if err := sock.WaitReadable(yield, c.Socket); err != nil {
			return err
		}
	}
}

func TestOnError(t *testing.T) {
	closes := func(s *site, c *net.TCPConn) { _ = c.Close() }
	sends := func(text string) func(*site, *net.TCPConn) {
		return func(s *site, c *net.TCPConn) { s.send(c, text); _ = c.CloseWrite() }
	}
	late := func(yield coro.Yield, c *Conn) error {
		_ = c.SetReadDeadline(time.Unix(0, 0))
		_, err := c.Read(make([]byte, 1))
		return err
	}
	rows := []struct {
		name    string
		handle  func(coro.Yield, *Conn) error
		client  func(*site, *net.TCPConn)
		err     error // in what OnError is told; nil if it is told nothing
		routine bool  // nobody else is told
	}{
		{"no error", returns(nil), closes, nil, true},
		{"one of the handler's own", returns(errOops), closes, errOops, false},
		{"the client has closed", Echo, closes, nil, true},
		{"the client has closed where more was wanted", func(_ coro.Yield, c *Conn) error {
			_, err := io.ReadFull(c, make([]byte, 2))
			return err
		}, func(s *site, c *net.TCPConn) { s.send(c, "x"); closes(s, c) }, io.ErrUnexpectedEOF, true},
		{"the end as it is", returns(io.EOF), closes, io.EOF, true},
		{"an end in more words", returns(fmt.Errorf("reading a file: %w", io.EOF)), closes, io.EOF, false},
		{"the client has reset", Echo, func(s *site, c *net.TCPConn) { _ = c.SetLinger(0); closes(s, c) }, unix.ECONNRESET, true},
		{"the client has reset, in more words", func(yield coro.Yield, c *Conn) error {
			return fmt.Errorf("greeting: %w", Echo(yield, c))
		}, func(s *site, c *net.TCPConn) { _ = c.SetLinger(0); closes(s, c) }, unix.ECONNRESET, true},
		{"another connection was reset", returns(ofAnother), closes, unix.ECONNRESET, false},
		{"the client is too slow", late, closes, os.ErrDeadlineExceeded, true},
		{"two that are routine", func(yield coro.Yield, c *Conn) error { return errors.Join(io.EOF, late(yield, c)) }, closes, os.ErrDeadlineExceeded, true},
		{"one of two is routine", func(yield coro.Yield, c *Conn) error { return errors.Join(late(yield, c), errOops) }, closes, errOops, false},
		{"a read that it has canceled itself", func(yield coro.Yield, c *Conn) error {
			reads := task.Go(c.Loop(), func(coro.Yield) error { _, err := c.Read(make([]byte, 1)); return err })
			err := task.Checkpoint(yield)
			reads.Cancel()
			if err == nil {
				_, err = task.Await(yield, reads)
			}
			return err
		}, func(*site, *net.TCPConn) {}, future.ErrCanceled, false},
		{"more than a limit", func(yield coro.Yield, c *Conn) error { _, err := sock.ReadAll(yield, c.Socket, 1); return err },
			func(s *site, c *net.TCPConn) { s.send(c, "xx") }, sock.ErrTooLong, true},
		{"a bad request", HTTP(routes, Limits{}), sends("no HTTP\r\n\r\n"), ErrBadRequest, true},
		{"a bad request, as net/http finds it", HTTP(routes, Limits{}), sends("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n"), ErrBadRequest, true},
		{"a head that is too long", HTTP(routes, Limits{}), sends("GET /" + string(make([]byte, mostHead))), ErrHeadTooLong, true},
		{"an answer that is shorter than it says", HTTP(routes, Limits{}), sends("GET /short HTTP/1.1\r\nHost: h\r\n\r\n"), io.ErrUnexpectedEOF, false},
		{"a cancellation of its own", returns(future.ErrCanceled), closes, future.ErrCanceled, false},
	}
	for _, row := range rows {
		for way, hooked := range map[string]bool{"to OnError": true, "by default": false} {
			t.Run(row.name+", "+way, func(t *testing.T) {
				var told []error
				server := &Server{Handle: row.handle}
				if hooked {
					server.OnError = func(c *Conn, err error) {
						assert.Equal(t, -1, c.FD(), "it is closed")
						assert.True(t, c.task.Done())
						assert.Equal(t, row.routine, c.Routine(err))
						told = append(told, err)
					}
				}
				s := serving(t, server)
				ended := make(chan bool)
				s.on(func() {
					handle := server.Handle
					server.Handle = func(y coro.Yield, c *Conn) error { defer close(ended); return handle(y, c) }
				})
				row.client(s, s.dial())
				<-ended
				s.conns(0)
				s.on(func() { s.server.Shutdown(time.Hour) })
				s.end()
				switch {
				case hooked && row.err == nil:
					require.Empty(t, told)
				case hooked:
					require.Len(t, told, 1)
					require.ErrorIs(t, told[0], row.err)
				}
				if hooked || row.routine {
					require.Empty(t, s.Reports)
					return
				}
				require.Len(t, s.Reports, 1)
				require.Regexp(t, `^serving 127\.0\.0\.1:\d+ failed$`, s.Reports[0].Message)
				require.ErrorIs(t, s.Reports[0].Err, row.err)
			})
		}
	}
	for name, row := range map[string]struct {
		handle func(coro.Yield, *Conn) error
		want   error
	}{
		"a sleep":       {func(yield coro.Yield, c *Conn) error { return task.Sleep(yield, time.Hour) }, future.ErrCanceled},
		"a wait in c":   {func(_ coro.Yield, c *Conn) error { _, err := io.ReadAll(c); return err }, net.ErrClosed},
		"a turn in c":   {turns, future.ErrCanceled},
		"what it wraps": {func(yield coro.Yield, c *Conn) error { return fmt.Errorf("turning: %w", turns(yield, c)) }, future.ErrCanceled},
	} {
		t.Run("what Close ends is routine: "+name, func(t *testing.T) {
			var told []error
			s := serving(t, &Server{Handle: row.handle, OnError: func(c *Conn, err error) {
				assert.True(t, c.Routine(err), "%v", err)
				told = append(told, err)
			}})
			s.send(s.dial(), "x")
			s.until("it is at it", func() bool {
				return s.server.conns.Len() == 1 && (s.server.all()[0].Arrived() || s.server.all()[0].task.Reason() != "")
			})
			s.on(s.server.Close)
			s.end()
			require.Len(t, told, 1)
			require.ErrorIs(t, told[0], row.want)
		})
	}
	t.Run("an idle connection that a Shutdown drops is routine", func(t *testing.T) {
		var told []error
		s := serving(t, &Server{Handle: Echo, OnError: func(c *Conn, err error) {
			assert.True(t, c.Routine(err), "%v", err)
			told = append(told, err)
		}})
		s.echoes(s.dial(), "hello")
		s.on(func() { s.server.Shutdown(time.Hour) })
		s.end()
		require.Equal(t, []error{ErrGoing}, told)
	})
	t.Run("a panic is told to both", func(t *testing.T) {
		var told []error
		s := serving(t, &Server{Handle: func(coro.Yield, *Conn) error { panic(errOops) }, OnError: func(_ *Conn, err error) { told = append(told, err) }})
		s.closed(s.dial())
		s.on(func() { s.server.Shutdown(time.Hour) })
		s.end()
		require.Len(t, told, 1)
		panicked := (*coro.PanicError)(nil)
		require.ErrorAs(t, told[0], &panicked)
		require.Len(t, s.Reports, 1)
		require.ErrorIs(t, s.Reports[0].Err, errOops)
	})
	t.Run("an OnError that panics costs nothing but a report", func(t *testing.T) {
		s := serving(t, &Server{Handle: func(yield coro.Yield, c *Conn) error { return errors.Join(Echo(yield, c), errOops) }, MaxConns: 1,
			OnError: func(*Conn, error) { panic("in OnError") }})
		for range 3 { // each needs the place of the one before it
			c := s.dial()
			s.echoes(c, "served")
			require.NoError(t, c.Close())
		}
		s.conns(0)
		s.on(func() { s.server.Shutdown(time.Hour) })
		s.end()
		require.Len(t, s.Reports, 3)
		require.Contains(t, s.Reports[0].String(), "in OnError")
	})
}

// TestServeRefuses: a Server that could serve nobody says so before anybody has come.
func TestServeRefuses(t *testing.T) {
	for _, row := range []struct {
		name   string
		server Server
		want   error
	}{
		{"no Handle", Server{}, ErrNoHandle},
		{"TLS without a certificate", Server{Handle: Echo, TLS: emptyTLS}, ErrNoCertificate},
	} {
		t.Run(row.name, func(t *testing.T) {
			l, err := loop.New(loop.Options{})
			require.NoError(t, err)
			defer l.Close()
			listener, err := sock.Listen(l, "127.0.0.1:0")
			require.NoError(t, err)
			_, err = task.Run(l, func(yield coro.Yield) (any, error) { return nil, row.server.Serve(yield, listener) })
			require.ErrorIs(t, err, row.want)
			require.Equal(t, -1, listener.FD(), "closed")
		})
	}
}
