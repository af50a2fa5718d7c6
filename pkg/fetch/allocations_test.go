package fetch_test

import (
	"net"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// pages is a server that answers each request with a page of 1 KB and closes the connection
// or, if it is kept, goes on. It allocates only for a connection.
func pages(t *testing.T, kept bool) (url string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })
	head := "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n"
	if !kept {
		head += "Connection: close\r\n"
	}
	page, room := []byte(head+"\r\n"+strings.Repeat("x", 1024)), make([]byte, 4096)
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			for err == nil {
				if _, err = c.Read(room); err == nil {
					_, err = c.Write(page)
				}
				if !kept {
					break
				}
			}
			c.Close()
		}
	}()
	return "http://" + listener.Addr().String() + "/"
}

// TestAllocationsOfAFetch: of fetches, and of the server's connections. A wait allocates, and
// a fetch waits less often while the server runs on another processor. The bounds are for
// fetches that wait each time, as on a single processor.
func TestAllocationsOfAFetch(t *testing.T) {
	const fetches, runtimes = 500, 100 // the runtime itself makes a few
	for name, c := range map[string]struct {
		kept  bool
		most  float64 // allocations
		bytes float64
	}{
		"on_a_connection_of_its_own": {false, 77.5, 6600},
		"on_a_kept_connection":       {true, 38.5, 4800},
	} {
		t.Run(name, func(t *testing.T) {
			url := pages(t, c.kept)
			l, err := loop.New(loop.Options{})
			require.NoError(t, err)
			defer l.Close()
			var before, after runtime.MemStats
			require.NoError(t, task.Main(l, func(yield coro.Yield) error {
				client := &fetch.Client{}
				defer client.Close()
				get := func() {
					page, err := client.Get(yield, url)
					require.NoError(t, err)
					require.Len(t, page.Body, 1024)
				}
				for range 10 {
					get()
				}
				runtime.ReadMemStats(&before)
				for range fetches {
					get()
				}
				runtime.ReadMemStats(&after)
				return nil
			}))
			allocations, bytes := float64(after.Mallocs-before.Mallocs-runtimes)/fetches, float64(after.TotalAlloc-before.TotalAlloc)/fetches
			t.Logf("%.1f allocations, %.0f bytes", allocations, bytes)
			if !forgotten {
				require.LessOrEqual(t, allocations, c.most)
				require.LessOrEqual(t, bytes, c.bytes)
			}
		})
	}
}
