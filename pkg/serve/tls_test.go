package serve

// The same servers with TLS. Clients are crypto/tls's; cmd/stepwise has others. Read
// serve_test.go first.

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
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

	"stepwise/internal/certtest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
)

var emptyTLS = &tls.Config{}

// secured is a site with TLS, and what OnError was told there.
type secured struct {
	*site
	pair *certtest.Pair
	told []error
}

func securely(t *testing.T, server *Server) *secured {
	s := &secured{pair: certtest.New(t, "localhost")}
	server.TLS = &tls.Config{Certificates: []tls.Certificate{s.pair.Certificate}, NextProtos: []string{"http/1.1"}}
	server.OnError = func(_ *Conn, err error) { s.told = append(s.told, err) }
	s.site = serving(t, server)
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
		l.later <- append([]byte(nil), p[most:]...)
		_, err := l.Conn.Write(p[:most])
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

func TestTLSHandshakeFails(t *testing.T) {
	const hello = "\x16\x03\x01\x02\x00\x01" // how one begins
	sends := func(text string) func(*secured) { return func(s *secured) { s.ask(text) } }
	rows := []struct {
		name    string
		client  func(s *secured)
		routine bool
		says    string
	}{
		{"it is gone at once", func(s *secured) { _ = s.dial().Close() }, true, "TLS handshake: EOF"},
		{"it is gone in the middle", sends(hello), true, "TLS handshake: unexpected EOF"},
		{"it has reset", func(s *secured) {
			c := s.dial()
			s.conns(1)
			_ = c.SetLinger(0)
			_ = c.Close()
		}, true, "connection reset by peer"},
		{"it speaks something else", sends("\x00\x01\x02\x03\x04\x05"), false, "does not look like a TLS handshake"},
		{"it trusts another certificate", func(s *secured) {
			c, _ := s.connect(func(config *tls.Config) { config.RootCAs = nil })
			require.Error(s, c.Handshake())
			_ = c.Close()
		}, false, "remote error: tls: "},
		{"it wants HTTP/2 alone", func(s *secured) {
			c, _ := s.connect(func(config *tls.Config) { config.NextProtos = []string{"h2"} })
			require.ErrorContains(s, c.Handshake(), "no application protocol")
		}, false, "unsupported application protocols"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var routine []bool
			s := securely(t, &Server{Handle: func(coro.Yield, *Conn) error { panic("it must not be served") }})
			tell := s.server.OnError
			s.on(func() {
				s.server.OnError = func(c *Conn, err error) { routine = append(routine, c.Routine(err)); tell(c, err) }
			})
			row.client(s)
			s.until("an error", func() bool { return len(s.told) == 1 })
			s.goes()
			require.ErrorContains(t, s.told[0], row.says)
			failed := (*HandshakeError)(nil)
			require.ErrorAs(t, s.told[0], &failed)
			require.Equal(t, []bool{row.routine}, routine)
			require.Empty(t, s.Reports)
		})
	}
	for name, first := range map[string]string{"says nothing": "", "stops in the middle": hello} {
		t.Run("it "+name+" for too long", func(t *testing.T) {
			s := securely(t, &Server{Handle: Echo, TLSHandshakeTimeout: 50 * time.Millisecond})
			c := s.dial()
			s.send(c, first)
			s.closed(c)
			s.goes()
			require.Len(t, s.told, 1)
			require.ErrorIs(t, s.told[0], os.ErrDeadlineExceeded)
		})
	}
	t.Run("what came in time has no limit afterwards", func(t *testing.T) {
		const limit = 300 * time.Millisecond
		ended := make(chan bool, 1)
		s := securely(t, &Server{TLSHandshakeTimeout: limit, Handle: func(yield coro.Yield, c *Conn) error {
			c.Loop().CallLater(limit+limit/10, func() { ended <- true })
			return Echo(yield, c)
		}})
		c, _ := s.connect()
		s.echoes(c, "hello")
		<-ended
		s.echoes(c, "still there")
	})
}

// TestPlainHTTPOnTLS: a client that forgot the s is told so, whatever it asks.
func TestPlainHTTPOnTLS(t *testing.T) {
	s := securely(t, &Server{Handle: Echo})
	for i, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"} {
		raw := method + " / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + strings.Repeat("x", 100_000)
		a, err := http.ReadResponse(bufio.NewReader(strings.NewReader(s.ask(raw))), nil)
		require.NoError(t, err, method)
		require.Equal(t, 400, a.StatusCode, method)
		require.True(t, a.Close)
		body, err := io.ReadAll(a.Body)
		require.NoError(t, err)
		require.Contains(t, string(body), "https://")
		s.until("an error", func() bool { return len(s.told) == i+1 })
	}
	for _, raw := range []string{"EHLO example.org\r\n", "SSH-2.0-x\r\n", "\x00\x00\x00\x00\x00\x00"} {
		require.Empty(t, s.ask(raw), "%q is no HTTP", raw)
	}
	c, _ := s.connect()
	s.echoes(c, "others are served")
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

func TestTLSShutdown(t *testing.T) {
	t.Run("V08_a_client_that_has_said_nothing_is_dropped", func(t *testing.T) {
		s := securely(t, &Server{Handle: Echo})
		c := s.dial()
		s.until("idle", func() bool { return s.server.conns.Len() == 1 && s.server.all()[0].idle })
		s.goes()
		s.closed(c)
		require.ErrorIs(t, s.told[0], ErrGoing)
	})
	t.Run("V08_idle_ones_are_dropped", func(t *testing.T) {
		s := securely(t, &Server{Handle: Echo})
		c, _ := s.connect()
		s.echoes(c, "hello")
		s.until("idle", func() bool { return s.server.all()[0].idle })
		s.goes()
		require.Equal(t, []error{ErrGoing}, s.told)
	})
	for _, most := range []int{1, 6} { // within the head of a record, and behind it
		t.Run(fmt.Sprintf("V08_a_handshake_of_which_%d_bytes_have_come_may_finish", most), func(t *testing.T) {
			s := securely(t, &Server{Handle: Echo})
			c, below := s.connect()
			below.most = most
			done := make(chan error, 1)
			go func() { done <- c.Handshake() }()
			rest := <-below.later
			s.until("begun", func() bool {
				return s.server.conns.Len() == 1 && !s.server.all()[0].idle && s.server.all()[0].stream != nil
			})
			s.on(func() { s.server.Shutdown(time.Hour) })
			s.on(func() { require.Equal(t, 1, s.server.conns.Len(), "it may finish") })
			_, err := below.Conn.Write(rest)
			require.NoError(t, err)
			require.NoError(t, <-done)
			s.end()
		})
		t.Run(fmt.Sprintf("V08_a_message_of_which_%d_bytes_have_come_is_answered", most), func(t *testing.T) {
			s := securely(t, &Server{Handle: Echo})
			c, below := s.connect()
			s.echoes(c, "hello")
			s.until("idle", func() bool { return s.server.all()[0].idle })
			below.most = most
			s.send(c, "last words")
			rest := <-below.later
			s.until("begun", func() bool { return !s.server.all()[0].idle })
			s.on(func() { s.server.Shutdown(time.Hour) })
			s.on(func() { require.Equal(t, 1, s.server.conns.Len(), "it may finish") })
			_, err := below.Conn.Write(rest)
			require.NoError(t, err)
			got, _ := io.ReadAll(c)
			require.Equal(t, "last words", string(got))
			s.end()
		})
	}
	t.Run("V08_a_stuck_client_holds_up_Close_no_longer_than_a_plain_one", func(t *testing.T) {
		full := make(chan struct{}, 1)
		s := securely(t, &Server{Handle: func(_ coro.Yield, c *Conn) error {
			c.Loop().CallLater(0, func() { full <- struct{}{} })
			_, err := c.Write(make([]byte, 64<<20))
			return err
		}})
		c, _ := s.connect()
		require.NoError(t, c.Handshake())
		<-full
		s.on(s.server.Close)
		s.end()
		require.Len(t, s.told, 1)
		// What the task learns first depends on whether it waits in the send just then.
		require.True(t, errors.Is(s.told[0], future.ErrCanceled) || errors.Is(s.told[0], net.ErrClosed), "%v", s.told[0])
	})
}
