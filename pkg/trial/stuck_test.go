package trial

import (
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A report says what code does that doesn't return. Whatever it is here, it ends with
// the test.
func TestWhatCodeDoesThatDoesNotReturn(t *testing.T) {
	short(t, 200*time.Millisecond)
	ends := make(chan bool)
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	empty, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	require.NoError(t, unix.SetNonblock(empty[0], true))
	require.NoError(t, unix.SetNonblock(empty[1], true))
	elsewhere := make(chan *atomic.Bool) // says how long a loop goes on that is no code of the case
	go func() {
		for over := <-elsewhere; !over.Load(); {
		}
	}()
	var lock sync.Mutex
	lock.Lock()
	defer func() {
		close(ends)
		lock.Unlock()
		_, _ = unix.Write(fds[1], []byte("x"))
	}()
	cases := []struct {
		name, want string
		code       func(over *atomic.Bool)
	}{
		{"an endless loop", busy, func(over *atomic.Bool) {
			for !over.Load() {
			}
		}},
		{"a loop of system calls", "endless loop", func(over *atomic.Bool) {
			for !over.Load() {
				_, _ = unix.Read(empty[0], make([]byte, 1))
			}
		}},
		{"an endless loop in a coroutine", busy, func(over *atomic.Bool) {
			next, stop := iter.Pull(func(func(int) bool) {
				for !over.Load() {
				}
			})
			defer stop()
			next()
		}},
		{"a channel", "waits on a channel that nobody sends to", func(*atomic.Bool) { <-ends }},
		{"a channel in a goroutine of its own, with another one that spins", busy, func(over *atomic.Bool) {
			go func() {
				for !over.Load() {
				}
			}()
			<-ends
		}},
		{"a select", "waits in a select", func(*atomic.Bool) {
			select {
			case <-ends:
			case <-make(chan bool):
			}
		}},
		{"a system call", "is the descriptor non-blocking", func(*atomic.Bool) { _, _ = unix.Read(fds[0], make([]byte, 1)) }},
		{"a system call, beside a loop that something else left behind", "is the descriptor non-blocking", func(over *atomic.Bool) {
			elsewhere <- over
			_, _ = unix.Read(fds[0], make([]byte, 1))
		}},
		{"a sleep between system calls", "It sleeps", func(over *atomic.Bool) {
			for !over.Load() {
				_, _ = unix.Poll(nil, 5)
				time.Sleep(5 * time.Millisecond)
			}
		}},
		{"a lock", "waits for a lock", func(*atomic.Bool) {
			lock.Lock()
			defer lock.Unlock()
		}},
		{"a sleep", "It sleeps", func(over *atomic.Bool) {
			for !over.Load() {
				time.Sleep(50 * time.Millisecond)
			}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var over atomic.Bool
			defer over.Store(true)
			err := Case{Run: func() error { c.code(&over); return nil }}.run()
			require.ErrorIs(t, err, errAbandoned)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

// Code that waits only for itself is given up at once, with the patience that others
// need left.
func TestADeadlockIsSeen(t *testing.T) {
	never := make(chan bool)
	defer close(never)
	next, stop := iter.Pull(func(yield func(int) bool) { yield(1) })
	defer stop()
	begun := make(chan bool)
	err := Case{Run: func() error { next(); close(begun); <-never; return nil }}.run()
	<-begun
	require.ErrorIs(t, err, errAbandoned)
	assert.NotContains(t, err.Error(), "still running after")
	assert.ErrorContains(t, err, "waits on a channel that nobody sends to")
}
