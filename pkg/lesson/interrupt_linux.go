package lesson

import "golang.org/x/sys/unix"

// thread is the one that this goroutine is locked to.
func thread() int { return unix.Gettid() }

// interrupt sends a signal to a thread of this process. Go's runtime sends itself
// SIGURG, and ignores those that it did not send.
func interrupt(thread int) { _ = unix.Tgkill(unix.Getpid(), thread, unix.SIGURG) }
