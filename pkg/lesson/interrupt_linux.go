package lesson

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// theEnd is what poll says of a peer that has ended.
const theEnd = unix.POLLRDHUP

// thread is the one that this goroutine is locked to.
func thread() int { return unix.Gettid() }

// interrupt sends a signal to a thread of this process. Go's runtime sends itself
// SIGURG, and ignores those that it did not send.
func interrupt(thread int) { _ = unix.Tgkill(unix.Getpid(), thread, unix.SIGURG) }

// undisturbed makes call on a thread that takes none of the signals by which Go's runtime
// interrupts it. The kernel ends some waits for good when a signal comes.
func undisturbed(call func()) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, none unix.Sigset_t
	none.Val[(unix.SIGURG-1)/64] |= 1 << ((unix.SIGURG - 1) % 64)
	if unix.PthreadSigmask(unix.SIG_BLOCK, &none, &before) == nil {
		defer func() { _ = unix.PthreadSigmask(unix.SIG_SETMASK, &before, nil) }()
	}
	call()
}

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
