package sock_test

// How TLS begins, and how it fails to. Read tls_test.go first.

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

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
		{name: "plain_where_TLS_was_wanted", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, a, "GET / HTTP/1.1\r\n")
			_, err := sock.TLSServerOrPlain(yield, b, serverTLS)
			var first tls.RecordHeaderError
			require.ErrorAs(w, err, &first)
			require.Equal(w, "GET /", string(first.RecordHeader[:]))
			require.True(w, isOpError(err, "tls handshake"))
			_, err = io.WriteString(first.Conn, "in plain")
			require.NoError(w, err)
			w.reads(yield, a, "in plain")
			w.send(yield, a, "and on")
			require.NoError(w, a.CloseWrite())
			rest, err := io.ReadAll(first.Conn)
			require.NoError(w, err)
			require.True(w, strings.HasSuffix(string(rest), "and on"), "%q", rest)
			require.NoError(w, first.Conn.Close())
			require.Equal(w, -1, b.FD())
		}},
		{name: "plain_and_nobody_asked_to_answer", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, a, "GET / HTTP/1.1\r\n")
			_, err := sock.TLSServer(yield, b, serverTLS)
			require.ErrorContains(w, err, "does not look like a TLS handshake")
			require.Equal(w, -1, b.FD())
		}},
		{name: "plain_to_a_client", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.send(yield, b, "220 mail\r\n")
			_, err := sock.TLSClient(yield, a, clientTLS)
			require.ErrorContains(w, err, "does not look like a TLS handshake")
			require.Equal(w, -1, a.FD())
		}},
		{name: "neither_plain_nor_a_success", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.NoError(w, a.CloseWrite())
			_, err := sock.TLSServerOrPlain(yield, b, serverTLS)
			require.ErrorIs(w, err, sock.ErrCut)
			require.Equal(w, -1, b.FD(), "only plain keeps it open")
		}},
		{name: "TLS_where_plain_would_do", run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			shakes := w.Spawn(func(yield coro.Yield) error {
				c, err := sock.TLSServerOrPlain(yield, b, serverTLS)
				if err == nil {
					_, err = c.Write([]byte("hello"))
				}
				return err
			})
			c, err := sock.TLSClient(yield, a, clientTLS)
			require.NoError(w, err)
			require.NoError(w, w.gets(c, []byte("hello")))
			w.fails(yield, shakes, nil)
		}},
	})
}
