package trial

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A call that goes on no further is recognized by where it stands.
func TestWhereACallStops(t *testing.T) {
	var pipe [2]int
	require.NoError(t, unix.Pipe(pipe[:]))
	defer unix.Close(pipe[0])
	defer unix.Close(pipe[1])
	var lock sync.Mutex
	lock.Lock()
	channel := make(chan int)
	cases := []struct {
		name         string
		call, goesOn func()
		inRead, over bool
	}{
		{"it returns", func() {}, func() {}, false, true},
		{"it reads", func() { _, _ = unix.Read(pipe[0], make([]byte, 1)) }, func() { _, _ = unix.Write(pipe[1], []byte("x")) }, true, false},
		{"it waits for a lock", lock.Lock, lock.Unlock, false, false},
		{"it receives", func() { <-channel }, func() { channel <- 1 }, false, false},
		{"it waits for one of two channels", func() {
			select {
			case <-channel:
			case channel <- 2:
			}
		}, func() { channel <- 1 }, false, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := Beside(c.call)
			assert.Equal(t, c.inRead, a.Stops("read"))
			if !c.inRead {
				a.Rests()
			}
			assert.Equal(t, c.over, a.Over())
			c.goesOn()
			a.End()
			assert.True(t, a.Over())
		})
	}
}

// A system call of another name is no stop.
func TestAnotherSystemCallIsNoStop(t *testing.T) {
	var pipe [2]int
	require.NoError(t, unix.Pipe(pipe[:]))
	defer unix.Close(pipe[0])
	defer unix.Close(pipe[1])
	a := Beside(func() { _, _ = unix.Read(pipe[0], make([]byte, 1)) })
	require.True(t, a.Stops("read"))
	stops := Beside(func() { assert.False(t, a.Stops("write")) })
	_, _ = unix.Write(pipe[1], []byte("x"))
	stops.End()
	a.End()
}

// What the call panics with, the one that started it panics with at the end.
func TestACallAsidePanics(t *testing.T) {
	a := Beside(func() { panic("boom") })
	assert.False(t, a.Stops("read"))
	assert.PanicsWithValue(t, "boom", a.End)
}
