package lesson

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"golang.org/x/sys/unix"
)

// A call sleeps each time, or it doesn't.
func TestSleepsEachTime(t *testing.T) {
	pause := unix.NsecToTimespec(int64(time.Millisecond))
	calls := 0
	assert.True(t, sleepsEachTime(3, func() { calls++; _ = unix.Nanosleep(&pause, nil) }), "sleeps")
	assert.Equal(t, 3, calls)
	assert.False(t, sleepsEachTime(50, func() { _ = unix.Getpid() }), "only asks")
	assert.False(t, sleepsEachTime(50, func() {
		if calls++; calls == 4 {
			_ = unix.Nanosleep(&pause, nil)
		}
	}), "sleeps the first time alone")
}
