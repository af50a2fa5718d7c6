package lesson

import (
	"time"

	"golang.org/x/sys/unix"
)

// thread is the one that this goroutine is locked to.
func thread() int { return unix.Gettid() }

// interrupt sends a signal to a thread of this process. Go's runtime sends itself
// SIGURG, and ignores those that it did not send.
func interrupt(thread int) { _ = unix.Tgkill(unix.Getpid(), thread, unix.SIGURG) }

// spent is the processor time that this thread has used.
func spent() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_THREAD, &u) != nil {
		return 0
	}
	return time.Duration(unix.TimevalToNsec(u.Utime) + unix.TimevalToNsec(u.Stime))
}
