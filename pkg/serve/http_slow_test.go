package serve

// Clients that take their time. Read http_test.go first.

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// pacer is a site whose clock moves on by a millisecond with each piece that the server
// receives, and a client that sends the next piece when the last one has been received.
type pacer struct {
	*site
	conn     *net.TCPConn
	clock    stopped
	received chan struct{}
}

func pacing(t *testing.T, limits Limits) *pacer {
	p := &pacer{received: make(chan struct{}, 1)}
	calls := sys.Kernel
	calls.Recv = func(fd int, b []byte) (int, error) {
		n, err := sys.Kernel.Recv(fd, b)
		if n > 0 {
			p.clock.move(time.Millisecond)
			select {
			case p.received <- struct{}{}:
			default:
			}
		}
		return n, err
	}
	p.site = servingOn(t, &Server{Handle: HTTP(routes, limits)}, p.clock.tells, func(o *loop.Options) { o.Calls = &calls })
	p.conn = p.dial()
	return p
}

// pieces sends piece until the server has closed the connection, and returns how often.
func (p *pacer) pieces(piece string) (n int) {
	over := make(chan struct{})
	go func() {
		defer close(over)
		_, _ = io.Copy(io.Discard, p.conn)
	}()
	select {
	case <-p.received: // of a request before
	default:
	}
	for ; n < 10_000; n++ {
		if _, err := io.WriteString(p.conn, piece); err != nil {
			return n
		}
		select {
		case <-p.received:
		case <-over:
			return n
		}
	}
	return n
}

// goAfter moves the clock by steps of limit, until the server has dropped every connection.
func (s *site) goAfter(clock *stopped, limit time.Duration) {
	s.until("all are dropped", func() bool {
		clock.move(limit)
		return s.server.conns.Len() == 0
	})
}

func TestHTTPSlowClients(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	const short, long = 50 * time.Millisecond, time.Hour
	t.Run("V03 slow heads are dropped, a good one is served", func(t *testing.T) {
		clock := &stopped{}
		s := servingOn(t, &Server{Handle: HTTP(routes, Limits{Head: short, Idle: long, Piece: long})}, clock.tells)
		for i := range 100 {
			s.send(s.dial(), "GET / HTTP/1.1\r\nHost: h\r\n"[:i%26])
		}
		_, body := s.one(get)
		require.Equal(t, "GET h", body)
		s.goAfter(clock, short)
	})
	t.Run("V03 a head that trickles is dropped too", func(t *testing.T) {
		s := pacing(t, Limits{Head: short, Idle: long, Piece: long})
		require.InDelta(t, short.Milliseconds(), s.pieces("a"), 2, "counted from the first byte")
		s.conns(0)
	})
	t.Run("a kept connection that is idle for too long", func(t *testing.T) {
		s := talking(t, Limits{Head: long, Idle: short, Piece: long})
		c := s.dial()
		s.send(c, get)
		r := bufio.NewReader(c)
		s.answer(r, "GET")
		_, err := r.ReadByte()
		require.Equal(t, io.EOF, err)
	})
	t.Run("V03 the head of a later request is slow", func(t *testing.T) {
		clock := &stopped{}
		s := servingOn(t, &Server{Handle: HTTP(routes, Limits{Head: short, Idle: long, Piece: long})}, clock.tells)
		c := s.dial()
		s.send(c, get)
		r := bufio.NewReader(c)
		s.answer(r, "GET")
		s.send(c, get[:20])
		s.goAfter(clock, short)
		rest, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Empty(t, string(rest), "dropped without an answer")
	})
	t.Run("V04 a head that is too long is refused before it ends", func(t *testing.T) {
		s := talking(t, Limits{Head: long, Idle: long, Piece: long})
		c := s.dial()
		go func() { _, _ = io.WriteString(c, "GET / HTTP/1.1\r\nA: "+strings.Repeat("a", 200<<10)) }()
		a, _ := s.answer(bufio.NewReader(c), "GET")
		require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, a.StatusCode)
	})
	for name, raw := range map[string]string{
		"with a length": "POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n",
		"in chunks":     "POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
	} {
		t.Run("a body that doesn't come, "+name, func(t *testing.T) {
			s := talking(t, Limits{Head: long, Idle: long, Piece: short})
			c := s.dial()
			s.send(c, raw)
			_, body := s.answer(bufio.NewReader(c), "POST")
			require.Contains(t, body, "timeout")
		})
	}
	t.Run("empty lines don't prolong the wait for a request", func(t *testing.T) {
		s := pacing(t, Limits{Head: long, Idle: short, Piece: long})
		s.send(s.conn, get)
		s.answer(bufio.NewReader(s.conn), "GET")
		require.InDelta(t, short.Milliseconds(), s.pieces("\r\n"), 2, "counted from the answer")
		s.conns(0)
	})
	const size = 16 << 20
	big := filepath.Join(t.TempDir(), "big")
	require.NoError(t, os.WriteFile(big, faulty.Pattern(size), 0o644))
	f, err := os.Open(big)
	require.NoError(t, err)
	defer f.Close()
	writes := map[string]func(w *ResponseWriter){
		"from memory": func(w *ResponseWriter) { _, _ = w.Write(faulty.Pattern(size)) },
		"from a file": func(w *ResponseWriter) { _ = w.SendFile(f, 0, size) },
	}
	for name, write := range writes {
		t.Run("V12 N10 an answer that isn't read, "+name, func(t *testing.T) {
			most := 0
			s := serving(t, &Server{Handle: HTTP(func(_ coro.Yield, w *ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", fmt.Sprint(size))
				write(w)
			},
				Limits{Head: long, Idle: long, Piece: short})}, func(c *sys.Calls) {
				c.Send = func(fd int, p []byte) (int, error) {
					most = max(most, len(p))
					return sys.Kernel.Send(fd, p)
				}
			})
			c := s.dial()
			s.send(c, get)
			_, err := c.Read(make([]byte, 1)) // it has begun, and that is all he reads
			require.NoError(t, err)
			s.conns(0)
			s.on(func() { assert.LessOrEqual(t, most, pieceMost, "each piece has its time") })
		})
	}
	for name, write := range writes {
		t.Run("V12 a handler that took its time, "+name, func(t *testing.T) {
			const piece = time.Second
			clock := &stopped{}
			s := servingOn(t, &Server{Handle: HTTP(func(yield coro.Yield, w *ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", fmt.Sprint(size))
				w.Flush()
				clock.move(2 * piece)
				_, _ = task.Checkpoint(yield), task.Checkpoint(yield) // a timer has run by now
				write(w)                                              // its pieces have their time from here on
			}, Limits{Piece: piece})}, clock.tells)
			c := s.dial()
			s.send(c, get)
			_, body := s.answer(bufio.NewReader(c), "GET")
			require.Len(t, body, size)
		})
	}
	t.Run("V12 a slow client makes the handler wait", func(t *testing.T) {
		written := 0
		full := make(chan struct{}, 1)
		s := serving(t, &Server{Handle: HTTP(func(_ coro.Yield, w *ResponseWriter, _ *http.Request) {
			for written < 32<<20 {
				n, err := w.Write(make([]byte, 64<<10))
				if written += n; err != nil {
					return
				}
			}
		}, Limits{})}, func(c *sys.Calls) {
			c.Send = func(fd int, p []byte) (int, error) {
				n, err := sys.Kernel.Send(fd, p)
				if err == unix.EAGAIN {
					select {
					case full <- struct{}{}:
					default:
					}
				}
				return n, err
			}
		})
		c := s.dial()
		s.send(c, get)
		<-full
		s.on(func() { assert.Less(t, written, 24<<20) })
		_, body := s.answer(bufio.NewReader(c), "GET")
		require.Len(t, body, 32<<20)
	})
}
