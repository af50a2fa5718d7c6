package serve

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLongHeadsBuffer: a thousand idle connections that sent a long head once don't hold
// a thousand long buffers.
func TestLongHeadsBuffer(t *testing.T) {
	const short = "GET /short HTTP/1.1\r\nHost: h\r\n\r\n"
	long := "POST /long HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nA: " + strings.Repeat("a", 100<<10) + "\r\n\r\nhi"
	q := newRequests(strings.NewReader(short+long+short), func() {})
	for _, path := range []string{"/short", "/long", "/short"} {
		q.buffered()
		r, err := q.read()
		require.NoError(t, err)
		require.Equal(t, path, r.URL.Path)
		_, err = io.Copy(io.Discard, r.Body)
		require.NoError(t, err)
	}
	require.NotSame(t, q.small, q.in, "it was needed")
	require.Zero(t, q.buffered())
	require.Same(t, q.small, q.in)
}
