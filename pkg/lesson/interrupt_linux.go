package lesson

import (
	"bytes"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// thread is the one that this goroutine is locked to.
func thread() int { return unix.Gettid() }

// interrupt sends a signal to a thread of this process. Go's runtime sends itself
// SIGURG, and ignores those that it did not send.
func interrupt(thread int) { _ = unix.Tgkill(unix.Getpid(), thread, unix.SIGURG) }

// asleep reports whether a thread of this process sleeps in a call: after the name, which
// may contain anything, the kernel says S.
func asleep(thread int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/stat", thread))
	_, state, _ := bytes.Cut(stat, []byte(") "))
	return err == nil && bytes.HasPrefix(state, []byte("S"))
}

// sleeps is how often this thread has given up its processor by itself.
func sleeps() int64 {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_THREAD, &u) != nil {
		return 0
	}
	return u.Nvcsw
}

// spent is the processor time that this thread has used.
func spent() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_THREAD, &u) != nil {
		return 0
	}
	return time.Duration(unix.TimevalToNsec(u.Utime) + unix.TimevalToNsec(u.Stime))
}
