package fetch_test

// Which connections are made, kept and closed. Counts, not times.

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// TestIdle: how many connections are kept, and for how long.
func TestIdle(t *testing.T) {
	first, second := serveCounting(t, site), serveCounting(t, site)
	var open []*sock.Socket
	dial := func(yield coro.Yield, address string) (*sock.Socket, error) {
		s, err := sock.Connect(yield, address)
		open = append(open, s)
		return s, err
	}
	count := func() (n int) {
		for _, s := range open {
			if s.FD() >= 0 {
				n++
			}
		}
		return n
	}
	t.Run("the_one_that_was_idle_longest_makes_room", func(t *testing.T) {
		open = nil
		c := &fetch.Client{MaxIdle: 1, Dial: dial}
		play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
			for _, s := range []*counting{first, second} {
				_, err := c.Get(yield, s.URL+"/length")
				require.NoError(t, err)
			}
			assert.Equal(t, 1, count())
			assert.Equal(t, -1, open[0].FD())
			c.CloseIdleConnections()
			assert.Zero(t, count())
			_, err := c.Get(yield, second.URL+"/length")
			require.NoError(t, err)
			assert.Equal(t, 1, count())
		})
		assert.Zero(t, count(), "Close closes what is idle")
	})
	for name, end := range map[string]func(c *fetch.Client){
		"all_at_once":  (*fetch.Client).CloseIdleConnections,
		"all_for_good": func(c *fetch.Client) { _ = c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			open = nil
			c := &fetch.Client{Dial: dial}
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				for _, s := range []*counting{first, second} {
					_, err := c.Get(yield, s.URL+"/length")
					require.NoError(t, err)
				}
				require.Equal(t, 2, count())
				end(c)
				assert.Zero(t, count())
			})
		})
	}
	for limit, open1 := range map[time.Duration]int{0: 0, time.Minute: 0, -1: 1, 3 * time.Minute: 1} {
		t.Run("after_two_minutes_with_a_limit_of_"+limit.String(), func(t *testing.T) {
			open = nil
			c := &fetch.Client{IdleTimeout: limit, Dial: dial}
			r := looptest.Quick(t)
			r.Play(func(yield coro.Yield) {
				defer c.Close()
				_, err := c.Get(yield, first.URL+"/length")
				require.NoError(t, err)
				require.Equal(t, 1, count())
				require.NoError(t, task.Sleep(yield, 2*time.Minute))
				assert.Equal(t, open1, count())
			})
		})
	}
	t.Run("with_the_loop", func(t *testing.T) {
		before := leaktest.Begin(t)
		l, err := loop.New(loop.Options{})
		require.NoError(t, err)
		c := &fetch.Client{}
		get := func(yield coro.Yield) (any, error) { return c.Get(yield, first.URL+"/length") }
		_, err = task.Run(l, get)
		require.NoError(t, err)
		require.NoError(t, l.Close())
		before.FilesSoon()
		l, err = loop.New(loop.Options{})
		require.NoError(t, err)
		_, err = task.Run(l, get)
		require.NoError(t, err, "the next loop is as good")
		require.NoError(t, l.Close())
	})
}

// TestDeadlockBesideAnIdleConnection: it is no reason to hope.
func TestDeadlockBesideAnIdleConnection(t *testing.T) {
	for name, secure := range map[string]bool{"plain": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			server := serveCountingTLS(t, site, secure)
			c := &fetch.Client{}
			if secure {
				c.TLS = trustIn(server.Server)
			}
			r := looptest.Quick(t)
			get := func(yield coro.Yield) {
				_, err := c.Get(yield, server.URL+"/length")
				require.NoError(t, err)
			}
			_, err := task.Run(r.Loop, func(yield coro.Yield) (any, error) {
				get(yield)
				get(yield)
				return nil, (&waiting{}).wait(yield, r.Loop)
			})
			require.ErrorIs(t, err, loop.ErrDeadlock)
			assert.Zero(t, r.Time, "at once")
			assert.EqualValues(t, 1, server.connects.Load(), "it was kept")
			r.Play(get)
			assert.EqualValues(t, 1, server.connects.Load(), "and still is")
			require.NoError(t, c.Close())
		})
	}
}

// TestMaxConnsPerHost: no more are open at a time, and those who wait come in order.
func TestMaxConnsPerHost(t *testing.T) {
	server := serveCounting(t, site)
	c := &fetch.Client{MaxConnsPerHost: 2}
	play(t, c, func(yield coro.Yield, r *looptest.Rig) {
		var held []*http.Response
		for range 2 {
			answer, err := c.Do(yield, newRequest(t, "GET", server.URL+"/length", ""))
			require.NoError(t, err)
			held = append(held, answer)
		}
		get := func(name string) *task.Task {
			return r.Spawn(func(yield coro.Yield) error {
				_, err := c.Get(yield, server.URL+"/length")
				r.Note("%s %v", name, err)
				return nil
			})
		}
		a, b, last := get("a"), get("b"), get("last")
		r.Waits(yield, a)
		b.Cancel() // in the middle of the line
		_, _ = task.Await(yield, b)
		_ = held[0].Body.Close()
		_, err := task.Await(yield, a)
		require.NoError(t, err)
		_, err = task.Await(yield, last)
		require.NoError(t, err)
		_ = held[1].Body.Close()
		_, err = c.Get(yield, strings.Replace(server.URL, "127.0.0.1", "localhost", 1)+"/length")
		require.NoError(t, err)
		assert.Equal(t, []string{"b fetch " + server.URL + "/length: wait for a connection to http://127.0.0.1 at " + server.Listener.Addr().String() + " (MaxConnsPerHost is 2): canceled", "a <nil>", "last <nil>"}, r.Seen)
		r.Seen = nil
	})
	assert.EqualValues(t, 3, server.connects.Load(), "another name is another server")
}

// TestPoolOfTLS: one name's connection serves no other name's requests.
func TestPoolOfTLS(t *testing.T) {
	server := newSecure(t, tls.VersionTLS13, []string{"a.example", "b.example"}, func(conn *tls.Conn) {
		defer conn.Close()
		r := bufio.NewReader(conn)
		for answerOnce(conn, r, okHello) {
		}
	})
	c := server.client()
	play(t, &c, func(yield coro.Yield, _ *looptest.Rig) {
		for _, host := range []string{"a.example", "b.example", "A.example", "a.example:443"} {
			_, err := c.Get(yield, "https://"+host+"/")
			require.NoError(t, err)
		}
		_, err := c.Get(yield, "https://c.example/")
		var wrong *tls.CertificateVerificationError
		require.ErrorAs(t, err, &wrong)
	})
	close(server.names)
	var names []string
	for name := range server.names {
		names = append(names, name)
	}
	assert.Equal(t, []string{"a.example", "b.example", "c.example"}, names)
}

// TestClosedWhileIdle: a connection that the server has closed, or speaks on, is not used
// again, whatever the method.
func TestClosedWhileIdle(t *testing.T) {
	for name, last := range map[string]string{"closed": "", "spoken_on": "HTTP/1.1 408 Request Timeout\r\n\r\n"} {
		t.Run(name, func(t *testing.T) {
			gone := make(chan struct{})
			rawURL, connects := scripted(t, func(n int, conn net.Conn, r *bufio.Reader) {
				answerOnce(conn, r, okHello)
				if n == 1 {
					<-gone
					_, _ = io.WriteString(conn, last)
					_ = conn.(*net.TCPConn).CloseWrite()
					gone <- struct{}{}
					_, _ = io.Copy(io.Discard, r)
				}
			})
			var s *sock.Socket
			c := &fetch.Client{Dial: func(yield coro.Yield, address string) (_ *sock.Socket, err error) {
				s, err = sock.Connect(yield, address)
				return s, err
			}}
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				_, err := c.Get(yield, rawURL)
				require.NoError(t, err)
				idle := s
				gone <- struct{}{}
				<-gone
				leaktest.Until(t, "the end has come", idle.Arrived)
				answer, err := c.Do(yield, newRequest(t, "POST", rawURL, "body"))
				require.Equal(t, "hello", text(t, answer, err))
				assert.Equal(t, -1, idle.FD())
			})
			assert.EqualValues(t, 2, connects.Load())
		})
	}
}

// TestPlacesAreGivenBack: what fails holds no place at its server.
func TestPlacesAreGivenBack(t *testing.T) {
	c := &fetch.Client{MaxConnsPerHost: 1, Dial: func(coro.Yield, string) (*sock.Socket, error) { return nil, errAny }}
	play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
		for range 3 {
			_, err := c.Get(yield, "http://127.0.0.1:1/")
			require.ErrorIs(t, err, errAny)
		}
	})
}
