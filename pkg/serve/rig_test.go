package serve

// What the tests of this package stand on; read it first.

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

const patience = leaktest.Patience

// stopped is a clock that moves only when a test moves it: no limit of a client's runs out
// because the machine was busy.
type stopped struct{ ns atomic.Int64 }

func (c *stopped) Now() time.Duration    { return time.Duration(c.ns.Load()) }
func (c *stopped) move(d time.Duration)  { c.ns.Add(int64(d)) }
func (c *stopped) tells(o *loop.Options) { o.Clock = c }

// site is a Server on a loop in a goroutine of its own; a test is its client.
type site struct {
	*looptest.Rig // ask for what it has seen through on, or after end
	server        *Server
	listener      *sock.Socket
	addr          string
	ended         chan error
}

// serving starts server; change may replace system calls. At the end of the test it
// is closed, and every timer, descriptor and goroutine must be back (M01, M02, M03).
func serving(t *testing.T, server *Server, change ...func(*sys.Calls)) *site {
	return servingOn(t, server, calling(change...))
}

// calling has the loop make changed system calls.
func calling(change ...func(*sys.Calls)) func(*loop.Options) {
	calls := sys.Kernel
	for _, c := range change {
		c(&calls)
	}
	return func(o *loop.Options) { o.Calls = &calls }
}

// servingOn is serving on a loop with options.
func servingOn(t *testing.T, server *Server, options ...func(*loop.Options)) *site {
	before := leaktest.Begin(t)
	s := &site{server: server, ended: make(chan error, 1)}
	s.Rig = looptest.Real(t, options...)
	var err error
	s.listener, err = sock.Listen(s.Loop, "127.0.0.1:0")
	require.NoError(t, err)
	s.addr = s.listener.LocalAddr().String()
	go func() {
		_, err := task.Run(s.Loop, func(yield coro.Yield) (any, error) { return nil, server.Serve(yield, s.listener) })
		s.ended <- err
	}()
	t.Cleanup(func() {
		_ = s.CallSoonThreadsafe(server.Close)
		s.end()
		require.Zero(t, s.Where().Timers, "timers")
		require.NoError(t, s.Close())
		before.End()
	})
	return s
}

// selects is how often select was called so far.
func (s *site) selects() (n int) {
	s.on(func() { n = len(s.Selector.Timeouts) })
	return n
}

// end waits for Serve to return; once is enough.
func (s *site) end() {
	select {
	case err, first := <-s.ended:
		if first {
			close(s.ended)
			require.NoError(s, err)
		}
	case <-time.After(patience):
		require.Fail(s, "Serve doesn't return")
	}
}

// on runs fn on the loop, and waits for it.
func (s *site) on(fn func()) {
	done := make(chan struct{})
	require.NoError(s, s.CallSoonThreadsafe(func() { defer close(done); fn() }))
	<-done
}

// until waits for cond, which is asked on the loop, each round anew.
func (s *site) until(what string, cond func() bool) {
	s.Helper()
	leaktest.Until(s, what, func() (is bool) {
		s.on(func() { is = cond() })
		return is
	})
}

func (s *site) conns(n int) {
	s.until(fmt.Sprintf("%d connections", n), func() bool { return s.server.conns.Len() == n })
}

// dial connects; the connection is closed with the test.
func (s *site) dial() *net.TCPConn {
	c, err := net.Dial("tcp", s.addr)
	require.NoError(s, err)
	require.NoError(s, c.SetDeadline(time.Now().Add(patience)))
	s.Cleanup(func() { c.Close() })
	return c.(*net.TCPConn)
}

func (s *site) send(c net.Conn, text string) {
	_, err := io.WriteString(c, text)
	require.NoError(s, err)
}

// echoes proves that c is served.
func (s *site) echoes(c net.Conn, text string) {
	s.send(c, text)
	got := make([]byte, len(text))
	_, err := io.ReadFull(c, got)
	require.NoError(s, err)
	require.Equal(s, text, string(got))
}

// closed wants the server to have closed c, with nothing more to read.
func (s *site) closed(c net.Conn) {
	got, err := io.ReadAll(c)
	if err != nil {
		require.ErrorContains(s, err, "reset")
	}
	require.Empty(s, string(got))
}

// ask sends raw on a connection of its own, whole, and returns all that comes back.
func (s *site) ask(raw string) string {
	c := s.dial()
	s.send(c, raw)
	require.NoError(s, c.CloseWrite())
	got, err := io.ReadAll(c)
	require.NoError(s, err, "%q", got)
	return string(got)
}

// answer reads one answer to a request of that method from r.
func (s *site) answer(r *bufio.Reader, method string) (*http.Response, string) {
	a, err := http.ReadResponse(r, &http.Request{Method: method})
	require.NoError(s, err)
	body, err := io.ReadAll(a.Body)
	require.NoError(s, err)
	return a, string(body)
}

// one is ask for a single answer.
func (s *site) one(raw string) (*http.Response, string) {
	r := bufio.NewReader(strings.NewReader(s.ask(raw)))
	method, _, _ := strings.Cut(raw, " ")
	a, body := s.answer(r, method)
	rest, _ := io.ReadAll(r)
	require.Empty(s, string(rest), "behind the answer")
	return a, body
}
