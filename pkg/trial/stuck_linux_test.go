package trial

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/probe"
)

// TestASystemCallWithoutEndIsSeen looks at calls that wait until the test ends them.
func TestASystemCallWithoutEndIsSeen(t *testing.T) {
	pipe, pair, limited := make([]int, 2), [2]int{}, [2]int{}
	require.NoError(t, unix.Pipe(pipe))
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	limited, err = unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	require.NoError(t, unix.SetsockoptTimeval(limited[0], unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 60}))
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	require.NoError(t, err)
	require.NoError(t, unix.EpollCtl(epoll, unix.EPOLL_CTL_ADD, pair[0], &unix.EpollEvent{Events: unix.EPOLLIN}))
	list := func() []unix.PollFd { return []unix.PollFd{{Fd: int32(pair[0]), Events: unix.POLLIN}} }
	cases := []struct {
		name string
		want bool
		code func()
	}{
		{"a read of a pipe", true, func() { _, _ = unix.Read(pipe[0], make([]byte, 1)) }},
		{"a read of a socket", true, func() { _, _ = unix.Read(pair[0], make([]byte, 1)) }},
		{"a read of a socket, with a limit", false, func() { _, _ = unix.Read(limited[0], make([]byte, 1)) }},
		{"poll", true, func() { _, _ = unix.Poll(list(), -1) }},
		{"poll, with a limit", false, func() { _, _ = unix.Poll(list(), 60_000) }},
		{"epoll", true, func() { _, _ = unix.EpollWait(epoll, make([]unix.EpollEvent, 1), -1) }},
		{"epoll, with a limit", false, func() { _, _ = unix.EpollWait(epoll, make([]unix.EpollEvent, 1), 60_000) }},
	}
	ended := make(chan bool)
	for _, c := range cases {
		number := make(chan string)
		go func() {
			number <- own()
			c.code()
			ended <- true
		}()
		n := <-number
		require.Eventually(t, func() bool { return strings.Contains(dumped(n), "[syscall") }, 10*time.Second, time.Millisecond, c.name)
		assert.Equal(t, c.want, endless(dumped(n)), "%s:\n%s", c.name, dumped(n))
	}
	assert.False(t, endless(dumped(own())), "what runs")
	for _, fd := range []int{pipe[1], pair[1], limited[1]} {
		_, err := unix.Write(fd, []byte("xx"))
		require.NoError(t, err)
	}
	for range cases {
		<-ended
	}
	for _, fd := range []int{pipe[0], pipe[1], pair[0], pair[1], limited[0], limited[1], epoll} {
		_ = unix.Close(fd)
	}
}

func dumped(number string) string {
	for stack := range strings.SplitSeq(probe.Stacks(), "\n\n") {
		if parse(stack).number == number {
			return stack
		}
	}
	return ""
}

// Code that is in such a call is given up soon, with the patience that others need left;
// but not while somebody is there who may end it.
func TestADeadlockInASystemCallIsSeen(t *testing.T) {
	var fds [2]int
	require.NoError(t, unix.Pipe(fds[:]))
	ended := make(chan bool)
	err := Case{Run: func() error {
		defer close(ended)
		_, _ = unix.Read(fds[0], make([]byte, 1))
		return nil
	}}.run()
	require.ErrorIs(t, err, errAbandoned)
	assert.NotContains(t, err.Error(), "still running after")
	assert.ErrorContains(t, err, "It is in a system call that waits")
	_, _ = unix.Write(fds[1], []byte("x"))
	<-ended

	err = Case{Run: func() error {
		go func() {
			time.Sleep((afterCall + 10) * glance / 20) // longer than a call without end is looked at
			_, _ = unix.Write(fds[1], []byte("x"))
		}()
		_, _ = unix.Read(fds[0], make([]byte, 1))
		return nil
	}}.run()
	require.NoError(t, err)
	_ = unix.Close(fds[0])
	_ = unix.Close(fds[1])
}
