package lesson

import "golang.org/x/sys/unix"

// threadID is the number of the thread that runs this.
func threadID() int { return unix.Gettid() }

// interruptThread makes a system call in which that thread waits return EINTR.
// SIGURG is a signal that Go's runtime expects, and does nothing about.
func interruptThread(thread int) error { return unix.Tgkill(unix.Getpid(), thread, unix.SIGURG) }
