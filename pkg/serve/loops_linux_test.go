package serve

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestLoops(t *testing.T) {
	files := leaktest.Files(t)
	for _, n := range []int{1, 3} {
		var served atomic.Int32
		threads, addresses := make(chan int, n), make(chan string, n)
		handle := func(yield coro.Yield, c *Conn) error {
			defer served.Add(1)
			return Echo(yield, c)
		}
		err := Loops(n, "127.0.0.1:0", loop.Options{}, func(at net.Addr) {
			go func() {
				for range 30 {
					c, err := net.Dial("tcp", at.String())
					if !assert.NoError(t, err) {
						return
					}
					_, _ = io.WriteString(c, "hello")
					got := make([]byte, 5)
					_, err = io.ReadFull(c, got)
					assert.NoError(t, err)
					c.Close()
				}
			}()
		}, func(yield coro.Yield, listener *sock.Socket) error {
			threads <- unix.Gettid()
			addresses <- listener.LocalAddr().String()
			server := &Server{Handle: handle}
			stop := task.Spawn(listener.Loop(), func(yield coro.Yield) (any, error) {
				for served.Load() < 30 {
					if err := task.Checkpoint(yield); err != nil {
						return nil, err
					}
				}
				server.Shutdown(patience)
				return nil, nil
			})
			return errors.Join(server.Serve(yield, listener), task.CancelAndWait(yield, stop))
		})
		require.NoError(t, err)
		distinct, at := map[int]bool{}, map[string]bool{}
		for range n {
			distinct[<-threads] = true
			at[<-addresses] = true
		}
		assert.Len(t, distinct, n, "a thread for each")
		assert.Len(t, at, 1, "one address for all")
	}
	assert.Equal(t, files, leaktest.Files(t))
}

func TestLoopsFail(t *testing.T) {
	left := leaktest.Begin(t)
	boom := errors.New("boom")
	var begun atomic.Int32
	err := Loops(3, "127.0.0.1:0", loop.Options{}, nil, func(yield coro.Yield, listener *sock.Socket) error {
		if begun.Add(1) == 2 {
			return boom
		}
		_, err := sock.Accept(yield, listener) // for ever
		return err
	})
	require.ErrorIs(t, err, boom)
	require.Error(t, Loops(0, "127.0.0.1:0", loop.Options{}, nil, nil))
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	for _, n := range []int{1, 2} {
		require.ErrorIs(t, Loops(n, ln.Addr().String(), loop.Options{}, nil, nil), unix.EADDRINUSE)
	}
	require.NoError(t, ln.Close())
	left.End()
}

// TestLoopsFailWithTasks: a coroutine is of the thread that began it, and no other one may
// end it. Go ends the program otherwise.
func TestLoopsFailWithTasks(t *testing.T) {
	left, boom := leaktest.Begin(t), errors.New("boom")
	waits := make(chan bool)
	var begun, ended atomic.Int32
	err := Loops(2, "127.0.0.1:0", loop.Options{}, nil, func(yield coro.Yield, listener *sock.Socket) error {
		if begun.Add(1) == 2 {
			<-waits
			return boom
		}
		_, err := task.Await(yield, task.Go(listener.Loop(), func(yield coro.Yield) error {
			defer ended.Add(1)
			close(waits)
			_, err := sock.Accept(yield, listener) // for ever
			return err
		}))
		return err
	})
	require.ErrorIs(t, err, boom)
	require.EqualValues(t, 1, ended.Load())
	left.End()
}

func TestLoopsFailTogether(t *testing.T) {
	meet := make(chan bool)
	err := Loops(2, "127.0.0.1:0", loop.Options{}, nil, func(coro.Yield, *sock.Socket) error {
		select {
		case meet <- true:
			panic("one")
		case <-meet:
			panic("two")
		}
	})
	require.Len(t, coro.Panics(err), 2, "%v", err)
	require.NotErrorIs(t, err, task.ErrStopped)
}
