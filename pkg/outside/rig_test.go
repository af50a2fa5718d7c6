package outside

// What the tests of this package stand on; read it first.

import (
	"os"
	"os/signal"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/task"
)

// TestMain has package signal start its goroutine, which never ends, and Go's
// timers open their poller, before anybody counts.
func TestMain(m *testing.M) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, one)
	signal.Stop(c)
	time.AfterFunc(time.Hour, func() {}).Stop()
	os.Exit(m.Run())
}

// stage is a real loop: what comes from outside wakes a real selector.
type stage struct {
	*testing.T
	*loop.Loop
	reports []loop.Exception
}

// onStage runs body as a task on a loop of its own, closes that, and counts
// descriptors and goroutines before and after.
func onStage(t *testing.T, body func(s *stage, yield coro.Yield)) {
	files, goroutines := openFiles(t), runtime.NumGoroutine()
	l, err := loop.New(loop.Options{})
	require.NoError(t, err)
	s := &stage{T: t, Loop: l}
	l.SetExceptionHandler(func(e loop.Exception) { s.reports = append(s.reports, e) })
	hung := time.AfterFunc(time.Minute, l.Stop) // fails the test with ErrStopped
	defer hung.Stop()
	_, err = task.Run(l, func(yield coro.Yield) (any, error) {
		body(s, yield)
		return nil, nil
	})
	require.NoError(t, err)
	require.NoError(t, l.Close())
	require.Empty(t, s.reports)
	require.Equal(t, files, openFiles(t), "descriptors")
	goroutinesAre(t, goroutines)
}

// goroutinesAre waits for goroutines that are on their way out.
func goroutinesAre(t *testing.T, want int) {
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > want; runtime.Gosched() {
		require.True(t, time.Now().Before(end), "goroutines: %d, were %d", runtime.NumGoroutine(), want)
	}
}

func openFiles(t *testing.T) int {
	names, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	return len(names)
}

func (s *stage) spawn(body func(yield coro.Yield) (any, error)) *task.Task {
	return task.Spawn(s.Loop, body)
}

// waits wants t still to be at it when the loop has gone round a few times.
func (s *stage) waits(yield coro.Yield, t *task.Task) {
	for range 5 {
		require.NoError(s, task.Checkpoint(yield))
	}
	require.False(s, t.Done(), "it should wait")
}
