package faulty_test

// The doors that stay shut: how a connect to them ends.

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

func TestRefused(t *testing.T) {
	for place, at := range places(t) {
		t.Run(place, func(t *testing.T) {
			balanced(t)
			s := opened(t, faulty.Refused(at...))
			network := "tcp"
			if place == "a unix socket" {
				network = "unix"
			}
			for range 3 {
				_, err := net.Dial(network, s.Addr())
				require.ErrorIs(t, err, syscall.ECONNREFUSED)
			}
			_, err := listenAlone(network, s.Addr())
			require.ErrorIs(t, err, syscall.EADDRINUSE, "the address is kept")

			require.NoError(t, s.Close())
			if network == "unix" {
				require.NoDirExists(t, filepath.Dir(s.Addr()))
			}
		})
	}
}

// listenAlone is net.Listen without the option to share the port with sockets that don't
// listen.
func listenAlone(network, address string) (net.Listener, error) {
	config := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var err error
		failed := c.Control(func(fd uintptr) {
			err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 0)
		})
		return errors.Join(failed, err)
	}}
	return config.Listen(context.Background(), network, address)
}

func TestNeverAccepts(t *testing.T) {
	for place, at := range places(t) {
		if place == "a unix socket" {
			continue
		}
		t.Run(place+"/a connect gets no answer", func(t *testing.T) {
			balanced(t)
			s := opened(t, faulty.NeverAccepts(at...))
			for range 3 {
				_, err := net.DialTimeout("tcp", s.Addr(), 50*time.Millisecond)
				var timeout net.Error
				require.ErrorAs(t, err, &timeout)
				require.True(t, timeout.Timeout(), err)
			}
		})
		t.Run(place+"/a connect that waits succeeds after Release", func(t *testing.T) {
			if testing.Short() {
				t.Skip("the kernel asks again after a second")
			}
			balanced(t)
			s := opened(t, faulty.NeverAccepts(at...))
			connected := make(chan error, 1)
			go func() {
				conn, err := net.DialTimeout("tcp", s.Addr(), limit)
				if err == nil {
					_, err = io.WriteString(conn, "here at last")
					conn.Close()
				}
				connected <- err
			}()
			// Long enough for the first SYN to be dropped; if it is not, the test
			// still holds.
			require.ErrorIs(t, s.WaitAccepted(1, 100*time.Millisecond), os.ErrDeadlineExceeded)
			require.Empty(t, connected)
			s.Release()
			require.NoError(t, <-connected)
			v, err := s.Visit(0, limit)
			require.NoError(t, err)
			require.EqualValues(t, 12, v.Count, "the first visit is the client's")
		})
	}
	t.Run("a unix socket/a connect is put off by EAGAIN, and succeeds after Release", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("elsewhere a full unix socket refuses")
		}
		balanced(t)
		s := opened(t, faulty.NeverAccepts("unix"))
		_, err := net.Dial("unix", s.Addr())
		require.ErrorIs(t, err, syscall.EAGAIN)
		s.Release()
		for errors.Is(err, syscall.EAGAIN) {
			var conn net.Conn
			if conn, err = net.Dial("unix", s.Addr()); err == nil {
				defer conn.Close()
			}
			runtime.Gosched()
		}
		require.NoError(t, err)
		require.NoError(t, s.WaitAccepted(1, limit))
	})
}
