package selector

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTold: each call for a selector is told once, with what it returned, and passed on.
func TestTold(t *testing.T) {
	fake, heard := NewFake(), []string(nil)
	s := Told(fake, func(name string, fd, n int, err error) {
		heard = append(heard, fmt.Sprint(name, " ", fd, " ", n, " ", err))
	})
	require.NoError(t, s.Register(3, Read, "three"))
	require.ErrorIs(t, s.Register(3, Read, nil), ErrRegistered)
	require.NoError(t, s.Modify(3, Write, "3"))
	fake.SetReady(3, Write)
	ready, err := s.Select(-1)
	require.NoError(t, err)
	require.Equal(t, []Ready{{3, Write, "3"}}, ready)
	require.NoError(t, s.Unregister(3))
	require.NoError(t, s.Wake())
	require.NoError(t, s.Close())
	require.ErrorIs(t, s.Unregister(3), ErrClosed)
	require.Equal(t, []string{
		controlCall + " 3 0 <nil>",
		controlCall + " 3 0 register fd 3: already registered",
		controlCall + " 3 0 <nil>",
		waitCall + " -1 1 <nil>",
		controlCall + " 3 0 <nil>",
		controlCall + " 3 0 unregister fd 3: selector is closed",
	}, heard)
	_, keeps := s.(Keeper)
	require.False(t, keeps, "a sleep in two parts would be two calls")
}
