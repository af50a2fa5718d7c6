package sys_test

import (
	"net"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/faulty"
	"stepwise/pkg/sys"
)

// TestShortCalls: the calls that bypass Go's scheduler do and return what the others do.
func TestShortCalls(t *testing.T) {
	for _, c := range []struct {
		name   string
		family int
		any    unix.Sockaddr
	}{
		{"IPv4", unix.AF_INET, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}},
		{"IPv6", unix.AF_INET6, &unix.SockaddrInet6{Addr: [16]byte{15: 1}}},
		{"unix", unix.AF_UNIX, &unix.SockaddrUnix{Name: filepath.Join(t.TempDir(), "s")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.family == unix.AF_INET6 && !faulty.HasIPv6() {
				t.Skip("there is no IPv6 here")
			}
			listener := opened(t, c.family)
			require.NoError(t, sys.Kernel.Bind(listener, c.any))
			at, err := sys.Plain.LocalName(listener)
			require.NoError(t, err)
			same(t, func(c *sys.Calls) (unix.Sockaddr, error) { return c.LocalName(listener) })
			refused := same(t, func(calls *sys.Calls) (any, error) { return nil, finished(calls, opened(t, c.family), at) })
			require.Equal(t, unix.ECONNREFUSED, refused, "nobody listens yet")

			require.NoError(t, sys.Kernel.Listen(listener, 8))
			for _, calls := range []*sys.Calls{&sys.Kernel, &sys.Plain} {
				fd := opened(t, c.family)
				require.NoError(t, finished(calls, fd, at))
				for _, name := range []func(*sys.Calls) (unix.Sockaddr, error){
					func(c *sys.Calls) (unix.Sockaddr, error) { return c.LocalName(fd) },
					func(c *sys.Calls) (unix.Sockaddr, error) { return c.PeerName(fd) },
				} {
					require.NoError(t, same(t, name))
				}
				require.NoError(t, calls.SetOption(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1))
				on, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE)
				require.NoError(t, err)
				require.Equal(t, 1, on)
			}
		})
	}
	for name, call := range map[string]func(*sys.Calls) (any, error){
		"Connect":     func(c *sys.Calls) (any, error) { return nil, c.Connect(-1, &unix.SockaddrInet4{}) },
		"LocalName":   func(c *sys.Calls) (any, error) { return c.LocalName(-1) },
		"PeerName":    func(c *sys.Calls) (any, error) { return c.PeerName(-1) },
		"SetOption":   func(c *sys.Calls) (any, error) { return nil, c.SetOption(-1, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1) },
		"SocketError": func(c *sys.Calls) (any, error) { return nil, c.SocketError(-1) },
		"Close":       func(c *sys.Calls) (any, error) { return nil, c.Close(-1) },
	} {
		t.Run(name+"_of_no_descriptor", func(t *testing.T) { require.Equal(t, unix.EBADF, same(t, call)) })
	}
	t.Run("no_peer", func(t *testing.T) {
		fd := opened(t, unix.AF_INET)
		require.Equal(t, unix.ENOTCONN, same(t, func(c *sys.Calls) (unix.Sockaddr, error) { return c.PeerName(fd) }))
	})
	t.Run("IPv6_with_a_zone", func(t *testing.T) {
		loopback, err := net.InterfaceByName("lo")
		if err != nil {
			loopback, err = net.InterfaceByName("lo0")
		}
		require.NoError(t, err)
		to := &unix.SockaddrInet6{Port: 9, Addr: [16]byte{0: 0xfe, 1: 0x80, 15: 9}, ZoneId: uint32(loopback.Index) + 1<<20}
		require.Error(t, same(t, func(c *sys.Calls) (any, error) { return nil, c.Connect(opened(t, unix.AF_INET6), to) }), "there is no such interface")
	})
}

// same makes a call by both tables, and returns its error, which is the same.
func same[T any](t *testing.T, call func(*sys.Calls) (T, error)) error {
	t.Helper()
	plain, want := call(&sys.Plain)
	got, err := call(&sys.Kernel)
	require.Equal(t, want, err)
	require.Equal(t, plain, got)
	return err
}

// opened is a socket that is closed with the test.
func opened(t *testing.T, family int) int {
	fd, err := sys.Kernel.Socket(family)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, sys.Kernel.Close(fd)) })
	return fd
}

// finished connects, and waits until that has succeeded or failed.
func finished(calls *sys.Calls, fd int, to unix.Sockaddr) error {
	err := calls.Connect(fd, to)
	if err != unix.EINPROGRESS {
		return err
	}
	wait := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
	for err = unix.EINTR; err == unix.EINTR; {
		_, err = unix.Poll(wait, -1)
	}
	if err != nil {
		return err
	}
	return calls.SocketError(fd)
}
