package main

import (
	"bytes"
	"errors"
	"io"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/serve"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// between runs talk between a client and a server, with the proxy between them, in a World,
// where minutes pass at once.
func between(t *testing.T, w *simulation.World, idle time.Duration, talk func(yield coro.Yield, client, server *sock.Socket)) {
	require.NoError(t, w.Run(func(yield coro.Yield, l *loop.Loop) error {
		to, err := sock.Listen(l, "10.0.0.2:80")
		require.NoError(t, err)
		at, err := sock.Listen(l, "10.0.0.1:80")
		require.NoError(t, err)
		server := &serve.Server{Handle: (&proxy{to: "10.0.0.2:80", idle: idle}).handle}
		serving := task.Go(l, func(yield coro.Yield) error { return server.Serve(yield, at) })
		client, err := sock.Connect(yield, "10.0.0.1:80")
		require.NoError(t, err)
		accepted, err := sock.Accept(yield, to)
		require.NoError(t, err)
		talk(yield, client, accepted)
		server.Shutdown(0)
		_, err = task.Await(yield, serving)
		return err
	}))
}

func TestIdle(t *testing.T) {
	// ends is when both sides are reset after count bytes, one each 50 s, from one side or the other.
	ends := func(count int, fromServer bool) (after time.Duration) {
		between(t, simulation.New(1, simulation.Weather{}), time.Minute, func(yield coro.Yield, client, server *sock.Socket) {
			begin := client.Loop().Now()
			from, to := client, server
			if fromServer {
				from, to = server, client
			}
			for range count {
				require.NoError(t, task.Sleep(yield, 50*time.Second))
				require.NoError(t, sock.Send(yield, from, []byte("x")))
				_, err := sock.Read(yield, to)
				require.NoError(t, err)
			}
			for _, s := range []*sock.Socket{client, server} {
				_, err := sock.Read(yield, s)
				assert.ErrorIs(t, err, syscall.ECONNRESET)
			}
			after = client.Loop().Now() - begin
		})
		return after.Round(time.Second)
	}
	assert.Equal(t, time.Minute, ends(0, false), "silence")
	assert.Equal(t, 72*50*time.Second+time.Minute, ends(72, false), "the client sends, for an hour")
	assert.Equal(t, 72*50*time.Second+time.Minute, ends(72, true), "the server sends, for an hour")
}

// TestStuck: a server that has said everything, and reads nothing, is given up too.
func TestStuck(t *testing.T) {
	between(t, simulation.New(1, simulation.Weather{}), time.Minute, func(yield coro.Yield, client, server *sock.Socket) {
		begin := client.Loop().Now()
		require.NoError(t, server.CloseWrite())
		_, err := sock.Read(yield, client)
		require.Equal(t, io.EOF, err)
		require.ErrorIs(t, sock.Send(yield, client, make([]byte, 1<<20)), syscall.ECONNRESET)
		require.Equal(t, time.Minute, (client.Loop().Now() - begin).Round(time.Second))
	})
}

// TestBackpressure: of what a server doesn't read, the proxy keeps one buffer.
func TestBackpressure(t *testing.T) {
	const kernel = 4 << 10
	for _, toServer := range []bool{true, false} {
		between(t, simulation.New(1, simulation.Weather{Buffer: kernel}), time.Hour, func(yield coro.Yield, client, server *sock.Socket) {
			from, to := client, server
			if !toServer {
				from, to = server, client
			}
			err := task.FailAfter(yield, time.Minute, func(yield coro.Yield) error { return sock.Send(yield, from, make([]byte, 1<<20)) })
			var stuck *sock.SendError
			require.True(t, errors.As(err, &stuck), "nobody reads, and all is sent: %v", err)
			require.LessOrEqual(t, stuck.Sent, 64<<10+2*kernel)
			require.NoError(t, from.CloseWrite())
			got, err := sock.ReadAll(yield, to, 1<<20)
			require.NoError(t, err)
			require.Len(t, got, stuck.Sent, "nothing is lost")
		})
	}
}

// TestWhole: wherever the server's connection breaks, the client gets all of its echo, or an
// error. An end after half of it would pass for the whole.
func TestWhole(t *testing.T) {
	data := bytes.Repeat([]byte("0123456789"), 2000)
	broken := 0
	for n := range 50 {
		w := simulation.New(uint64(n), simulation.Rough)
		w.Script(simulation.Reset("10.0.0.2:80", 1000*n))
		between(t, w, time.Minute, func(yield coro.Yield, client, server *sock.Socket) {
			l := client.Loop()
			echo := task.Go(l, func(yield coro.Yield) error { return echoAll(yield, server) })
			send := task.Go(l, func(yield coro.Yield) error { return errors.Join(sock.Send(yield, client, data), client.CloseWrite()) })
			got, err := sock.ReadAll(yield, client, len(data))
			if err != nil {
				require.ErrorIs(t, err, syscall.ECONNRESET, "broken after %d bytes", 1000*n)
				broken++
			} else {
				require.True(t, bytes.Equal(data, got), "broken after %d bytes: %d arrived", 1000*n, len(got))
			}
			_, err = task.GatherOutcomes(yield, echo, send)
			require.NoError(t, err)
		})
	}
	require.Greater(t, broken, 10)
	require.Less(t, broken, 40)
}

func echoAll(yield coro.Yield, s *sock.Socket) error {
	for {
		data, err := sock.Read(yield, s)
		if err == io.EOF {
			return s.CloseWrite()
		}
		if err != nil {
			return err
		}
		if err := sock.Send(yield, s, data); err != nil {
			return err
		}
	}
}
