package serve

// How TLS begins here, and how it fails to. Read tls_test.go first.

import (
	"bufio"
	"crypto/tls"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/certtest"
	"stepwise/pkg/coro"
)

func TestTLSHandshakeFails(t *testing.T) {
	const hello = "\x16\x03\x01\x02\x00\x01" // how one begins
	sends := func(text string) func(*secured) { return func(s *secured) { s.ask(text) } }
	rows := []struct {
		name    string
		client  func(s *secured)
		routine bool
		says    string
	}{
		{"it is gone at once", func(s *secured) { _ = s.dial().Close() }, true, "TLS handshake: connection ended"},
		{"it is gone in the middle", sends(hello), true, "TLS handshake: connection ended"},
		{"it has reset", func(s *secured) {
			c := s.dial()
			s.conns(1)
			_ = c.SetLinger(0)
			_ = c.Close()
		}, true, "connection reset by peer"},
		{"it speaks HTTP when it has said hello", func(s *secured) {
			c, below := s.connect()
			below.most = 1
			go func() { _ = c.Handshake() }()
			_, err := below.Conn.Write(append(<-below.later, "GET / HTTP/1.1\r\n\r\n"...))
			require.NoError(s, err)
		}, false, "received record with version"},
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
			s := securely(t, &Server{Handle: func(coro.Yield, *Conn) error { panic("it must not be served") }})
			row.client(s)
			s.until("an error", func() bool { return len(s.told) == 1 })
			s.goes()
			require.ErrorContains(t, s.told[0], row.says)
			failed := (*HandshakeError)(nil)
			require.ErrorAs(t, s.told[0], &failed)
			require.Equal(t, []bool{row.routine}, s.routine)
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
		const limit = time.Second
		clock := &stopped{}
		s := securely(t, &Server{Handle: Echo, TLSHandshakeTimeout: limit}, clock.tells)
		c, _ := s.connect()
		s.echoes(c, "hello")
		s.on(func() { clock.move(2 * limit) })
		s.on(func() {}) // a round later a timer would have run
		s.on(func() {})
		s.echoes(c, "still there")
	})
}

// TestPlainHTTPOnTLS: a client that forgot the s is told so, whatever it asks.
func TestPlainHTTPOnTLS(t *testing.T) {
	s := securely(t, &Server{Handle: Echo}, new(stopped).tells)
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

// TestTLSCertificates: each way to say which certificate a server has is enough alone.
func TestTLSCertificates(t *testing.T) {
	pair := certtest.New(t, "localhost")
	whole := &tls.Config{Certificates: []tls.Certificate{pair.Certificate}}
	for name, config := range map[string]*tls.Config{
		"Certificates":       whole,
		"GetCertificate":     {GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &pair.Certificate, nil }},
		"GetConfigForClient": {GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return whole, nil }},
	} {
		t.Run(name, func(t *testing.T) {
			s := serving(t, &Server{Handle: Echo, TLS: config})
			s.echoes(tls.Client(s.dial(), &tls.Config{RootCAs: pair.Roots, ServerName: "localhost"}), "hello")
		})
	}
}
