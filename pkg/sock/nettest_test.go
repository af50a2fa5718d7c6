package sock_test

// Package nettest's own suite for a net.Conn. It calls one connection from many
// goroutines at once, which a Stream is not for: so each of its calls becomes a
// task of its own, on a loop that runs in a goroutine of its own, and a lock per
// direction does what a net.Conn's own lock does. With that, every subtest
// applies: what is judged is Stream, deadlines and Close.

import (
	"net"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/nettest"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestNettest(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "unix:"} {
		t.Run(address, func(t *testing.T) {
			nettest.TestConn(t, func() (c1, c2 net.Conn, stop func(), err error) {
				if address == "unix:" {
					return running(t, "unix:"+t.TempDir()+"/s")
				}
				return running(t, address)
			})
		})
	}
}

// running is a pair of connections on a loop that runs until stop.
func running(t *testing.T, address string) (c1, c2 net.Conn, stop func(), err error) {
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	release := l.Hold()
	var ran sync.WaitGroup
	ran.Go(func() { _ = l.Run() })
	g := &gateway{loop: l}
	var a, b *sock.Socket
	err = g.do(func(yield coro.Yield) error {
		listener, err := sock.Listen(l, address)
		if err != nil {
			return err
		}
		defer listener.Close()
		to := address
		if address == "127.0.0.1:0" {
			to = listener.LocalAddr().String()
		}
		if a, err = sock.Connect(yield, to); err != nil {
			return err
		}
		b, err = sock.Accept(yield, listener)
		return err
	})
	stop = func() {
		l.Stop()
		release()
		ran.Wait()
		l.SetExceptionHandler(func(loop.Exception) {})
		_ = l.Close()
	}
	return &gateway{loop: l, socket: a}, &gateway{loop: l, socket: b}, stop, err
}

// gateway is a net.Conn for any goroutine.
type gateway struct {
	loop        *loop.Loop
	socket      *sock.Socket
	read, write sync.Mutex
}

// do runs body as a task on the loop and waits for its end.
func (g *gateway) do(body func(yield coro.Yield) error) error {
	end := make(chan error, 1)
	err := g.loop.CallSoonThreadsafe(func() {
		t := task.Spawn(g.loop, func(yield coro.Yield) (any, error) { return nil, body(yield) })
		t.AddDoneCallback(func() {
			_, err := t.Result()
			end <- err
		})
	})
	if err != nil {
		return err
	}
	return <-end
}

func (g *gateway) Read(p []byte) (n int, err error) {
	g.read.Lock()
	defer g.read.Unlock()
	err = g.do(func(yield coro.Yield) (err error) { n, err = sock.Stream(g.socket).Read(p); return err })
	return n, err
}

func (g *gateway) Write(p []byte) (n int, err error) {
	g.write.Lock()
	defer g.write.Unlock()
	err = g.do(func(yield coro.Yield) (err error) { n, err = sock.Stream(g.socket).Write(p); return err })
	return n, err
}

func (g *gateway) Close() error {
	return g.do(func(coro.Yield) error { return g.socket.Close() })
}

func (g *gateway) address(of func() net.Addr) (a net.Addr) {
	_ = g.do(func(coro.Yield) error { a = of(); return nil })
	return a
}

func (g *gateway) LocalAddr() net.Addr  { return g.address(g.socket.LocalAddr) }
func (g *gateway) RemoteAddr() net.Addr { return g.address(g.socket.RemoteAddr) }

func (g *gateway) set(f func(time.Time) error, t time.Time) error {
	return g.do(func(coro.Yield) error { return f(t) })
}

func (g *gateway) SetDeadline(t time.Time) error      { return g.set(g.socket.SetDeadline, t) }
func (g *gateway) SetReadDeadline(t time.Time) error  { return g.set(g.socket.SetReadDeadline, t) }
func (g *gateway) SetWriteDeadline(t time.Time) error { return g.set(g.socket.SetWriteDeadline, t) }
