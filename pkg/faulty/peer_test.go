package faulty_test

// The servers that wait until the client has read what they sent.

import (
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

// A server that goes on only when the client has read must not go on before. Here
// the client is connected and does nothing: neither may the server.
func TestAClientThatIsSlowToRead(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells what a client has read")
	}
	for place, at := range places(t) {
		t.Run(place+"/drip has sent one byte", func(t *testing.T) {
			balanced(t)
			s := opened(t, faulty.Drip("abc", 0, at...))
			c := dial(t, s)
			_, err := s.Visit(0, 30*time.Millisecond)
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			n, err := c.Read(make([]byte, 100))
			require.NoError(t, err)
			require.Equal(t, 1, n)
		})
		if place == "a unix socket" {
			continue
		}
		t.Run(place+"/reset midway has not reset, so SO_ERROR is still 0", func(t *testing.T) {
			balanced(t)
			s := opened(t, faulty.ResetMidway("a part", at...))
			c := dial(t, s)
			_, err := s.Visit(0, 30*time.Millisecond)
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			require.Zero(t, c.soError())
			c.hears("a part")
			_, err = s.Visit(0, limit)
			require.NoError(t, err, "now it has")
			require.Equal(t, syscall.ECONNRESET, c.soError())
		})
		t.Run(place+"/a client that leaves without reading sets it free", func(t *testing.T) {
			balanced(t)
			s := opened(t, faulty.ResetMidway("a part", at...))
			c := dial(t, s)
			require.NoError(t, s.WaitAccepted(1, limit))
			require.NoError(t, c.Close())
			_, err := s.Visit(0, limit)
			require.NoError(t, err)
		})
	}
}

// soError is what a connect that has waited until now would ask for.
func (c client) soError() (errno syscall.Errno) {
	c.t.Helper()
	raw, err := c.Conn.(syscall.Conn).SyscallConn()
	require.NoError(c.t, err)
	require.NoError(c.t, raw.Control(func(fd uintptr) {
		n, err := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ERROR)
		require.NoError(c.t, err)
		errno = syscall.Errno(n)
	}))
	return errno
}
