package wait

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/internal/looptest"
	"stepwise/pkg/coro"
	"stepwise/pkg/task"
)

// TestLine: who is sent away had no turn, and stands in the line no more.
func TestLine(t *testing.T) {
	r := looptest.New(t)
	errDown := errors.New("down")
	var q line
	a := task.Spawn(r.Loop, func(yield coro.Yield) (any, error) { return q.wait(yield, "") })
	came := false
	b := task.Spawn(r.Loop, func(yield coro.Yield) (_ any, err error) {
		came, err = q.wait(yield, "")
		return nil, err
	})
	r.GoRound(1)
	require.Equal(t, 2, q.waiters.Len())
	require.True(t, q.next())
	q.failAll(errDown)
	require.False(t, q.next())
	require.Zero(t, q.waiters.Len())
	r.Settle()
	v, err := a.Result()
	require.NoError(t, err)
	require.Equal(t, true, v)
	_, err = b.Result()
	require.Equal(t, errDown, err)
	require.False(t, came)
	require.NoError(t, r.Close())
}
