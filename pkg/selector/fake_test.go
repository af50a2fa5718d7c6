package selector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFake(t *testing.T) {
	t.Run("ready as the test says, in the order of the descriptors", func(t *testing.T) {
		f := NewFake()
		require.NoError(t, f.Register(9, Read, "nine"))
		require.NoError(t, f.Register(3, Read|Write, "three"))
		f.SetReady(9, Read|Write)
		f.SetReady(3, Write)
		f.SetReady(5, Read)
		got, err := f.Select(-1)
		require.NoError(t, err)
		require.Equal(t, []Ready{{3, Write, "three"}, {9, Read, "nine"}}, got)
		require.Empty(t, f.Slept())
	})
	t.Run("sleep makes something ready", func(t *testing.T) {
		f := NewFake()
		require.NoError(t, f.Register(3, Read, nil))
		f.Sleep = func(time.Duration) { f.SetReady(3, Read) }
		got, err := f.Select(time.Second)
		require.NoError(t, err)
		require.Equal(t, []Ready{{3, Read, nil}}, got)
		require.Equal(t, []time.Duration{time.Second}, f.Slept())
	})
	t.Run("what nobody waits for ends no sleep", func(t *testing.T) {
		f := NewFake()
		require.NoError(t, f.Register(3, Read, nil))
		f.SetReady(3, Write)
		_, err := f.Select(time.Second)
		require.NoError(t, err)
		require.Equal(t, []time.Duration{time.Second}, f.Slept())
	})
	t.Run("S22 nothing will ever be ready", func(t *testing.T) {
		f := NewFake()
		_, err := f.Select(-1)
		require.ErrorIs(t, err, ErrNeverReady)
		require.NoError(t, f.Wake())
		require.NoError(t, f.Wake())
		_, err = f.Select(-1)
		require.NoError(t, err)
		_, err = f.Select(-1)
		require.ErrorIs(t, err, ErrNeverReady, "two wake-ups count as one")
		require.NoError(t, f.Close())
		require.ErrorIs(t, f.Close(), ErrClosed)
	})
}

func TestNames(t *testing.T) {
	for want, e := range map[string]Events{"nothing": 0, "read": Read, "write": Write,
		"read+write": Read | Write, "write+unknown(4)": Write | 4} {
		require.Equal(t, want, e.String())
	}
	require.EqualError(t, &OpError{"register", 7, ErrRegistered}, "register fd 7: already registered")
	require.EqualError(t, &OpError{"wake", -1, ErrClosed}, "wake selector: selector is closed")
	require.ErrorIs(t, &OpError{"wake", -1, ErrClosed}, ErrClosed)
}
