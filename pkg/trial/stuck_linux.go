package trial

// Which system calls does nobody end but others? Read stuck.go first.

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// call is the system call that a goroutine is in, by its number, and the arguments, as a
// stack dump shows them.
var call = regexp.MustCompile(`^goroutine [^\n]*:\nsyscall\.Syscall6?\(([^)]*)\)\n`)

// endless reports whether the goroutine of this stack is in a system call that has no limit
// in time: a read of a pipe or a socket, or a wait for descriptors.
func endless(stack string) bool {
	m := call.FindStringSubmatch(stack)
	if m == nil {
		return false
	}
	var a [7]uint64
	for i, text := range strings.SplitN(m[1], ", ", len(a)) {
		n, err := strconv.ParseUint(text, 0, 64)
		if err != nil {
			return false // it isn't known
		}
		a[i] = n
	}
	switch a[0] {
	case unix.SYS_READ, unix.SYS_RECVFROM:
		return readsWithoutLimit(int(a[1]))
	case unix.SYS_PPOLL:
		return a[3] == 0
	case unix.SYS_PSELECT6:
		return a[5] == 0
	case unix.SYS_EPOLL_PWAIT:
		return int32(a[4]) < 0
	}
	return false
}

func readsWithoutLimit(fd int) bool {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	var is unix.Stat_t
	if err != nil || flags&unix.O_NONBLOCK != 0 || unix.Fstat(fd, &is) != nil {
		return false
	}
	if is.Mode&unix.S_IFMT == unix.S_IFSOCK {
		t, err := unix.GetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO)
		return err == nil && *t == unix.Timeval{}
	}
	return is.Mode&unix.S_IFMT == unix.S_IFIFO
}
