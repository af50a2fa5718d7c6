package trial

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/selector"
	"stepwise/pkg/sys"
)

type hour struct{}

func (hour) Now() time.Duration { return time.Hour }

type optioned struct {
	selector.Selector
	options loop.Options
}

func (o optioned) Options() loop.Options { return o.options }

func TestASelectorBringsItsLoopsOptions(t *testing.T) {
	kernel, err := selector.New()
	require.NoError(t, err)
	calls := sys.Kernel
	s := optioned{kernel, loop.Options{Calls: &calls, Clock: hour{}}}
	require.NoError(t, OnLoop(s, func(yield coro.Yield, l *loop.Loop) error {
		assert.Same(t, &calls, l.Calls())
		assert.Equal(t, time.Hour, l.Now())
		return Settle(yield, l) // it is watched all the same
	}))
}
