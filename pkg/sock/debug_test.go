package sock_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/debug"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestDebugDescriptors(t *testing.T) {
	var reports []string
	files := leaktest.Files(t)
	l, err := loop.New(loop.Options{Probe: debug.Mode{}})
	require.NoError(t, err)
	l.SetExceptionHandler(func(e loop.Exception) { reports = append(reports, e.String()) })
	closed, err := sock.Listen(l, "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	kept, err := sock.Listen(l, "127.0.0.1:0")
	require.NoError(t, err)
	packets, err := sock.ListenPacket(l, "127.0.0.1:0")
	require.NoError(t, err)
	waits := task.Spawn(l, func(yield coro.Yield) (any, error) {
		mine, err := sock.Listen(l, "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer mine.Close() // when the loop closes, and with it the task
		return sock.Accept(yield, mine)
	})
	waits.AddDoneCallback(func() {})
	require.NoError(t, l.Round())
	fds := []string{kept.String(), packets.String()}
	require.NoError(t, l.Close())
	require.Len(t, reports, 3, "%v", reports)
	assert.Contains(t, reports[0], "a task that was still pending")
	assert.Contains(t, reports[1], "a descriptor was never closed: "+fds[1]+" made by sock_test.TestDebugDescriptors at ")
	assert.Contains(t, reports[2], "a descriptor was never closed: "+fds[0]+" made by sock_test.TestDebugDescriptors at ")
	assert.Contains(t, reports[2], ": nobody has closed it")
	assert.Equal(t, files, leaktest.Files(t))
}
