package sock_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

// certificate is net/http/httptest's own.
var certificate = sync.OnceValues(func() (server, client *tls.Config) {
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	roots := s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: roots, ServerName: "example.com"}
})

// version is config with one version of TLS alone.
func version(config *tls.Config, v uint16) *tls.Config {
	config = config.Clone()
	config.MinVersion, config.MaxVersion = v, v
	return config
}

// tlsPair is a connection with both ends on the loop.
func (w *world) tlsPair(yield coro.Yield, v uint16) (client, server *sock.TLSConn) {
	serverTLS, clientTLS := certificate()
	a, b := w.pair(yield)
	serves := w.Spawn(func(yield coro.Yield) (err error) {
		server, err = sock.TLSServer(yield, b, version(serverTLS, v))
		return err
	})
	client, err := sock.TLSClient(yield, a, version(clientTLS, v))
	require.NoError(w, err)
	w.fails(yield, serves, nil)
	require.Equal(w, v, client.ConnectionState().Version)
	return client, server
}

// goPeer is a TLS server of Go's own, with goroutines, that does what serve says. end waits
// for its end.
func (w *world) goPeer(config *tls.Config, serve func(c *tls.Conn) error) (address string, end func() error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(w, err)
	ended := make(chan error, 1)
	go func() {
		conn, err := ln.Accept()
		if err == nil {
			err = errors.Join(serve(tls.Server(conn, config)), conn.Close())
		}
		ended <- errors.Join(err, ln.Close())
	}()
	return ln.Addr().String(), func() error { return <-ended }
}

func TestTLSBothWaysAtOnce(t *testing.T) {
	const much = 16 << 20
	serverTLS, clientTLS := certificate()
	for name, v := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		t.Run(name, func(t *testing.T) {
			runRows(t, []row{
				{name: "ourselves", bulk: true, run: func(w *world, yield coro.Yield) {
					a, b := w.tlsPair(yield, v)
					w.bothWays(yield, a, b, much)
				}},
				{name: "a_byte_at_a_time", run: func(w *world, yield coro.Yield) {
					a, b := w.tlsPair(yield, v)
					w.bothWays(yield, a, b, 2000)
				}},
				{name: "a_peer_with_goroutines", bulk: true, run: func(w *world, yield coro.Yield) {
					data := faulty.Pattern(much)
					address, end := w.goPeer(version(serverTLS, v), func(c *tls.Conn) error {
						wrote := make(chan error, 1)
						go func() { _, err := c.Write(data); wrote <- err }()
						return errors.Join(w.gets(c, data), <-wrote)
					})
					a, err := sock.TLSClient(yield, w.connect(yield, address), version(clientTLS, v))
					require.NoError(w, err)
					writes := w.Spawn(func(coro.Yield) error { _, err := a.Write(data); return err })
					require.NoError(w, w.gets(a, data))
					w.fails(yield, writes, nil)
					require.NoError(w, end())
				}},
				{name: "a_tls_Conn_of_one's_own", bulk: true, run: func(w *world, yield coro.Yield) {
					s, c := w.pair(yield)
					a, b := tls.Client(sock.Stream(c), version(clientTLS, v)), tls.Server(sock.Stream(s), version(serverTLS, v))
					shakes := w.Spawn(func(coro.Yield) error { return b.Handshake() })
					require.NoError(w, a.Handshake())
					w.fails(yield, shakes, nil)
					w.bothWays(yield, a, b, much)
				}},
			})
		})
	}
}

func TestTLS(t *testing.T) {
	serverTLS, clientTLS := certificate()
	hour := time.Hour
	runRows(t, []row{
		{name: "a_conversation", run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			serves := w.Spawn(func(coro.Yield) error {
				got, err := io.ReadAll(b)
				assert.Equal(w, "question", string(got))
				if err == nil {
					_, err = b.Write([]byte("answer"))
				}
				return errors.Join(err, b.Close())
			})
			_, err := a.Write([]byte("question"))
			require.NoError(w, err)
			require.NoError(w, a.CloseWrite())
			require.NoError(w, a.CloseWrite(), "twice is no harm")
			_, err = a.Write([]byte("more"))
			require.ErrorContains(w, err, "shutdown")
			got, err := io.ReadAll(a)
			require.NoError(w, err)
			require.Equal(w, "answer", string(got))
			_, err = a.Read(make([]byte, 1))
			require.Equal(w, io.EOF, err, "and every time")
			w.fails(yield, serves, nil)
			require.Equal(w, a.Socket().RemoteAddr(), a.RemoteAddr())
			require.Equal(w, a.Socket().LocalAddr(), a.LocalAddr())
			require.NoError(w, a.Close())
			require.ErrorIs(w, a.Close(), net.ErrClosed)
			_, err = a.Read(make([]byte, 1))
			require.ErrorIs(w, err, net.ErrClosed)
			_, err = a.Write(nil)
			require.ErrorIs(w, err, net.ErrClosed)
		}},
		{name: "misuse", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			w.narrow(a.Socket(), b.Socket())
			w.refuses(yield, a, b)
		}},
		{name: "a_canceled_read", run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			w.survivesReaders(yield, a, func() { _, err := b.Write([]byte("welcome")); require.NoError(w, err) })
		}},
		{name: "a_canceled_read_of_a_tls_Conn_of_one's_own", run: func(w *world, yield coro.Yield) {
			s, c := w.pair(yield)
			a, b := tls.Client(sock.Stream(c), clientTLS), tls.Server(sock.Stream(s), serverTLS)
			shakes := w.Spawn(func(coro.Yield) error { return b.Handshake() })
			require.NoError(w, a.Handshake())
			w.fails(yield, shakes, nil)
			w.survivesReaders(yield, a, func() { _, err := b.Write([]byte("welcome")); require.NoError(w, err) })
		}},
		{name: "canceled_in_mid_write_and_gone_on_with", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			w.narrow(a.Socket(), b.Socket())
			rest := faulty.Pattern(4 << 20)
			part := func(err error) {
				var partly *sock.SendError
				require.ErrorAs(w, err, &partly)
				require.Positive(w, partly.Sent)
				require.Less(w, partly.Sent, partly.Total)
				rest = rest[partly.Sent:]
			}
			_, err := task.Timeout(yield, hour, func(coro.Yield) (any, error) { return a.Write(rest) })
			part(err)
			drains := w.Spawn(func(coro.Yield) error { return w.gets(b, faulty.Pattern(4<<20)) })
			_, err = a.Write(rest[:1<<20])
			require.NoError(w, err, "nobody is told of another's cancellation")
			rest = rest[1<<20:]
			drains.Cancel()
			w.fails(yield, drains, future.ErrCanceled)
			require.NoError(w, a.SetWriteDeadline(inAnHour()))
			_, err = a.Write(rest)
			requireTimeout(w, err)
			require.NoError(w, a.SetWriteDeadline(time.Time{}))
		}},
		{name: "what_a_canceled_write_has_taken_arrives_whole", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			w.narrow(a.Socket(), b.Socket())
			data := faulty.Pattern(4 << 20)
			writes := w.Spawn(func(coro.Yield) error { _, err := a.Write(data); return err })
			w.Waits(yield, writes)
			writes.Cancel()
			_, err := task.Await(yield, writes)
			require.ErrorIs(w, err, future.ErrCanceled)
			var partly *sock.SendError
			require.ErrorAs(w, err, &partly)
			drains := w.Spawn(func(coro.Yield) error { return w.gets(b, data) })
			_, err = a.Write(data[partly.Sent:])
			require.NoError(w, err)
			w.fails(yield, drains, nil)
		}},
		{name: "an_end_without_a_farewell", run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			_, err := b.Write([]byte("all"))
			require.NoError(w, err)
			require.NoError(w, b.Socket().Close())
			got, err := io.ReadAll(a)
			require.Equal(w, "all", string(got))
			require.ErrorIs(w, err, io.ErrUnexpectedEOF)
			_, err = a.Read(make([]byte, 1))
			require.ErrorIs(w, err, io.ErrUnexpectedEOF, "and every time")
			require.True(w, isOpError(err, "read"))
		}},
		{name: "closed_under_a_reader_and_a_writer", bulk: true, run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			w.narrow(a.Socket(), b.Socket())
			reads := w.Spawn(func(coro.Yield) error { _, err := a.Read(make([]byte, 1)); return err })
			writes := w.Spawn(func(coro.Yield) error { _, err := a.Write(faulty.Pattern(4 << 20)); return err })
			w.Waits(yield, reads)
			w.Waits(yield, writes)
			require.NoError(w, a.Close())
			w.fails(yield, reads, net.ErrClosed)
			w.fails(yield, writes, net.ErrClosed)
			_, err := io.ReadAll(b)
			require.ErrorIs(w, err, io.ErrUnexpectedEOF, "no farewell in the middle of a record")
		}},
		{name: "closed_with_a_farewell", run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			reads := w.Spawn(func(coro.Yield) error { _, err := io.ReadAll(b); return err })
			w.Waits(yield, reads)
			require.NoError(w, a.Close())
			w.fails(yield, reads, nil)
		}},
		{name: "aborted", run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			reads := w.Spawn(func(coro.Yield) error { _, err := b.Read(make([]byte, 1)); return err })
			w.Waits(yield, reads)
			require.NoError(w, a.Socket().Abort())
			w.fails(yield, reads, unix.ECONNRESET)
		}},
		{name: "the_deadlines_are_the_Socket's", run: func(w *world, yield coro.Yield) {
			a, _ := w.tlsPair(yield, tls.VersionTLS13)
			require.NoError(w, a.SetDeadline(longAgo))
			_, err := a.Read(make([]byte, 1))
			requireTimeout(w, err)
			_, err = a.Write([]byte("x"))
			requireTimeout(w, err)
			require.NoError(w, a.SetDeadline(inAnHour()))
			_, err = a.Read(make([]byte, 1))
			requireTimeout(w, err)
			require.Greater(w, w.Loop.Now(), 59*time.Minute)
		}},
	})
}

func TestTLSHandshake(t *testing.T) {
	serverTLS, clientTLS := certificate()
	runRows(t, []row{
		{name: "another_name", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			serves := w.Spawn(func(yield coro.Yield) error { _, err := sock.TLSServer(yield, b, serverTLS); return err })
			other := clientTLS.Clone()
			other.ServerName = "example.org"
			_, err := sock.TLSClient(yield, a, other)
			var wrong *tls.CertificateVerificationError
			require.ErrorAs(w, err, &wrong)
			require.True(w, isOpError(err, "tls handshake"))
			require.Equal(w, -1, a.FD(), "closed")
			_, err = task.Await(yield, serves)
			if !w.mode.oneByte { // there something of the peer's is left unread, so that the close is a reset
				require.ErrorContains(w, err, "bad certificate", "it has been told")
			}
			require.Equal(w, -1, b.FD())
		}},
		{name: "no_name", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			_, err := sock.TLSClient(yield, a, nil)
			require.ErrorContains(w, err, "ServerName")
			require.Equal(w, -1, a.FD())
		}},
		{name: "canceled", run: func(w *world, yield coro.Yield) {
			a, _ := w.pair(yield)
			_, err := task.Timeout(yield, time.Hour, func(yield coro.Yield) (any, error) { return sock.TLSClient(yield, a, clientTLS) })
			var timeout *task.TimeoutError
			require.ErrorAs(w, err, &timeout)
			require.Equal(w, -1, a.FD())
		}},
		{name: "a_peer_that_leaves", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.NoError(w, b.Close())
			_, err := sock.TLSServer(yield, a, serverTLS)
			require.ErrorIs(w, err, io.ErrUnexpectedEOF)
		}},
		{name: "refused_before_it_begins", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			_, err := sock.TLSClient(nil, a, clientTLS)
			require.ErrorIs(w, err, task.ErrNoTask)
			free := clientTLS.Clone()
			free.Renegotiation = tls.RenegotiateFreelyAsClient
			_, err = sock.TLSClient(yield, a, free)
			require.ErrorIs(w, err, sock.ErrRenegotiation)
			require.True(w, isOpError(err, "tls handshake"))
			reads := w.readsOnce(a)
			w.Waits(yield, reads)
			for range 2 { // the writing end has been given back
				_, err = sock.TLSClient(yield, a, clientTLS)
				require.ErrorIs(w, err, sock.ErrBusy)
			}
			w.send(yield, b, "x")
			w.fails(yield, reads, nil)
			w.send(yield, a, "as it was")
			w.reads(yield, b, "as it was")
			require.NoError(w, a.Close())
			_, err = sock.TLSClient(yield, a, clientTLS)
			require.ErrorIs(w, err, net.ErrClosed)
		}},
		{name: "nobody_else_may_use_it_meanwhile", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			shakes := w.Spawn(func(yield coro.Yield) error { _, err := sock.TLSClient(yield, a, clientTLS); return err })
			w.Waits(yield, shakes)
			_, err := sock.Read(yield, a)
			require.ErrorIs(w, err, sock.ErrBusy)
			require.ErrorIs(w, sock.Send(yield, a, []byte("x")), sock.ErrBusy)
			_, err = sock.TLSServer(yield, b, serverTLS)
			require.NoError(w, err)
			w.fails(yield, shakes, nil)
		}},
	})
}

// TestTLSCountsItsCalls: what a message costs.
func TestTLSCountsItsCalls(t *testing.T) {
	runRow(t, row{calls: func(w *world, c *sys.Calls) {
		c.Recv = func(fd int, p []byte) (int, error) { w.count["recv"]++; return sys.Kernel.Recv(fd, p) }
		c.Send = func(fd int, p []byte) (int, error) { w.count["send"]++; return sys.Kernel.Send(fd, p) }
	}, run: func(w *world, yield coro.Yield) {
		a, b := w.tlsPair(yield, tls.VersionTLS12)
		echo := w.Spawn(func(coro.Yield) error { _, err := io.CopyN(b, b, 100); return err })
		w.Waits(yield, echo)
		w.count["recv"], w.count["send"] = 0, 0
		for range 100 {
			_, err := a.Write([]byte("x"))
			require.NoError(w, err)
			require.NoError(w, w.gets(a, []byte("x")))
		}
		w.fails(yield, echo, nil)
		require.Equal(w, 200, w.count["send"])
		require.LessOrEqual(w, w.count["recv"], 201)
	}}, modes[0])
}
