package zmtp

import (
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A hub is what all kinds of sockets have in common: it accepts connections, brings
// each through its handshake in a goroutine of its own, and counts them.
type hub struct {
	kind    string   // of socket, as READY has it
	accepts []string // the kinds of peers
	read    func(*peer) error
	limits  Limits
	log     *quiet // of what strangers do
	losses  *quiet // of what others have lost: no stranger's noise may hide that

	listener net.Listener
	done     chan struct{}  // closed by Close
	running  sync.WaitGroup // the goroutines of all connections
	strays   atomic.Int64   // bytes of strangers' unfinished messages; ≤ limits.Strays

	mu       sync.Mutex
	closed   bool
	halfOpen []*peer // in the order in which they came; len ≤ limits.HalfOpen
	peers    []*peer // likewise, after their handshake; len ≤ limits.Peers
}

func newHub(kind string, accepts []string, listener net.Listener, limits Limits, log func(format string, arguments ...any)) *hub {
	return &hub{kind: kind, accepts: accepts, listener: listener, limits: limits,
		log: &quiet{print: log, now: time.Now}, losses: &quiet{print: log, now: time.Now}, done: make(chan struct{})}
}

// Addr is the address that the socket listens on.
func (h *hub) Addr() net.Addr { return h.listener.Addr() }

// Serve accepts connections until Close, and returns ErrClosed then. If none can be
// accepted, because the process has no descriptor left, say, it tries again after a
// pause that doubles up to a second: the connection that waits stays readable, and
// would otherwise keep a processor busy.
func (h *hub) Serve() error {
	var pause time.Duration
	for {
		conn, err := h.listener.Accept()
		switch {
		case err == nil:
			pause = 0
			h.admit(conn)
		case errors.Is(err, net.ErrClosed):
			return ErrClosed
		default:
			pause = min(max(2*pause, firstPause), lastPause)
			h.log.printf("accepting a connection to the %s socket: %v; the next try is in %v", h.kind, err, pause)
			if !h.sleep(pause) {
				return ErrClosed
			}
		}
	}
}

const firstPause, lastPause = 5 * time.Millisecond, time.Second

// sleep reports whether the socket is still open after the pause.
func (h *hub) sleep(pause time.Duration) bool {
	select {
	case <-time.After(pause):
		return true
	case <-h.done:
		return false
	}
}

// Close closes the listener and all connections; what waits in queues is lost. It
// returns when nothing of the socket runs any more. Calling it again has no effect.
func (h *hub) Close() error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil
	}
	h.closed = true
	close(h.done)
	for _, p := range slices.Concat(h.halfOpen, h.peers) {
		p.end(ErrClosed)
	}
	h.mu.Unlock()
	err := h.listener.Close()
	h.running.Wait()
	return err
}

// admit begins a handshake. Where there are too many, the oldest must make room: an
// honest one is over in milliseconds.
func (h *hub) admit(conn net.Conn) {
	p := newPeer(h, conn)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		conn.Close()
		return
	}
	if len(h.halfOpen) >= h.limits.HalfOpen {
		h.halfOpen[0].end(errCrowd)
		h.halfOpen = h.halfOpen[1:]
	}
	h.halfOpen = append(h.halfOpen, p)
	h.running.Go(func() { h.converse(p) })
}

var errCrowd = errors.New("newer connections needed its place")

// converse is a connection's life.
func (h *hub) converse(p *peer) {
	defer h.forget(p)
	_ = p.conn.SetDeadline(time.Now().Add(h.limits.Handshake))
	if err := p.handshake(); err != nil {
		p.end(err)
		return
	}
	_ = p.conn.SetDeadline(time.Time{})
	if !h.establish(p) {
		p.end(errCrowd)
		return
	}
	h.running.Go(func() { p.end(p.out.write(p.conn)) })
	p.end(h.read(p))
}

// establish counts p among the peers. Where there are too many, the newest that has
// done nothing yet must make room; if all have, p is turned away.
func (h *hub) establish(p *peer) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := slices.Index(h.halfOpen, p)
	if at < 0 {
		return false // it had to make room, or the socket is closed
	}
	h.halfOpen = slices.Delete(h.halfOpen, at, at+1)
	if len(h.peers) >= h.limits.Peers {
		idle := len(h.peers) - 1
		for idle >= 0 && h.peers[idle].active.Load() {
			idle--
		}
		if idle < 0 {
			return false
		}
		h.peers[idle].end(errCrowd)
		h.peers = slices.Delete(h.peers, idle, idle+1)
	}
	h.peers = append(h.peers, p)
	return true
}

// forget takes p off the lists and says, once, why it went if that is of interest.
func (h *hub) forget(p *peer) {
	h.mu.Lock()
	same := func(one *peer) bool { return one == p }
	h.halfOpen = slices.DeleteFunc(h.halfOpen, same)
	h.peers = slices.DeleteFunc(h.peers, same)
	h.mu.Unlock()
	if cause := p.cause(); remarkable(cause) {
		log := h.log
		if errors.Is(cause, ErrStalled) {
			log = h.losses
		}
		log.printf("a connection to the %s socket from %q is closed: %v", h.kind, p.conn.RemoteAddr(), cause)
	}
}

// remarkable is false of the ways in which an honest peer goes.
func remarkable(err error) bool {
	var broken *net.OpError
	ended := errors.Is(err, io.EOF) || errors.Is(err, ErrClosed) || errors.As(err, &broken) && !broken.Timeout()
	return !ended
}

// Linger waits until all that was sent is on its way, at most for that long.
func (h *hub) Linger(atMost time.Duration) {
	deadline := time.After(atMost)
	h.mu.Lock()
	peers := slices.Clone(h.peers)
	h.mu.Unlock()
	for _, p := range peers {
		for {
			empty, changed := p.out.emptied()
			if empty {
				break
			}
			select {
			case <-changed:
			case <-deadline:
				return
			}
		}
	}
}
