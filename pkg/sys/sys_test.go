package sys_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/sys"
)

func TestKernelIsComplete(t *testing.T) {
	v := reflect.ValueOf(sys.Kernel)
	for i := range v.NumField() {
		assert.False(t, v.Field(i).IsNil(), v.Type().Field(i).Name)
	}
}

func TestSocketsAreNonblockingAndCloseOnExec(t *testing.T) {
	for _, family := range []int{unix.AF_INET, unix.AF_UNIX} {
		for _, open := range []func(int) (int, error){sys.Kernel.Socket, sys.Kernel.SocketDatagram} {
			fd, err := open(family)
			require.NoError(t, err)
			flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
			require.NoError(t, err)
			assert.NotZero(t, flags&unix.O_NONBLOCK, "A09")
			flags, err = unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
			require.NoError(t, err)
			assert.NotZero(t, flags&unix.FD_CLOEXEC, "M08")
			require.NoError(t, sys.Kernel.Close(fd))
			assert.Equal(t, unix.EBADF, sys.Kernel.Close(fd), "the bare errno")
		}
	}
}

func TestRetry(t *testing.T) {
	answers := []error{unix.EINTR, unix.EINTR, unix.EAGAIN, nil}
	calls := 0
	err := sys.Retry(func() error { calls++; return answers[calls-1] })
	assert.Equal(t, unix.EAGAIN, err)
	assert.Equal(t, 3, calls)
}

// TestRecvAndSend wants bare errnos, and never a signal.
func TestRecvAndSend(t *testing.T) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	for _, fd := range fds {
		require.NoError(t, unix.SetNonblock(fd, true))
	}
	p := make([]byte, 10)
	_, err = sys.Kernel.Recv(fds[0], p)
	assert.Equal(t, unix.EAGAIN, err)
	n, err := sys.Kernel.Send(fds[1], []byte("hello"))
	require.NoError(t, err)
	assert.Equal(t, 5, n)
	n, err = sys.Kernel.Recv(fds[0], p)
	require.NoError(t, err)
	assert.Equal(t, "hello", string(p[:n]))
	assert.NoError(t, sys.Kernel.SocketError(fds[0]))

	big := make([]byte, 1<<20)
	for err = nil; err == nil; {
		_, err = sys.Kernel.Send(fds[0], big)
	}
	assert.Equal(t, unix.EAGAIN, err)

	require.NoError(t, sys.Kernel.Close(fds[1]))
	_, err = sys.Kernel.Send(fds[0], []byte("x"))
	assert.Equal(t, unix.EPIPE, err, "W06: an error, no signal")
	require.NoError(t, sys.Kernel.Close(fds[0]))
	_, err = sys.Kernel.Recv(fds[0], p)
	assert.Equal(t, unix.EBADF, err)
}
