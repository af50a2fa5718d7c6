package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// short bypasses Go's scheduler (RawSyscall) in the calls that every connection makes, beside
// recv and send. On a non-blocking socket they never block, so they are over before the
// scheduler could make use of the news. To tell it takes time at each call, and while there
// are such calls, a thread of the runtime (sysmon) wakes every 20 µs to look at them. Names
// are read without asking for the protocol too, as package unix does: a call less for each.
// A page that is fetched over a connection of its own takes a tenth less CPU time by all that.
func short(c Calls) Calls {
	c.Connect, c.SetOption, c.SocketError, c.Close = connect, setOption, socketErrorNow, closeNow
	c.LocalName = func(fd int) (unix.Sockaddr, error) { return name(unix.SYS_GETSOCKNAME, fd, unix.Getsockname) }
	c.PeerName = func(fd int) (unix.Sockaddr, error) { return name(unix.SYS_GETPEERNAME, fd, unix.Getpeername) }
	return c
}

func connect(fd int, sa unix.Sockaddr) error {
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		raw := unix.RawSockaddrInet4{Family: unix.AF_INET, Port: swapped(uint16(sa.Port)), Addr: sa.Addr}
		return failed(unix.RawSyscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&raw)), unix.SizeofSockaddrInet4))
	case *unix.SockaddrInet6:
		raw := unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: swapped(uint16(sa.Port)), Addr: sa.Addr, Scope_id: sa.ZoneId}
		return failed(unix.RawSyscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&raw)), unix.SizeofSockaddrInet6))
	}
	return unix.Connect(fd, sa)
}

// name is the address that getsockname(2) or getpeername(2) returns. One that is no IP
// address is left to package unix.
func name(trap uintptr, fd int, other func(fd int) (unix.Sockaddr, error)) (unix.Sockaddr, error) {
	var raw unix.RawSockaddrInet6 // the largest
	size := uint32(unix.SizeofSockaddrInet6)
	if err := failed(unix.RawSyscall(trap, uintptr(fd), uintptr(unsafe.Pointer(&raw)), uintptr(unsafe.Pointer(&size)))); err != nil {
		return nil, err
	}
	switch raw.Family {
	case unix.AF_INET:
		raw := (*unix.RawSockaddrInet4)(unsafe.Pointer(&raw))
		return &unix.SockaddrInet4{Port: int(swapped(raw.Port)), Addr: raw.Addr}, nil
	case unix.AF_INET6:
		return &unix.SockaddrInet6{Port: int(swapped(raw.Port)), Addr: raw.Addr, ZoneId: raw.Scope_id}, nil
	}
	return other(fd)
}

// swapped turns a port from the network's order of bytes into the machine's, or back.
func swapped(port uint16) uint16 {
	bytes := (*[2]byte)(unsafe.Pointer(&port))
	return uint16(bytes[0])<<8 | uint16(bytes[1])
}

func setOption(fd, level, option, value int) error {
	n := int32(value)
	return failed(unix.RawSyscall6(unix.SYS_SETSOCKOPT, uintptr(fd), uintptr(level), uintptr(option),
		uintptr(unsafe.Pointer(&n)), unsafe.Sizeof(n), 0))
}

func socketErrorNow(fd int) error {
	var errno int32
	size := uint32(unsafe.Sizeof(errno))
	err := failed(unix.RawSyscall6(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, unix.SO_ERROR,
		uintptr(unsafe.Pointer(&errno)), uintptr(unsafe.Pointer(&size)), 0))
	if err == nil && errno != 0 {
		err = unix.Errno(errno)
	}
	return err
}

func closeNow(fd int) error { return failed(unix.RawSyscall(unix.SYS_CLOSE, uintptr(fd), 0, 0)) }

func failed(_, _ uintptr, errno unix.Errno) error {
	if errno != 0 {
		return errno
	}
	return nil
}
