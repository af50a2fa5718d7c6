package coro

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInside(t *testing.T) {
	var c *Coro
	inside := func() bool { _, is := c.Inside(); return is }
	elsewhere := func(ask func() bool) (is bool) {
		done := make(chan struct{})
		go func() { defer close(done); is = ask() }()
		<-done
		return is
	}
	c = New(func(yield Yield) (any, error) {
		require.True(t, inside(), "in the body")
		require.False(t, elsewhere(inside), "in a goroutine that the body has started")
		other := New(func(Yield) (any, error) { return inside(), nil })
		other.Send(nil)
		is, _ := other.Result()
		require.Equal(t, false, is, "in a coroutine inside of the body")
		own, _ := c.Inside()
		in, err := own("out")
		require.Equal(t, "in", in)
		require.True(t, inside(), "after a pause")
		return nil, err
	})
	require.False(t, inside(), "before the start")
	out, _ := c.Send(nil)
	require.Equal(t, "out", out)
	require.False(t, inside(), "while it is suspended")
	require.False(t, elsewhere(inside))
	c.Send("in")
	_, err := c.Result()
	require.NoError(t, err)
	require.False(t, inside(), "after its end")
}

// TestInsideAfterTheEnd: the runtime hands a goroutine's record on.
func TestInsideAfterTheEnd(t *testing.T) {
	for range 1000 {
		c := New(func(Yield) (any, error) { return nil, nil })
		c.Send(nil)
		is := make(chan bool)
		go func() { _, inside := c.Inside(); is <- inside }()
		require.False(t, <-is)
	}
}

func TestSelfTellsGoroutinesApart(t *testing.T) {
	for name, self := range map[string]func() uintptr{"by the runtime's record": self, "by the stack trace": numberOfSelf} {
		t.Run(name, func(t *testing.T) {
			mine, other := self(), make(chan uintptr)
			require.NotZero(t, mine)
			go func() { other <- self() }()
			require.NotEqual(t, mine, <-other)
			var deep func(n int) uintptr
			deep = func(n int) uintptr { // the stack is moved
				var room [1024]byte
				if n == 0 {
					return self() + uintptr(room[0])
				}
				return deep(n - 1)
			}
			require.Equal(t, mine, deep(1000))
		})
	}
}
