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

// TestKept counts the connections that several requests take, one after the other.
func TestKept(t *testing.T) {
	const n = 3
	read := func(answer *http.Response) { _, _ = io.Copy(io.Discard, answer.Body) }
	leave := func(answer *http.Response) { _ = answer.Body.Close() }
	for _, test := range []struct {
		name, path string
		client     fetch.Client
		change     func(*http.Request)
		use        func(*http.Response)
		want       int
	}{
		{"a_second_request_costs_no_connect", "/length", fetch.Client{}, nil, read, 1},
		{"also_behind_chunks", "/chunks", fetch.Client{}, nil, read, 1},
		{"also_without_a_body", "/status/204", fetch.Client{}, nil, leave, 1},
		{"also_behind_a_redirect", "/to/302", fetch.Client{}, nil, read, 1},
		{"a_body_that_has_arrived_is_dropped", "/length", fetch.Client{}, nil, leave, 1},
		{"a_body_of_a_megabyte_is_not", "/big", fetch.Client{}, nil, leave, n},
		{"the_server_closes", "/close", fetch.Client{}, nil, read, n},
		{"we_close", "/length", fetch.Client{}, func(r *http.Request) { r.Close = true }, read, n},
		{"we_close_by_a_header", "/length", fetch.Client{}, func(r *http.Request) { r.Header.Set("Connection", "Close") }, read, n},
		{"none_is_kept", "/length", fetch.Client{MaxIdle: -1}, nil, read, n},
		{"one_is_kept", "/length", fetch.Client{MaxIdle: 1, MaxConnsPerHost: 1}, nil, read, 1},
	} {
		for _, secure := range []bool{false, true} {
			name := map[bool]string{false: "plain", true: "TLS"}[secure]
			t.Run(test.name+"/"+name, func(t *testing.T) {
				server := serveCountingTLS(t, site, secure)
				c := test.client
				if secure {
					c.TLS = trustIn(server.Server)
				}
				play(t, &c, func(yield coro.Yield, _ *looptest.Rig) {
					for range n {
						r := newRequest(t, "GET", server.URL+test.path, "")
						if test.change != nil {
							test.change(r)
						}
						answer, err := c.Do(yield, r)
						require.NoError(t, err)
						test.use(answer)
					}
				})
				assert.EqualValues(t, test.want, server.connects.Load())
			})
		}
	}
}

// TestKeptScripted: what a server does to a kept connection, and what we do then.
func TestKeptScripted(t *testing.T) {
	keyed := func(r *http.Request) { r.Header.Set("Idempotency-Key", "1") }
	noRewind := func(r *http.Request) { r.GetBody = nil }
	again := "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nagain"
	// A server that answers the first request, and ends the first connection when the
	// second one comes.
	ends := func(reset bool) func(int, net.Conn, *bufio.Reader) {
		return func(n int, conn net.Conn, r *bufio.Reader) {
			if n > 1 {
				answerOnce(conn, r, again)
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
	always := func(raw string) func(int, net.Conn, *bufio.Reader) {
		return func(_ int, conn net.Conn, r *bufio.Reader) {
			for answerOnce(conn, r, raw) {
			}
		}
	}
	for _, test := range []struct {
		name, method, body string
		change             func(*http.Request)
		server             func(int, net.Conn, *bufio.Reader)
		want               string // "" is an error
		connects           int
	}{
		{"ends_in_a_GET", "GET", "", nil, ends(false), "again", 2},
		{"is_reset_in_a_GET", "GET", "", nil, ends(true), "again", 2},
		{"ends_in_a_PUT", "PUT", "body", nil, ends(false), "again", 2},
		{"ends_in_a_DELETE", "DELETE", "", nil, ends(false), "again", 2},
		{"ends_in_a_POST", "POST", "body", nil, ends(false), "", 1},
		{"ends_in_a_PATCH", "PATCH", "body", nil, ends(false), "", 1},
		{"ends_in_a_POST_with_a_key", "POST", "body", keyed, ends(false), "again", 2},
		{"ends_in_a_PUT_that_can't_be_had_again", "PUT", "body", noRewind, ends(false), "", 1},
		{"is_kept", "POST", "body", nil, always(okHello), "hello", 1},
		{"HTTP_1.0_is_not_kept", "GET", "", nil, always("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"), "hello", 2},
		{"HTTP_1.0_is_kept_if_it_says_so", "GET", "", nil, always("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello"), "hello", 1},
		{"says_close_among_others", "GET", "", nil, always("HTTP/1.1 200 OK\r\nConnection: foo, CLOSE\r\nContent-Length: 5\r\n\r\nhello"), "hello", 2},
		{"surplus_in_the_same_packet", "POST", "body", nil, always(okHello + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"), "hello", 2},
		{"surplus_behind_no_body", "POST", "body", nil, always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nevil"), "", 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			rawURL, connects := scripted(t, test.server)
			c := &fetch.Client{}
			play(t, c, func(yield coro.Yield, _ *looptest.Rig) {
				_, err := c.Get(yield, rawURL)
				require.NoError(t, err)
				r := newRequest(t, test.method, rawURL, test.body)
				if test.change != nil {
					test.change(r)
				}
				answer, err := c.Do(yield, r)
				if test.want == "" && !strings.Contains(test.name, "no_body") {
					require.ErrorIs(t, err, fetch.ErrNoAnswer)
				} else {
					assert.Equal(t, test.want, text(t, answer, err))
				}
			})
			assert.EqualValues(t, test.connects, connects.Load())
		})
	}
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
		assert.Equal(t, []string{"b fetch " + server.URL + "/length: wait: semaphore: canceled", "a <nil>", "last <nil>"}, r.Seen)
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
