package fetch_test

// What depends on addresses and time: kept connections in a simulated network.

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// town is a simulated network with servers that keep connections.
type town struct {
	*simulation.World
	t     *testing.T
	loop  *loop.Loop
	made  map[string]int // connections that were made, by address
	open  int            // connections
	asked int            // requests that came
}

// newTown has a server at each address, which redirects to its location unless that is "".
func newTown(t *testing.T, locations map[string]string) *town {
	w := &town{World: simulation.New(1, simulation.Weather{}), t: t, made: map[string]int{}}
	l, err := loop.New(w.Options())
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, l.Close()) })
	w.loop = l
	l.SetExceptionHandler(func(loop.Exception) {}) // servers are still waiting at the end
	for address, location := range locations {
		listener, err := sock.Listen(l, address)
		require.NoError(t, err)
		task.Go(l, func(yield coro.Yield) error {
			for {
				conn, err := sock.Accept(yield, listener)
				if err != nil {
					return nil
				}
				w.made[address]++
				task.Go(l, func(coro.Yield) error { w.serve(conn, location); return nil })
			}
		})
	}
	return w
}

func (w *town) serve(conn *sock.Socket, location string) {
	w.open++
	defer func() { w.open--; _ = conn.Close() }()
	stream := sock.Stream(conn)
	answer := "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	if location != "" {
		answer = "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n"
	}
	for r := bufio.NewReader(stream); ; {
		if _, err := http.ReadRequest(r); err != nil {
			return
		}
		w.asked++
		if _, err := io.WriteString(stream, answer); err != nil {
			return
		}
	}
}

// play runs body with c, and closes c.
func (w *town) play(c *fetch.Client, body func(yield coro.Yield)) {
	require.NoError(w.t, task.Main(w.loop, func(yield coro.Yield) error {
		defer c.Close()
		body(yield)
		return nil
	}))
}

// TestContextInAWorld: what ends a Context is another goroutine, which no seed decides.
func TestContextInAWorld(t *testing.T) {
	w := newTown(t, map[string]string{"10.0.0.1:80": ""})
	c := &fetch.Client{}
	w.play(c, func(yield coro.Yield) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		body := &closing{Reader: strings.NewReader("x")}
		r, err := http.NewRequestWithContext(ctx, "PUT", "http://10.0.0.1/", body)
		require.NoError(t, err)
		_, err = c.Do(yield, r)
		require.ErrorIs(t, err, simulation.ErrImpossible)
		require.ErrorContains(t, err, "a Context")
		require.Equal(t, 1, body.closed)
		_, err = c.Get(yield, "http://10.0.0.1/")
		require.NoError(t, err, "the World goes on")
	})
	require.Equal(t, 1, w.asked)
}

// TestPrivateOnAKeptConnection: that a private server was asked before, and its connection
// is there, lets no public page lead there.
func TestPrivateOnAKeptConnection(t *testing.T) {
	w := newTown(t, map[string]string{"127.0.0.1:80": "", "203.0.113.1:80": "http://127.0.0.1/"})
	c := &fetch.Client{}
	w.play(c, func(yield coro.Yield) {
		_, err := c.Get(yield, "http://127.0.0.1/")
		require.NoError(t, err)
		for range 2 {
			_, err = c.Get(yield, "http://203.0.113.1/")
			require.ErrorIs(t, err, fetch.ErrPrivate)
		}
		_, err = c.Get(yield, "http://127.0.0.1/")
		require.NoError(t, err)
	})
	assert.Equal(t, map[string]int{"127.0.0.1:80": 1, "203.0.113.1:80": 1}, w.made, "the connection stays good for those who may use it")
	assert.Equal(t, 4, w.asked)
}

// TestIdleInItsTime: each kept connection has a time of its own.
func TestIdleInItsTime(t *testing.T) {
	w := newTown(t, map[string]string{"203.0.113.1:80": "", "203.0.113.2:80": ""})
	c := &fetch.Client{IdleTimeout: time.Minute}
	var open []int
	w.play(c, func(yield coro.Yield) {
		for _, host := range []string{"203.0.113.1", "203.0.113.2"} {
			_, err := c.Get(yield, "http://"+host+"/")
			require.NoError(t, err)
			require.NoError(t, task.Sleep(yield, 50*time.Second))
			open = append(open, w.open)
		}
		require.NoError(t, task.Sleep(yield, 30*time.Second))
		open = append(open, w.open)
		for _, host := range []string{"203.0.113.1", "203.0.113.2"} { // both at one moment
			_, err := c.Get(yield, "http://"+host+"/")
			require.NoError(t, err)
		}
		require.NoError(t, task.Sleep(yield, 2*time.Minute))
		open = append(open, w.open)
	})
	assert.Equal(t, []int{1, 1, 0, 0}, open)
}
