package zmtp

import (
	"bufio"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A peer is one connection. One goroutine reads from it, another writes what waits
// in out.
type peer struct {
	hub    *hub
	conn   net.Conn
	in     *bufio.Reader // the reading goroutine's
	name   string        // the peer's wish, or a Router's choice; set before it is established
	known  atomic.Bool   // a check has accepted a message: no stranger
	active atomic.Bool   // it has done what peers of this kind come for
	out    *outbox
	stray  int                                  // its share of hub.strays; the reading goroutine's
	on     func(name string, data []byte) error // runs a command that is neither PING nor PONG; nil: none is known

	once  sync.Once
	ended error // why; set by the first end
}

func newPeer(h *hub, conn net.Conn) *peer {
	return &peer{hub: h, conn: conn, in: bufio.NewReader(conn), out: newOutbox(h.limits)}
}

// end closes the connection, and remembers why. Only the first call counts, and
// reports that it is the first.
func (p *peer) end(why error) (first bool) {
	p.once.Do(func() {
		first = true
		p.ended = why
		p.out.close()
		p.conn.Close()
	})
	return first
}

// cause is why the peer ended; it may be called after end.
func (p *peer) cause() error {
	p.end(nil)
	return p.ended
}

// receive returns the next message, and answers the commands before it. most is the
// size that it may have.
func (p *peer) receive(most int) ([][]byte, error) {
	defer p.settle()
	var frames [][]byte
	for total := 0; ; {
		if len(frames) == 0 {
			if err := p.await(); err != nil {
				return nil, err
			}
		}
		h, err := readHeader(p.in)
		if err != nil {
			return nil, unexpected(err)
		}
		body, err := p.body(h, total, most)
		if err != nil {
			return nil, err
		}
		if h.command {
			if err := p.command(body); err != nil {
				return nil, err
			}
			continue
		}
		if len(frames) == p.hub.limits.Parts {
			return nil, fmt.Errorf("%w: a message of more than %d frames", ErrLimit, p.hub.limits.Parts)
		}
		frames, total = append(frames, body), total+len(body)
		if !h.more {
			return frames, nil
		}
	}
}

// await waits for a message to begin, as long as that takes. From then on a
// stranger's must arrive in time.
func (p *peer) await() error {
	_ = p.conn.SetReadDeadline(time.Time{})
	if _, err := p.in.Peek(1); err != nil || p.known.Load() {
		return err
	}
	return p.conn.SetReadDeadline(time.Now().Add(p.hub.limits.Arrival))
}

// body reads the body of a frame, in a message that may have most bytes and has
// total so far.
func (p *peer) body(h header, total, most int) ([]byte, error) {
	if h.command {
		total, most = 0, p.hub.limits.Signal
	}
	if h.size > uint64(most-total) {
		return nil, fmt.Errorf("%w: a frame of %d bytes, where %d are left", ErrLimit, h.size, most-total)
	}
	size := int(h.size)
	if p.known.Load() || total+size <= step {
		return readBody(p.in, size, free)
	}
	return readBody(p.in, size, p.charge)
}

// charge counts what a stranger's message takes until settle. A short one is not
// counted: as long as others send long ones, an honest stranger must still get its
// first request through.
func (p *peer) charge(n int) error {
	p.stray += n
	if p.hub.strays.Add(int64(n)) > int64(p.hub.limits.Strays) {
		return fmt.Errorf("%w: peers without a key are sending %d bytes", ErrLimit, p.hub.limits.Strays)
	}
	return nil
}

func (p *peer) settle() {
	p.hub.strays.Add(-int64(p.stray))
	p.stray = 0
}

// command answers PING with PONG and its context (RFC 37, *Heartbeats*). A peer
// that does not take one PONG gets no other.
func (p *peer) command(body []byte) error {
	name, data, err := splitCommand(body)
	switch {
	case err != nil:
		return err
	case name == "PING" && len(data) >= 2:
		if empty, _ := p.out.emptied(); empty {
			p.out.put(encodeCommand("PONG", data[2:]))
		}
		return nil
	case name == "PONG":
		return nil
	case p.on != nil:
		return p.on(name, data)
	}
	return fmt.Errorf("%w: the command %q", ErrProtocol, name)
}

// trust marks the peer as one that has shown the key.
func (p *peer) trust() {
	if p.known.CompareAndSwap(false, true) {
		p.active.Store(true)
		_ = p.conn.SetReadDeadline(time.Time{})
	}
}
