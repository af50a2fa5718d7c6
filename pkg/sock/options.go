package sock

// What the kernel is told about a connection: socket(7), tcp(7). The names are those of
// net.TCPConn.

import (
	"cmp"
	"fmt"
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// SetNoDelay switches Nagle's algorithm off, as it is from the start, or, with false, on:
// then a small message waits until the one before it was acknowledged. Errors are
// *net.OpError: net.ErrClosed, EOPNOTSUPP for a unix socket.
func (s *Socket) SetNoDelay(noDelay bool) error {
	return s.setOption("set no delay", unix.IPPROTO_TCP, unix.TCP_NODELAY, toInt(noDelay))
}

// SetKeepAliveConfig says how the kernel finds out that a silent peer is gone: after Idle
// without a word it asks, every Interval, and if Count questions have no answer, reads and
// sends fail with ETIMEDOUT. A field that is 0 is as in package net: 15 s, 15 s and 9; one
// that is negative stays as it is. Durations count in seconds, rounded up.
//
// It is on from the start, for connections that were accepted too. OpenBSD has the
// fields only for the whole system. Errors are those of SetNoDelay.
func (s *Socket) SetKeepAliveConfig(config net.KeepAliveConfig) error {
	err := s.setOption("set keep alive", unix.SOL_SOCKET, unix.SO_KEEPALIVE, toInt(config.Enable))
	if !config.Enable {
		return err
	}
	const usual, questions = 15 * time.Second, 9
	values := []int{keepAliveTime(cmp.Or(config.Idle, usual)), keepAliveTime(cmp.Or(config.Interval, usual)), cmp.Or(config.Count, questions)}
	for i, option := range keepAlive {
		if err == nil && values[i] >= 0 {
			err = s.setOption("set keep alive", unix.IPPROTO_TCP, option, values[i])
		}
	}
	return err
}

// keepAliveTime is d in the kernel's unit; negative if d is.
func keepAliveTime(d time.Duration) int {
	if d < 0 {
		return -1
	}
	return int((d + time.Second - 1) / time.Second * keepAliveUnits)
}

// SetLinger says what Close does with what the peer has not taken yet. If sec is negative,
// as from the start, the kernel goes on sending it after Close. If sec is 0, Close throws
// it away, and the peer gets a reset: see Abort.
//
// A positive sec is refused with EINVAL: Close would wait so long, and the whole loop with
// it. To know that the peer has read everything, call CloseWrite, and read its end. Other
// errors are *net.OpError: net.ErrClosed.
func (s *Socket) SetLinger(sec int) error {
	switch {
	case s.fd < 0:
		return s.opError("set linger", net.ErrClosed)
	case sec > 0:
		return s.opError("set linger", fmt.Errorf("a close that waits stops the whole loop: %w", unix.EINVAL))
	}
	return s.opError("set linger", s.loop.Calls().SetLinger(s.fd, unix.Linger{Onoff: int32(toInt(sec == 0))}))
}

// Abort is Close without a farewell: what the peer has not taken yet is thrown away, and
// it gets a reset, ECONNRESET: asyncio's Transport.abort. It is for a peer that breaks
// the rules, or holds up a shutdown. Errors are those of Close.
func (s *Socket) Abort() error {
	if s.fd >= 0 {
		_ = s.SetLinger(0) // a system that can't closes in order
	}
	return s.Close()
}

func (s *Socket) setOption(op string, level, option, value int) error {
	if s.fd < 0 {
		return s.opError(op, net.ErrClosed)
	}
	return s.opError(op, s.loop.Calls().SetOption(s.fd, level, option, value))
}

func toInt(on bool) int {
	if on {
		return 1
	}
	return 0
}
