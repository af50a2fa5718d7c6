//go:build !linux

package lesson

import (
	"time"

	"golang.org/x/sys/unix"
)

// theEnd is not known here; it is near when something can be read.
const theEnd = unix.POLLIN

// thread has no number here that a signal could be sent to.
func thread() int { return 0 }

// interrupt sends a signal to this process, which goes to some thread of it.
func interrupt(int) { _ = unix.Kill(unix.Getpid(), unix.SIGURG) }

// undisturbed makes call. Signals can't be kept from one thread here.
func undisturbed(call func()) { call() }

// asleep is not known of a thread here.
func asleep(int) bool { return true }

// sleeps is not known of a thread here.
func sleeps() int64 { return 0 }

// spent is not known of a thread here.
func spent() time.Duration { return 0 }
