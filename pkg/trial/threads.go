package trial

// Does a thread sleep, or does it make one system call after the other? Its goroutine is
// seen in a call nearly all the time, either way, and how much of a processor it gets
// depends on the machine. But the kernel knows its state. Read stuck.go before it.

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
)

// threads has a folder for each thread of this process. Only Linux has it.
const threads = "/proc/self/task"

// othersRun reports whether a thread other than the caller's is running, or waits for a
// processor. Code that makes system calls without end always is; code that waits in one
// is not. It is true, too, where the system doesn't say.
func othersRun() bool {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	own, err := os.Readlink("/proc/thread-self")
	if err != nil {
		return true
	}
	all, err := os.ReadDir(threads)
	for _, thread := range all {
		if thread.Name() != filepath.Base(own) && runs(thread.Name()) {
			return true
		}
	}
	return err != nil
}

// runs reports whether the state of a thread is R: "51 (name) R 1 …", proc_pid_stat(5). A
// thread that has ended meanwhile has none.
func runs(thread string) bool {
	stat, _ := os.ReadFile(filepath.Join(threads, thread, "stat"))
	state := stat[bytes.LastIndexByte(stat, ')')+1:] // the name may have anything in it
	return bytes.HasPrefix(state, []byte(" R"))
}
