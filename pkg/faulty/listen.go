package faulty

// Servers that listen, well or badly.

import (
	"io"

	"golang.org/x/sys/unix"
)

// Echo sends back what it reads, until the client ends its side and all is sent;
// then it closes. It keeps no bytes, only their count: the client sees them.
func Echo(at ...string) *Server { return start("Echo", at, echo) }

func echo(g *guest) error {
	g.sum = nil
	_, err := io.Copy(g, g)
	return err
}

// Sink reads and records all that the client sends, and sends nothing. It closes when the
// client has ended its side.
func Sink(at ...string) *Server {
	return start("Sink", at, (*guest).drain)
}

// Silent accepts, sends nothing, reads nothing, and keeps the connection open until Close.
func Silent(at ...string) *Server {
	return start("Silent", at, (*guest).hold)
}

// NeverReads accepts and reads nothing, so that the client's data piles up, first in the
// server's receive buffer, which is small, then in the client's own send buffer, until
// the client can send no more. After Release it reads and records all that comes, and
// closes when the client has ended its side.
//
// A fact about Linux: the client's send buffer grows by itself, up to the last number in
// /proc/sys/net/ipv4/tcp_wmem, usually 4 MiB. To fill it, send more than that, or set
// SO_SNDBUF on the client.
func NeverReads(at ...string) *Server {
	return startSmall("NeverReads", at, (*guest).readWhenReleased)
}

// ReadsLate reads nothing until Release. Its receive buffer is as small as that of
// NeverReads, so the client must wait before it can send all. Then it sends data, ends
// its side, and reads on, as HalfClose does. The visit is over when the client has ended
// its side too.
func ReadsLate(data string, at ...string) *Server {
	return startSmall("ReadsLate", at, func(g *guest) error {
		if err := g.untilReleased(); err != nil {
			return err
		}
		return g.sendAndFinish(data)
	})
}

// startSmall is start with a small receive buffer for each connection.
func startSmall(name string, at []string, behave behavior) *Server {
	// The buffer's size is part of the handshake, which is over before accept returns,
	// so it is set on the listener, and connections inherit it.
	ln, own := listen(name, at, func(fd int) error {
		return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, smallBuffer)
	})
	s := newServer(name, ln.Addr().String(), ln, behave)
	s.own = own
	s.wg.Go(s.accept)
	return s
}

const smallBuffer = 16 << 10 // bytes; Linux doubles it, for its own bookkeeping

func (g *guest) readWhenReleased() error {
	if err := g.untilReleased(); err != nil {
		return err
	}
	return g.drain()
}
