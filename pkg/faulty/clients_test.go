package faulty_test

// Each server is judged by a plain client of Go's net package, and each test ends
// with as many goroutines and descriptors as it began with.

import (
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/faulty"
)

// limit is how long to wait for what must happen. A good run never comes near it.
const limit = leaktest.Patience

// places are those where each server must work.
func places(t *testing.T) map[string][]string {
	p := map[string][]string{"IPv4": nil, "a unix socket": {"unix"}}
	if faulty.HasIPv6() {
		p["IPv6"] = []string{"[::1]:0"}
	} else {
		t.Log("no IPv6 on this machine")
	}
	return p
}

// balanced fails t if goroutines or descriptors are left when it ends.
func balanced(t *testing.T) {
	t.Helper()
	before := leaktest.Begin(t)
	t.Cleanup(func() {
		before.Goroutines()
		before.FilesSoon()
	})
}

// opened closes s with the test.
func opened(t *testing.T, s *faulty.Server) *faulty.Server {
	t.Helper()
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

// A client is one connection to a server.
type client struct {
	net.Conn
	t *testing.T
}

func dial(t *testing.T, s *faulty.Server) client {
	t.Helper()
	network := "tcp"
	if strings.Contains(s.Addr(), "/") {
		network = "unix"
	}
	conn, err := net.DialTimeout(network, s.Addr(), limit)
	require.NoError(t, err)
	require.NoError(t, conn.SetDeadline(time.Now().Add(limit)))
	t.Cleanup(func() { conn.Close() })
	return client{conn, t}
}

func (c client) say(data string) {
	c.t.Helper()
	_, err := io.WriteString(c, data)
	require.NoError(c.t, err)
}

// stream is what connections of both kinds have beyond net.Conn.
type stream interface {
	CloseWrite() error
	SetWriteBuffer(bytes int) error
}

var (
	_ stream = (*net.TCPConn)(nil)
	_ stream = (*net.UnixConn)(nil)
)

func (c client) closeWrite() {
	c.t.Helper()
	require.NoError(c.t, c.Conn.(stream).CloseWrite())
}

// hears reads as many bytes as want has, and compares.
func (c client) hears(want string) {
	c.t.Helper()
	got := make([]byte, len(want))
	_, err := io.ReadFull(c, got)
	require.NoError(c.t, err)
	require.Equal(c.t, want, string(got))
}

// hearsNothing reads for a moment, and must get nothing.
func (c client) hearsNothing() {
	c.t.Helper()
	require.NoError(c.t, c.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
	n, err := c.Read(make([]byte, 1))
	require.Zero(c.t, n)
	require.ErrorIs(c.t, err, os.ErrDeadlineExceeded)
	require.NoError(c.t, c.SetReadDeadline(time.Now().Add(limit)))
}

// hearsEnd reads the rest, which must be rest, and then err, nil for EOF.
func (c client) hearsEnd(rest string, want error) {
	c.t.Helper()
	got, err := io.ReadAll(c)
	require.Equal(c.t, rest, string(got))
	if want == nil {
		require.NoError(c.t, err)
	} else {
		require.ErrorIs(c.t, err, want)
	}
}
