package fetch_test

// When a request is made again, how often, and on which connection.

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/sock"
)

// ends is a server that answers the first request, and ends the first connection when the
// second one comes.
func ends(reset bool) func(int, net.Conn, *bufio.Reader) {
	return func(n int, conn net.Conn, r *bufio.Reader) {
		if n > 1 {
			answerOnce(conn, r, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nagain")
			return
		}
		answerOnce(conn, r, okHello)
		if r, err := http.ReadRequest(r); err == nil {
			_, _ = io.Copy(io.Discard, r.Body) // otherwise its close is a reset
		}
		if reset {
			_ = conn.(*net.TCPConn).SetLinger(0)
		}
	}
}

// always is a server that says raw to each request.
func always(raw string) func(int, net.Conn, *bufio.Reader) {
	return func(_ int, conn net.Conn, r *bufio.Reader) {
		for answerOnce(conn, r, raw) {
		}
	}
}

func TestRetry(t *testing.T) {
	t.Run("once_only", func(t *testing.T) {
		rawURL, connects := scripted(t, func(n int, conn net.Conn, r *bufio.Reader) {
			if n == 1 {
				answerOnce(conn, r, okHello)
			}
			_, _ = http.ReadRequest(r)
		})
		c := &fetch.Client{}
		play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
			_, err := c.Get(yield, rawURL)
			require.NoError(t, err)
			_, err = c.Get(yield, rawURL)
			require.ErrorIs(t, err, fetch.ErrNoAnswer)
		})
		assert.EqualValues(t, 2, connects.Load())
	})
	t.Run("not_on_another_that_was_kept", func(t *testing.T) {
		var lost atomic.Int32 // requests that got no answer
		rawURL, connects := scripted(t, func(_ int, conn net.Conn, r *bufio.Reader) {
			answerOnce(conn, r, okHello)
			if _, err := http.ReadRequest(r); err == nil {
				lost.Add(1)
			}
		})
		c := &fetch.Client{}
		play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
			var both []*http.Response
			for range 2 {
				answer, err := c.Do(yield, newRequest(t, "GET", rawURL, ""))
				require.NoError(t, err)
				both = append(both, answer)
			}
			for _, answer := range both {
				require.Equal(t, "hello", text(t, answer, nil))
			}
			_, err := c.Get(yield, rawURL)
			require.NoError(t, err)
		})
		assert.EqualValues(t, 3, connects.Load())
		assert.EqualValues(t, 1, lost.Load())
	})
	t.Run("a_body_that_was_had_again_is_closed", func(t *testing.T) {
		rawURL, _ := scripted(t, ends(false))
		dials, bodies := 0, []*closing{}
		c := &fetch.Client{Dial: func(yield coro.Yield, address string) (*sock.Socket, error) {
			if dials++; dials > 1 {
				return nil, errAny
			}
			return sock.Connect(yield, address)
		}}
		play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
			_, err := c.Get(yield, rawURL)
			require.NoError(t, err)
			r := newRequest(t, "PUT", rawURL, "body")
			r.GetBody = func() (io.ReadCloser, error) {
				bodies = append(bodies, &closing{Reader: strings.NewReader("body")})
				return bodies[len(bodies)-1], nil
			}
			r.Body, _ = r.GetBody()
			_, err = c.Do(yield, r)
			require.ErrorIs(t, err, errAny)
		})
		require.Len(t, bodies, 2)
		for _, b := range bodies {
			assert.Equal(t, 1, b.closed)
		}
	})
	t.Run("not_when_we_said_close", func(t *testing.T) {
		rawURL, connects := scripted(t, always(okHello)) // it doesn't listen
		c := &fetch.Client{}
		play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
			for _, said := range []string{"close", "CLOSE", ""} {
				r := newRequest(t, "GET", rawURL, "")
				r.Header.Set("Connection", said)
				answer, err := c.Do(yield, r)
				require.Equal(t, "hello", text(t, answer, err))
			}
		})
		assert.EqualValues(t, 3, connects.Load())
	})
	t.Run("not_on_a_new_connection", func(t *testing.T) {
		rawURL, connects := scripted(t, func(_ int, _ net.Conn, r *bufio.Reader) { _, _ = http.ReadRequest(r) })
		c := &fetch.Client{}
		play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
			_, err := c.Get(yield, rawURL)
			require.ErrorIs(t, err, fetch.ErrNoAnswer)
		})
		assert.EqualValues(t, 1, connects.Load())
	})
	t.Run("not_when_an_answer_has_begun", func(t *testing.T) {
		rawURL, connects := scripted(t, func(n int, conn net.Conn, r *bufio.Reader) {
			answerOnce(conn, r, okHello)
			answerOnce(conn, r, "HTTP/1.1 2")
		})
		c := &fetch.Client{}
		play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
			_, err := c.Get(yield, rawURL)
			require.NoError(t, err)
			_, err = c.Get(yield, rawURL)
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		})
		assert.EqualValues(t, 1, connects.Load())
	})
}
