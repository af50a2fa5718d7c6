package faulty

// One connection, from the server's side: the record of what the client sent, and the
// steps that behaviors are made of. Read server.go before it.

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"time"
)

// KeepLimit is how many bytes of a connection are kept, 64 MiB. If a client sends more,
// Visit.Received is nil, while Count and SHA256 still cover everything.
const KeepLimit = 64 << 20

// A Visit is what happened on one connection, known when it is over.
type Visit struct {
	Received []byte // all that the client sent; nil above KeepLimit, and for Echo, which keeps nothing
	Count    int64  // how many bytes the client sent, as far as the server read them
	SHA256   string // of those bytes, in hexadecimal
	Sent     int64  // how many bytes the server gave to its kernel
	Err      error  // nil if the client ended its side in order, or the server did all that it was meant to
}

// A guest is a connection while its behavior runs. Only the behavior's goroutine uses it,
// except over, and visit once over is true.
type guest struct {
	net.Conn // reads and writes go through the methods below, which count
	server   *Server
	sum      hash.Hash // of all bytes read; nil if the server keeps nothing
	peer     *peer     // asks the kernel about the client's end; nil until needed
	visit    Visit     // doesn't change once over is true
	over     bool      // guarded by server.mu; set once
}

func newGuest(s *Server, conn net.Conn) *guest {
	return &guest{Conn: conn, server: s, sum: sha256.New()}
}

// Read records what it reads.
func (g *guest) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	v := &g.visit
	v.Count += int64(n)
	if g.sum == nil {
		return n, err
	}
	g.sum.Write(p[:n])
	if v.Count <= KeepLimit {
		v.Received = append(v.Received, p[:n]...)
	} else {
		v.Received = nil
	}
	return n, err
}

// Write counts what it writes. Go sets TCP_NODELAY on each connection, so a write leaves
// at once, in a packet of its own.
func (g *guest) Write(p []byte) (int, error) {
	n, err := g.Conn.Write(p)
	g.visit.Sent += int64(n)
	return n, err
}

func (g *guest) send(data string) error {
	_, err := io.WriteString(g, data)
	return err
}

// drain reads, and so records, until the client ends its side.
func (g *guest) drain() error {
	buffer := make([]byte, 64<<10)
	for {
		_, err := g.Read(buffer)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// finish ends the server's side in order: the client reads EOF after the last byte,
// whatever it does meanwhile.
//
// A fact about TCP: close(2) on a socket that still holds unread bytes sends a reset
// instead of the end, and the reset may overtake data on its way. A server that closes
// without having read the whole question may destroy its own answer. So finish ends the
// writing side, reads on until the client has ended too, and only then is the connection
// closed.
func (g *guest) finish() error {
	if err := g.closeWrite(); err != nil {
		return err
	}
	return g.drain()
}

func (g *guest) sendAndFinish(data string) error {
	if err := g.send(data); err != nil {
		return err
	}
	return g.finish()
}

func (g *guest) closeWrite() error { return g.Conn.(writeCloser).CloseWrite() }

// writeCloser is a connection whose sides end one at a time.
type writeCloser interface{ CloseWrite() error }

var (
	_ writeCloser = (*net.TCPConn)(nil)
	_ writeCloser = (*net.UnixConn)(nil)
)

// reset closes the connection by a reset: with SO_LINGER at zero, close(2) drops what is
// unsent and sends RST instead of FIN.
func (g *guest) reset() error {
	if err := g.Conn.(*net.TCPConn).SetLinger(0); err != nil {
		return err
	}
	return g.Conn.Close()
}

// hold keeps the connection as it is until the server is closed.
func (g *guest) hold() error {
	<-g.server.closing
	return net.ErrClosed
}

// untilReleased waits for Release. It returns net.ErrClosed if the server closes first.
func (g *guest) untilReleased() error {
	select {
	case <-g.server.closing:
		return net.ErrClosed
	case <-g.server.released:
		return nil
	}
}

// untilRead waits until the client's program has read all that was sent so far, or can't
// read any more. peer_linux.go explains how that is known. Where it isn't, untilRead
// waits for 20 ms, which is a guess.
func (g *guest) untilRead() error {
	if g.peer == nil {
		g.peer = newPeer(g.Conn)
	}
	for wait := 20 * time.Microsecond; ; wait = min(2*wait, 5*time.Millisecond) {
		read, known := g.peer.hasRead(g.visit.Sent)
		if read {
			return nil
		}
		if !known {
			return g.server.pause(20 * time.Millisecond)
		}
		if err := g.server.pause(wait); err != nil {
			return err
		}
	}
}

// end publishes the visit. It is the only place where a visit becomes over; only the
// first call has an effect.
func (g *guest) end(err error) {
	g.server.change(func() {
		if g.over {
			return
		}
		if errors.Is(err, net.ErrClosed) {
			err = fmt.Errorf("faulty: %s ended the connection: %w", g.server.name, net.ErrClosed)
		}
		if g.sum != nil {
			g.visit.SHA256 = fmt.Sprintf("%x", g.sum.Sum(nil))
		}
		g.visit.Err, g.over = err, true
	})
}

// leave releases what the guest owns.
func (g *guest) leave() {
	g.Conn.Close()
	if g.peer != nil {
		g.peer.close()
	}
}
