package lesson_test

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/lesson"
)

// pair returns two connected sockets whose calls wait.
func pair(t *testing.T) (here, there int) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = unix.Close(fds[0]), unix.Close(fds[1]) })
	return fds[0], fds[1]
}

func read(fd int) func() error {
	return func() error { _, err := unix.Read(fd, make([]byte, 1)); return err }
}

func TestUnderSignals(t *testing.T) {
	t.Run("a read without a limit waits through many", func(t *testing.T) {
		here, there := pair(t)
		heard := make(chan os.Signal, 1)
		signal.Notify(heard, syscall.SIGURG)
		defer signal.Stop(heard)
		go func() {
			for range 5 {
				<-heard
			}
			_, _ = unix.Write(there, []byte("x"))
		}()
		signals, err := lesson.UnderSignals(read(here))
		require.NoError(t, err)
		assert.Positive(t, signals)
	})
	t.Run("a read with a limit fails at the first", func(t *testing.T) {
		here, _ := pair(t)
		limit := unix.NsecToTimeval(int64(time.Minute))
		require.NoError(t, unix.SetsockoptTimeval(here, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &limit))
		signals, err := lesson.UnderSignals(read(here))
		require.ErrorIs(t, err, unix.EINTR)
		assert.Positive(t, signals)
	})
	t.Run("an error is the call's own", func(t *testing.T) {
		defer leaktest.Begin(t).End()
		want := errors.New("mine")
		_, err := lesson.UnderSignals(func() error { return want })
		assert.Equal(t, want, err)
	})
	t.Run("a panic reaches the caller, and no signal follows", func(t *testing.T) {
		defer leaktest.Begin(t).End()
		assert.PanicsWithValue(t, "mine", func() { _, _ = lesson.UnderSignals(func() error { panic("mine") }) })
	})
}
