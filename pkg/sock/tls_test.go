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

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
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
