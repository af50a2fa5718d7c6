package serve

// What a connection needs that says nothing.

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// TestBytesOfAnIdleConnection: all that belongs to it, with its task and its stack, after
// an echo. The clients are mere descriptors. The stack is 2 KB, which is half of it: one call
// that goes too deep, and it is 4 KB.
func TestBytesOfAnIdleConnection(t *testing.T) {
	const conns = 2000
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	defer l.Close()
	listener, err := sock.Listen(l, "127.0.0.1:0")
	require.NoError(t, err)
	_, address, err := sock.Sockaddr(listener.LocalAddr().String())
	require.NoError(t, err)
	server := &Server{Handle: Echo}
	serves := task.Go(l, func(yield coro.Yield) error { return server.Serve(yield, listener) })
	clients := make([]int, conns)
	defer func() {
		for _, fd := range clients {
			_ = unix.Close(fd)
		}
	}()
	var before int64
	for i := range clients {
		if i == conns/2 { // a collection has seen them: the runtime gives new stacks their size
			before = inUse()
		}
		clients[i], err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		require.NoError(t, err)
		require.NoError(t, unix.Connect(clients[i], address))
		_, err = unix.Write(clients[i], []byte("hello"))
		require.NoError(t, err)
		for n := 0; n <= 0; n, _ = unix.Read(clients[i], make([]byte, 8)) {
			require.NoError(t, unix.SetNonblock(clients[i], true))
			require.NoError(t, l.Round())
		}
	}
	require.Equal(t, conns, server.conns.Len())
	require.LessOrEqual(t, (inUse()-before)/(conns/2), int64(idleBytes))
	server.Close()
	for !serves.Done() {
		require.NoError(t, l.Round())
	}
}

func inUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}
