package serve

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// TestServeSleepsWhileItDrains: an earlier moment without connections must not keep a
// Serve awake that waits for its last one; and it says what it waits for.
func TestServeSleepsWhileItDrains(t *testing.T) {
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer l.Close()
	var ends []*task.Task // of each connection, in their order
	server := &Server{MaxConns: 1, Handle: func(yield coro.Yield, c *Conn) error {
		end, err := task.Current(yield)
		require.NoError(t, err)
		ends = append(ends, end)
		return task.Sleep(yield, time.Hour)
	}, OnError: func(*Conn, error) {}}
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		listener, err := sock.Listen(l, "127.0.0.1:0")
		require.NoError(t, err)
		serving := task.Spawn(l, func(yield coro.Yield) (any, error) { return nil, server.Serve(yield, listener) })
		reaches := func(reason string) {
			for serving.Reason() != reason {
				require.NoError(t, task.Checkpoint(yield))
			}
		}
		connect := func() {
			began := len(ends)
			c, err := sock.Connect(yield, listener.LocalAddr().String())
			require.NoError(t, err)
			t.Cleanup(func() { _ = c.Close() })
			for len(ends) == began {
				require.NoError(t, task.Checkpoint(yield))
			}
		}
		connect()
		reaches("a connection to end, for the next one")
		ends[0].Cancel()
		connect()
		reaches("a connection to end, for the next one")
		server.Shutdown(time.Hour)
		require.NoError(t, task.Checkpoint(yield))
		require.Equal(t, "a connection to end, for the next one", serving.Reason(), "its places are all taken")
		server.Close()
		_, err = task.Await(yield, serving)
		require.NoError(t, err)
		require.Zero(t, server.conns.Len())

		server = &Server{Handle: server.Handle, OnError: server.OnError}
		listener, err = sock.Listen(l, "127.0.0.1:0")
		require.NoError(t, err)
		serving = task.Spawn(l, func(yield coro.Yield) (any, error) { return nil, server.Serve(yield, listener) })
		connect()
		ends[2].Cancel()
		connect()
		server.Shutdown(time.Hour)
		reaches("an event to be set")
		for range 100 {
			require.NoError(t, task.Checkpoint(yield))
			require.Equal(t, "an event to be set", serving.Reason())
		}
		server.Close()
		return task.Await(yield, serving)
	})
	require.NoError(t, err)
}
