package serve

// How conversations over TLS end, and who hears of it. Read tls_test.go first.

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// TestTLSEnds: a client that leaves without TLS's goodbye may have been cut off. Between two
// requests of HTTP, that does no harm.
func TestTLSEnds(t *testing.T) {
	const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	for _, row := range []struct {
		name    string
		handle  func(coro.Yield, *Conn) error
		said    string
		goodbye bool
		want    string // in the answers
		told    error
	}{
		{"an echo, with a goodbye", Echo, "hello", true, "hello", nil},
		{"an echo, without", Echo, "hello", false, "hello", sock.ErrCut},
		{"HTTP, with a goodbye", HTTP(routes, Limits{}), get, true, "GET h", nil},
		{"HTTP, without", HTTP(routes, Limits{}), get, false, "GET h", nil},
		{"HTTP, before the first request", HTTP(routes, Limits{}), "", false, "", nil},
		{"HTTP, within a head", HTTP(routes, Limits{}), get[:20], false, "400 Bad Request", ErrBadRequest},
		{"HTTP, within a head, with a goodbye", HTTP(routes, Limits{}), get[:20], true, "400 Bad Request", ErrBadRequest},
		{"HTTP, within a body", HTTP(routes, Limits{}), "POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhello", false, "5 ", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := securely(t, &Server{Handle: row.handle})
			c, below := s.connect()
			s.send(c, row.said)
			require.NoError(t, c.Handshake())
			if row.goodbye {
				require.NoError(t, c.CloseWrite())
			}
			require.NoError(t, below.Conn.(*net.TCPConn).CloseWrite())
			got, _ := io.ReadAll(c)
			require.Contains(t, string(got), row.want)
			s.conns(0)
			s.goes()
			if row.told == nil {
				require.Empty(t, s.told)
				return
			}
			require.Len(t, s.told, 1)
			require.ErrorIs(t, s.told[0], row.told)
			require.Equal(t, []bool{true}, s.routine)
		})
	}
}

// TestTLSSlowClients: the limits of HTTP hold for what is decrypted, too.
func TestTLSSlowClients(t *testing.T) {
	const short, long = 50 * time.Millisecond, time.Hour
	const get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	for name, row := range map[string]struct {
		limits Limits
		said   string
		most   int // bytes of the last record that are sent; 0 is all
	}{
		"a head that doesn't come":       {Limits{Head: short, Idle: long, Piece: long}, get[:20], 0},
		"a record that doesn't come":     {Limits{Head: short, Idle: long, Piece: long}, get, 20},
		"a next request that isn't made": {Limits{Head: long, Idle: short, Piece: long}, get, 0},
		"an answer that isn't read":      {Limits{Head: long, Idle: long, Piece: short}, "GET /huge HTTP/1.1\r\nHost: h\r\n\r\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := securely(t, &Server{Handle: HTTP(func(yield coro.Yield, w *ResponseWriter, r *http.Request) {
				if r.URL.Path == "/huge" {
					_, _ = w.Write(make([]byte, 32<<20))
				}
			}, row.limits)})
			c, below := s.connect()
			require.NoError(t, c.Handshake())
			below.most = row.most
			s.send(c, row.said)
			s.conns(0)
			s.goes()
			require.Len(t, s.told, 1)
			require.ErrorIs(t, s.told[0], os.ErrDeadlineExceeded)
			require.Equal(t, []bool{true}, s.routine)
		})
	}
}

// TestMisuseIsNews: two tasks that read at once are a fault of the program's.
func TestMisuseIsNews(t *testing.T) {
	s := serving(t, &Server{Handle: func(yield coro.Yield, c *Conn) error {
		first := task.Go(c.Loop(), func(coro.Yield) error { _, err := c.Read(make([]byte, 1)); return err })
		if err := task.Checkpoint(yield); err != nil {
			return err
		}
		_, err := c.Read(make([]byte, 1))
		return errors.Join(err, task.CancelAndWait(yield, first))
	}})
	s.closed(s.dial())
	s.until("a report", func() bool { return len(s.Reports) == 1 })
	require.ErrorIs(t, s.Reports[0].Err, sock.ErrBusy)
}
