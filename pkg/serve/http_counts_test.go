package serve

// What an answer from a file costs, in counts: see counts_test.go.

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// asking has a client, a task of the server's loop, ask for a file of size bytes on a kept
// connection: a few times, then begin is called, asks times more, and end is called. It
// allocates nothing in between.
func asking(t *testing.T, size, asks int, o loop.Options, begin, end func()) {
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "file"), bytes.Repeat([]byte("x"), size), 0o600))
	root, err := os.OpenRoot(folder)
	require.NoError(t, err)
	defer root.Close()
	l, err := loop.New(o)
	require.NoError(t, err)
	listener, err := sock.Listen(l, "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, task.Main(l, func(yield coro.Yield) error {
		server := &Server{Handle: HTTP(Dir(root, DirOptions{}), Limits{})}
		serves := task.Go(l, func(yield coro.Yield) error { return server.Serve(yield, listener) })
		c, err := sock.Connect(yield, listener.LocalAddr().String())
		require.NoError(t, err)
		defer c.Close()
		room := make([]byte, 2000+size)
		for range 5 {
			asksOnce(t, yield, c, room, size)
		}
		begin()
		for range asks {
			asksOnce(t, yield, c, room, size)
		}
		end()
		server.Close()
		_, err = task.Await(yield, serves)
		return err
	}))
	require.NoError(t, l.Close())
}

var getFile = []byte("GET /file HTTP/1.1\r\nHost: h\r\nUser-Agent: test\r\nAccept: */*\r\n\r\n")

// asksOnce gets the file, of size bytes, into room, which is larger than the answer.
func asksOnce(t *testing.T, yield coro.Yield, c *sock.Socket, room []byte, size int) {
	fail := func(err error) {
		if err != nil {
			require.NoError(t, err)
		}
	}
	fail(sock.Send(yield, c, getFile))
	for got, whole := 0, -1; got != whole; {
		n, err := sock.ReadInto(yield, c, room[got:])
		fail(err)
		got += n
		if head := bytes.Index(room[:got], []byte("\r\n\r\n")); head >= 0 {
			whole = head + 4 + size
		}
	}
	if !bytes.HasPrefix(room, []byte("HTTP/1.1 200 OK\r\n")) {
		require.Fail(t, "another answer", "%q", room[:100])
	}
}

// TestCallsOfAnAnswer: a small file is looked at, read and sent in one piece with its head. The
// kernel sends a larger one itself. Nothing is opened or registered anew.
func TestCallsOfAnAnswer(t *testing.T) {
	const asks = 20
	for name, c := range map[string]struct {
		size int
		want map[string]int // the client makes a send, and receives until it has all
	}{
		"small":   {1 << 10, map[string]int{"send": 2 * asks, "recv": 2 * asks}},
		"of_200K": {200 << 10, map[string]int{"send": 2 * asks, "sendfile": asks}},
	} {
		t.Run(name, func(t *testing.T) {
			defer leaktest.Begin(t).End()
			real, err := selector.New()
			require.NoError(t, err)
			seen, made := &calls{made: map[string]int{}}, map[string]int(nil)
			asking(t, c.size, asks, loop.Options{Selector: selector.Told(real, seen.System), Probe: seen},
				func() { clear(seen.made) }, func() { made = maps.Clone(seen.made) })
			delete(made, "epoll_wait")
			if c.size > firstMost {
				delete(made, "recv") // how many there are is up to the kernel
			}
			require.Equal(t, c.want, made)
		})
	}
}

// TestAllocationsOfAnAnswer: nearly half of them are net/http's Request.
func TestAllocationsOfAnAnswer(t *testing.T) {
	const asks, runtimes = 1000, 100 // the runtime itself makes a few
	for name, c := range map[string]struct {
		size int
		want float64
	}{
		"small":   {1 << 10, 22},
		"of_200K": {200 << 10, 23},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			asking(t, c.size, asks, loop.Options{},
				func() { runtime.ReadMemStats(&before) }, func() { runtime.ReadMemStats(&after) })
			require.LessOrEqual(t, float64(after.Mallocs-before.Mallocs), (c.want+8*forgotten)*asks+runtimes)
			t.Logf("%.1f allocations, %.0f bytes", float64(after.Mallocs-before.Mallocs)/asks, float64(after.TotalAlloc-before.TotalAlloc)/asks)
		})
	}
}
