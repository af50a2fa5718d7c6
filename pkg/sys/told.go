package sys

import "golang.org/x/sys/unix"

// Told is a table that makes the calls of calls, and tells of each after it has
// returned: its name in the manual, the descriptor that it was about (for socket(2)
// the new one), and what it returned: bytes, a new descriptor, or 0. A call that is
// added to Calls is added here, and nowhere else.
func Told(calls *Calls, tell func(name string, fd, n int, err error)) *Calls {
	c, t := calls, *calls
	counts := func(name string, fd, n int, err error) (int, error) { tell(name, fd, n, err); return n, err }
	ends := func(name string, fd int, err error) error { tell(name, fd, 0, err); return err }
	opens := func(fd int, err error) (int, error) { return counts("socket", fd, fd, err) }
	t.Socket = func(family int) (int, error) { return opens(c.Socket(family)) }
	t.SocketDatagram = func(family int) (int, error) { return opens(c.SocketDatagram(family)) }
	t.Accept = func(fd int) (accepted int, from unix.Sockaddr, err error) {
		accepted, from, err = c.Accept(fd)
		tell("accept", fd, accepted, err)
		return accepted, from, err
	}
	t.RecvFrom = func(fd int, p []byte) (n int, truncated bool, from unix.Sockaddr, err error) {
		n, truncated, from, err = c.RecvFrom(fd, p)
		tell("recvmsg", fd, n, err)
		return n, truncated, from, err
	}
	t.SendTo = func(fd int, p []byte, to unix.Sockaddr) error {
		err := c.SendTo(fd, p, to)
		if err != nil {
			return ends("sendmsg", fd, err)
		}
		tell("sendmsg", fd, len(p), nil)
		return nil
	}
	t.Recv = func(fd int, p []byte) (int, error) { n, err := c.Recv(fd, p); return counts("recv", fd, n, err) }
	t.Peek = func(fd int) (int, error) { n, err := c.Peek(fd); return counts("peek", fd, n, err) }
	t.Send = func(fd int, p []byte) (int, error) { n, err := c.Send(fd, p); return counts("send", fd, n, err) }
	t.SendFile = func(fd, from int, offset int64, n int) (int, error) {
		sent, err := c.SendFile(fd, from, offset, n)
		return counts("sendfile", fd, sent, err)
	}
	t.Connect = func(fd int, sa unix.Sockaddr) error { return ends("connect", fd, c.Connect(fd, sa)) }
	t.Bind = func(fd int, sa unix.Sockaddr) error { return ends("bind", fd, c.Bind(fd, sa)) }
	t.Listen = func(fd, backlog int) error { return ends("listen", fd, c.Listen(fd, backlog)) }
	t.Shutdown = func(fd, how int) error { return ends("shutdown", fd, c.Shutdown(fd, how)) }
	t.Close = func(fd int) error { return ends("close", fd, c.Close(fd)) }
	t.SocketError = func(fd int) error { return ends("getsockopt", fd, c.SocketError(fd)) }
	t.SetOption = func(fd, level, option, value int) error {
		return ends("setsockopt", fd, c.SetOption(fd, level, option, value))
	}
	t.SetLinger = func(fd int, l unix.Linger) error { return ends("setsockopt", fd, c.SetLinger(fd, l)) }
	names := func(name string, call *func(fd int) (unix.Sockaddr, error)) func(fd int) (unix.Sockaddr, error) {
		return func(fd int) (unix.Sockaddr, error) {
			sa, err := (*call)(fd)
			return sa, ends(name, fd, err)
		}
	}
	t.LocalName, t.PeerName = names("getsockname", &c.LocalName), names("getpeername", &c.PeerName)
	return &t
}
