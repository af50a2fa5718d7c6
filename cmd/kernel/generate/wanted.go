package main

import (
	"go/token"
	"regexp"
	"slices"
	"strings"

	"stepwise/cmd/kernel/build"
)

// This file says what the tables hold. To give cells one more standard package, add it to
// build.Standard; one more thing of golang.org/x/sys/unix, add it to the lists at the end.

// A tableFile is one generated file.
type tableFile struct {
	name     string   // in cmd/kernel/tables
	goarch   string   // its packages are loaded for linux on this processor
	tag      string   // the file's build constraint
	patterns []string // as for go list
}

// files are made for Linux alone: that is where the kernel runs, on a laptop's
// own system or in its container. syscall and unix differ by processor, so each
// of the two has a file of its own; everything else is the same on both.
var files = []tableFile{
	{"course.go", "amd64", "linux && (amd64 || arm64)", []string{"stepwise/pkg/...", "stepwise/cmd/kernel/display"}},
	{"standard.go", "amd64", "linux && (amd64 || arm64)", standard},
	{"system_linux_amd64.go", "amd64", "linux && amd64", system},
	{"system_linux_arm64.go", "arm64", "linux && arm64", system},
}

var system = []string{"syscall", unixPath}

const unixPath = "golang.org/x/sys/unix"

// standard are those of the standard library, but for syscall, which differs by
// processor. gomacro brings tables of its own for most of them, but those are from Go
// 1.18: errors.Join, context's causes, atomic.Int64 and the like are missing there.
var standard = slices.DeleteFunc(slices.Clone(build.Standard), func(path string) bool { return path == "syscall" })

// wanted reports whether the name of the package at path goes into its table.
func wanted(path, name string) bool {
	switch {
	case !token.IsExported(name):
		return false
	case path != unixPath:
		return true
	default:
		return slices.Contains(unixNames, name) || unixPattern.MatchString(name)
	}
}

// unixNames are the functions and single constants of golang.org/x/sys/unix
// that sockets and pollers need. The whole package is five times as large.
var unixNames = strings.Fields(`
	Accept Accept4 Bind ByteSliceFromString BytePtrFromString Clearenv
	ClockGettime Close CloseOnExec CmsgLen CmsgSpace Connect Dup Dup2 Dup3
	EpollCreate EpollCreate1 EpollCtl EpollPwait EpollWait ErrnoName Eventfd
	FD_CLOEXEC FcntlInt Fstat Getpeername Getpid Getrlimit Getrusage
	Getsockname GetsockoptInt GetsockoptIPMreq GetsockoptLinger
	GetsockoptString GetsockoptTCPInfo GetsockoptTimeval GetsockoptUcred
	Gettid IoctlGetInt IoctlSetInt IoctlSetPointerInt Kill Listen Lseek
	Nanosleep NsecToTimespec NsecToTimeval Open ParseSocketControlMessage
	ParseUnixRights Pipe Pipe2 Poll Ppoll Pread Pselect Pwrite Read Readv
	RecvmsgBuffers Recvfrom Recvmsg Seek Select Send Sendfile Sendmsg SendmsgBuffers
	SendmsgN Sendto SetNonblock Setrlimit SetsockoptByte SetsockoptICMPv6Filter
	SetsockoptInet4Addr SetsockoptInt SetsockoptIPMreq SetsockoptIPv6Mreq
	SetsockoptLinger SetsockoptString SetsockoptTimeval Shutdown SignalName
	SignalNum Signalfd Socket Socketpair Splice Tgkill TimerfdCreate
	TimerfdGettime TimerfdSettime TimespecToNsec TimevalToNsec UnixRights
	Unlink Write Writev

	FIONBIO FIONREAD SIOCINQ SIOCOUTQ SOMAXCONN TIOCINQ TIOCOUTQ

	Cmsghdr EpollEvent Errno FdSet ICMPv6Filter IPMreq IPMreqn IPv6Mreq
	ItimerSpec Iovec Linger Msghdr PollFd Rlimit Rusage Signal Sigset_t
	SocketControlMessage Stat_t TCPInfo Timespec Timeval Ucred
`)

// unixPattern are the families of golang.org/x/sys/unix that go in as a whole:
// error numbers, signals, and the flags of sockets, pollers and descriptors.
var unixPattern = regexp.MustCompile(`^(` + strings.Join([]string{
	`E[A-Z0-9]+`, `SIG[A-Z0-9]+`, // every errno and signal
	`AF_(INET|INET6|UNIX|LOCAL|UNSPEC)`, `SOCK_.*`, `SO_.*`, `SOL_(SOCKET|IP|IPV6|TCP|UDP)`,
	`IPPROTO_(IP|IPV6|TCP|UDP|ICMP|ICMPV6)`, `IP_(TOS|TTL|BIND_ADDRESS_NO_PORT|RECVERR)`, `IPV6_V6ONLY`,
	`TCP_.*`, `MSG_.*`, `SHUT_.*`, `SCM_RIGHTS`, `EPOLL.*`, `POLL.*`, `EFD_.*`, `TFD_.*`, `SFD_.*`,
	`O_.*`, `F_(GETFD|SETFD|GETFL|SETFL|DUPFD.*|GETPIPE_SZ|SETPIPE_SZ)`, `CLOCK_.*`,
	`RLIMIT_NOFILE`, `RUSAGE_.*`, `SEEK_.*`, `SPLICE_F_.*`, `S_I[RWXF].*`,
	`Sockaddr(Inet4|Inet6|Unix)?`, `RawSockaddr(Inet4|Inet6|Unix|Any)?`, `SizeofSockaddr(Inet4|Inet6|Unix|Any)`,
}, "|") + `)$`)
