package main

// What a selector on io_uring would break of the contract of pkg/selector.

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/selector"
)

// both runs fact on epoll and on io_uring. Each is used by one thread, which the ring is for.
func both(t *testing.T, fact func(t *testing.T, s selector.Selector) string, want map[string]string) {
	for name, open := range map[string]func() (selector.Selector, error){
		"epoll": selector.New,
		"poll":  func() (selector.Selector, error) { return newPoll(0) },
		"edge":  func() (selector.Selector, error) { return newPoll(multishot) },
	} {
		t.Run(name, func(t *testing.T) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			s, err := open()
			if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSYS) {
				t.Skip("NOT TESTED: io_uring is forbidden here")
			}
			require.NoError(t, err)
			defer func() { require.NoError(t, s.Close()) }()
			assert.Equal(t, want[name], fact(t, s))
		})
	}
}

func pair(t *testing.T) (ours, theirs int) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	require.NoError(t, err)
	return ends[0], ends[1]
}

// selected is what s reports without waiting, by what was registered.
func selected(t *testing.T, s selector.Selector) string {
	ready, err := s.Select(0)
	require.NoError(t, err)
	var all []string
	for _, r := range ready {
		all = append(all, fmt.Sprint(r.Data, ": ", r.Events))
	}
	return strings.Join(all, ", ")
}

func TestWhatIsNotReadIsReportedAgain(t *testing.T) {
	both(t, func(t *testing.T, s selector.Selector) string {
		ours, theirs := pair(t)
		defer func() { _, _ = unix.Close(ours), unix.Close(theirs) }()
		require.NoError(t, s.Register(ours, selector.Read, "ours"))
		_, err := unix.Write(theirs, []byte("x"))
		require.NoError(t, err)
		first := selected(t, s)
		return first + "; " + selected(t, s)
	}, map[string]string{
		"epoll": "ours: read; ours: read",
		"poll":  "ours: read; ours: read",
		"edge":  "ours: read; ", // a reader that leaves something behind waits forever
	})
}

func TestAPeerOfWhatIsClosedWhileRegisteredSeesTheEnd(t *testing.T) {
	both(t, func(t *testing.T, s selector.Selector) string {
		ours, theirs := pair(t)
		defer unix.Close(theirs)
		require.NoError(t, s.Register(ours, selector.Read, "ours"))
		_ = selected(t, s)
		require.NoError(t, unix.Close(ours))
		_, err := unix.Read(theirs, make([]byte, 1))
		return fmt.Sprint(err)
	}, map[string]string{
		"epoll": "<nil>", // the end
		"poll":  "resource temporarily unavailable",
		"edge":  "resource temporarily unavailable", // the kernel holds the file, and the connection is open
	})
}

func TestWhatIsNoDescriptorIsRefused(t *testing.T) {
	both(t, func(t *testing.T, s selector.Selector) string {
		ours, theirs := pair(t)
		_, _ = unix.Close(ours), unix.Close(theirs)
		err := s.Register(ours, selector.Read, "ours")
		return fmt.Sprint(errors.Is(err, unix.EBADF), "; ", selected(t, s))
	}, map[string]string{
		"epoll": "true; ",
		"poll":  "false; ours: read", // Register knows nothing of it
		"edge":  "false; ours: read",
	})
}
