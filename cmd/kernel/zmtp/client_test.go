package zmtp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// This file has what the tests talk with: a client that can also be wrong, servers
// of all kinds, and a network without time. Read peer_test.go for the situations.

// A client is the other end of a connection.
type client struct {
	t    testing.TB
	conn net.Conn
	in   *bufio.Reader
}

// dial connects and says nothing.
func dial(t testing.TB, address net.Addr) *client {
	t.Helper()
	conn, err := net.Dial(address.Network(), address.String())
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return &client{t, conn, bufio.NewReader(conn)}
}

// join connects and goes through the handshake.
func join(t testing.TB, address net.Addr, kind, name string) *client {
	t.Helper()
	return dial(t, address).shake(kind, name)
}

// shake reads before it writes, each time: that works where nothing is buffered, too.
func (c *client) shake(kind, name string) *client {
	c.t.Helper()
	_, err := io.ReadFull(c.in, make([]byte, greetingSize))
	require.NoError(c.t, err)
	c.write(greeting())
	_, more := c.frame()
	require.False(c.t, more)
	c.write(encodeCommand("READY", append(property("Socket-Type", kind), property("Identity", name)...)))
	return c
}

func (c *client) write(wire []byte) {
	c.t.Helper()
	_, err := c.conn.Write(wire)
	require.NoError(c.t, err)
}

func (c *client) send(frames ...string) *client {
	c.t.Helper()
	c.write(encode(bytesOf(frames...)))
	return c
}

// frame reads one frame of any kind.
func (c *client) frame() (body []byte, more bool) {
	c.t.Helper()
	h, err := readHeader(c.in)
	require.NoError(c.t, err)
	body, err = readBody(c.in, int(h.size), free)
	require.NoError(c.t, err)
	return body, h.more
}

// message reads frames until the last of a message.
func (c *client) message() []string {
	c.t.Helper()
	var frames []string
	for more := true; more; {
		var body []byte
		body, more = c.frame()
		frames = append(frames, string(body))
	}
	return frames
}

// gone waits until the server has closed the connection.
func (c *client) gone() {
	c.t.Helper()
	_, _ = io.Copy(io.Discard, c.in) // a reset is an end, too
}

func bytesOf(frames ...string) [][]byte {
	var out [][]byte
	for _, frame := range frames {
		out = append(out, []byte(frame))
	}
	return out
}

// A book is a log that tests can read.
type book struct {
	mu    sync.Mutex
	lines []string
}

func (b *book) printf(format string, arguments ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, fmt.Sprintf(format, arguments...))
}

func (b *book) all() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.lines)
}

func loopback(t testing.TB) net.Listener {
	t.Helper()
	listener, err := Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return listener
}

var errKey = errors.New("no key")

// keyed accepts messages that begin with "key".
func keyed(frames [][]byte) error {
	if string(frames[0]) != "key" {
		return errKey
	}
	return nil
}

// router serves a Router that answers every message with itself.
func router(t testing.TB, listener net.Listener, limits Limits) (*Router, *book) {
	t.Helper()
	log := new(book)
	s := NewRouter(listener, keyed, limits, log.printf)
	run(t, s)
	go func() {
		for {
			message, err := s.Recv()
			if err != nil {
				return
			}
			_ = s.Send(message)
		}
	}()
	return s, log
}

func pub(t testing.TB, listener net.Listener, limits Limits) (*Pub, *book) {
	t.Helper()
	log := new(book)
	s := NewPub(listener, limits, log.printf)
	run(t, s)
	return s, log
}

func echo(t testing.TB, listener net.Listener, limits Limits) *Echo {
	t.Helper()
	s := NewEcho(listener, limits, new(book).printf)
	run(t, s)
	return s
}

// run serves until the test ends.
func run(t testing.TB, s interface {
	Serve() error
	Close() error
}) {
	served := make(chan error)
	go func() { served <- s.Serve() }()
	t.Cleanup(func() {
		assert.NoError(t, s.Close())
		assert.ErrorIs(t, <-served, ErrClosed)
	})
}

// subscribe subscribes to topics, and returns when the last of them counts.
func subscribe(t testing.TB, s *Pub, c *client, topics ...string) *client {
	t.Helper()
	if len(topics) == 0 {
		return c
	}
	last := topics[len(topics)-1]
	before := s.subscribers(last)
	for _, topic := range topics {
		c.send("\x01" + topic)
	}
	for s.subscribers(last) == before {
		time.Sleep(time.Millisecond)
	}
	return c
}

// subscribers is the number of peers that have subscribed to topic.
func (s *Pub) subscribers(topic string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, topics := range s.topics {
		if slices.Contains(topics, topic) {
			n++
		}
	}
	return n
}

func (s *Pub) subscriptions() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, topics := range s.topics {
		n += len(topics)
	}
	return n
}

func (h *hub) counts() (halfOpen, peers int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.halfOpen), len(h.peers)
}

// A room is a network without time: its connections buffer nothing, and in a
// synctest bubble its clock moves when everybody waits.
type room struct {
	calls  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newRoom() *room { return &room{calls: make(chan net.Conn), closed: make(chan struct{})} }

func (r *room) Accept() (net.Conn, error) {
	select {
	case conn := <-r.calls:
		return conn, nil
	case <-r.closed:
		return nil, net.ErrClosed
	}
}

func (r *room) Close() error   { r.once.Do(func() { close(r.closed) }); return nil }
func (r *room) Addr() net.Addr { return nil }

func (r *room) dial(t testing.TB) *client {
	ours, theirs := net.Pipe()
	r.calls <- theirs
	t.Cleanup(func() { ours.Close() })
	return &client{t, ours, bufio.NewReader(ours)}
}

// raw is a header as no encoder makes it.
func raw(flags byte, size uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{flags | flagLong}, size)
}
