package serve

// The same servers with TLS. Clients are crypto/tls's; cmd/stepwise has others. Read
// serve_test.go first.

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/certtest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
)

var emptyTLS = &tls.Config{}

// secured is a site with TLS, and what OnError was told there.
type secured struct {
	*site
	pair    *certtest.Pair
	told    []error
	routine []bool // whether that is
}

func securely(t *testing.T, server *Server, options ...func(*loop.Options)) *secured {
	s := &secured{pair: certtest.New(t, "localhost")}
	server.TLS = &tls.Config{Certificates: []tls.Certificate{s.pair.Certificate}, NextProtos: []string{"http/1.1"}}
	server.OnError = func(c *Conn, err error) { s.told, s.routine = append(s.told, err), append(s.routine, c.Routine(err)) }
	s.site = servingOn(t, server, options...)
	return s
}

// knows is the configuration of a client that trusts the server.
func (s *secured) knows(change ...func(*tls.Config)) *tls.Config {
	config := &tls.Config{RootCAs: s.pair.Roots, ServerName: "localhost"}
	for _, c := range change {
		c(config)
	}
	return config
}

// line is a client's connection below TLS: it holds back what is written behind the first
// bytes, if it is told to, and notices an end that TLS has not announced.
type line struct {
	net.Conn
	most  int         // of the next Write; 0 is all
	later chan []byte // the rest of that Write
	cut   bool
}

func (l *line) Read(p []byte) (int, error) {
	n, err := l.Conn.Read(p)
	l.cut = l.cut || err != nil
	return n, err
}

func (l *line) Write(p []byte) (int, error) {
	if most := l.most; most > 0 {
		l.most = 0
		_, err := l.Conn.Write(p[:most])
		l.later <- append([]byte(nil), p[most:]...) // whoever sends the rest finds the beginning sent
		return len(p), err
	}
	return l.Conn.Write(p)
}

// connect makes a client's connection, whose handshake is still to come.
func (s *secured) connect(change ...func(*tls.Config)) (*tls.Conn, *line) {
	below := &line{Conn: s.dial(), later: make(chan []byte, 1)}
	return tls.Client(below, s.knows(change...)), below
}

// goes shuts down, and wants Serve to return.
func (s *secured) goes() {
	s.on(func() { s.server.Shutdown(time.Hour) })
	s.end()
}

func TestTLSEcho(t *testing.T) {
	for name, version := range map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13} {
		t.Run("a megabyte and a goodbye, TLS "+name, func(t *testing.T) {
			s := securely(t, &Server{Handle: Echo})
			c, below := s.connect(func(config *tls.Config) { config.MaxVersion = version })
			data := faulty.Pattern(1 << 20)
			require.NoError(t, c.Handshake())
			go func() { _, _ = c.Write(data); _ = c.CloseWrite() }()
			got, err := io.ReadAll(c)
			require.NoError(t, err)
			require.True(t, bytes.Equal(data, got), "%d bytes", len(got))
			require.False(t, below.cut, "TLS has said that it is the end")
			s.goes()
			require.Empty(t, s.told)
		})
	}
	t.Run("a Handle that fails says no goodbye", func(t *testing.T) {
		s := securely(t, &Server{Handle: func(_ coro.Yield, c *Conn) error {
			_, _ = io.WriteString(c, "half")
			return errOops
		}})
		c, below := s.connect()
		got, _ := io.ReadAll(c)
		require.Equal(t, "half", string(got))
		require.True(t, below.cut)
		s.goes()
		require.Equal(t, []error{errOops}, s.told)
	})
	t.Run("CloseWrite says goodbye, and the client may go on", func(t *testing.T) {
		heard := make(chan string, 1)
		s := securely(t, &Server{Handle: func(_ coro.Yield, c *Conn) error {
			assert.NotNil(t, c.TLS())
			_, _ = io.WriteString(c, "over")
			if err := c.CloseWrite(); err != nil {
				return err
			}
			text, err := io.ReadAll(c)
			heard <- string(text)
			return err
		}})
		c, below := s.connect()
		got, err := io.ReadAll(c)
		require.NoError(t, err)
		require.Equal(t, "over", string(got))
		require.False(t, below.cut)
		_, err = io.WriteString(c, "and out")
		require.NoError(t, err)
		require.NoError(t, c.CloseWrite())
		require.Equal(t, "and out", <-heard)
		s.goes()
		require.Empty(t, s.told)
	})
	t.Run("a client that says nothing holds up nobody", func(t *testing.T) {
		s := securely(t, &Server{Handle: Echo})
		s.dial()
		s.conns(1)
		c, _ := s.connect()
		s.echoes(c, "hello")
	})
	t.Run("V07_no_more_than_N_and_a_handshake_counts", func(t *testing.T) {
		s := securely(t, &Server{Handle: Echo, MaxConns: 1})
		silent := s.dial()
		s.conns(1)
		c, _ := s.connect()
		done := make(chan error, 1)
		go func() { done <- c.Handshake() }()
		for range 20 {
			s.on(func() { require.Equal(t, 1, s.server.conns.Len()) })
		}
		require.Empty(t, done)
		require.NoError(t, silent.Close())
		require.NoError(t, <-done)
		s.echoes(c, "its turn")
	})
}

func TestTLSHTTP(t *testing.T) {
	const size = 3 << 20
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "big"), faulty.Pattern(size), 0o644))
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { root.Close() })
	files := Dir(root, DirOptions{})
	s := securely(t, &Server{Handle: HTTP(func(yield coro.Yield, w *ResponseWriter, r *http.Request) {
		if r.URL.Path == "/tls" {
			fmt.Fprintf(w, "%v %s", r.TLS.Version == tls.VersionTLS13, r.TLS.NegotiatedProtocol)
			return
		}
		files(yield, w, r)
	}, Limits{})})
	transport := &http.Transport{TLSClientConfig: s.knows(), ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	get := func(method, path string, header ...string) (*http.Response, []byte) {
		r, err := http.NewRequest(method, "https://"+s.addr+path, nil)
		require.NoError(t, err)
		if header != nil {
			r.Header.Set(header[0], header[1])
		}
		a, err := transport.RoundTrip(r)
		require.NoError(t, err)
		defer a.Body.Close()
		body, err := io.ReadAll(a.Body)
		require.NoError(t, err)
		return a, body
	}
	a, body := get("GET", "/tls")
	require.Equal(t, "true http/1.1", string(body))
	require.Equal(t, 1, a.ProtoMajor)
	_, body = get("GET", "/big")
	require.True(t, bytes.Equal(faulty.Pattern(size), body), "%d bytes", len(body))
	_, body = get("GET", "/big", "Range", "bytes=1000000-1999999")
	require.True(t, bytes.Equal(faulty.Pattern(size)[1_000_000:2_000_000], body), "%d bytes", len(body))
	a, body = get("HEAD", "/big")
	require.EqualValues(t, size, a.ContentLength)
	require.Empty(t, body)
	s.on(func() { assert.Equal(t, 1, s.server.conns.Len(), "all on one connection") })

	c, _ := s.connect()
	s.send(c, "GET /tls HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
	got, err := io.ReadAll(c)
	require.NoError(t, err)
	require.Contains(t, string(got), "true ", "no ALPN is no hindrance")
	s.goes()
	for _, err := range s.told {
		require.ErrorIs(t, err, ErrGoing)
	}
}
