package zmtp

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A tape is a connection whose other end has said everything in advance, and hears
// nothing.
type tape struct {
	io.Reader
	net.Conn // nil: the rest is not called
}

func (t tape) Read(p []byte) (int, error)       { return t.Reader.Read(p) }
func (t tape) Write(p []byte) (int, error)      { return len(p), nil }
func (t tape) Close() error                     { return nil }
func (t tape) RemoteAddr() net.Addr             { return &net.UnixAddr{Name: "tape"} }
func (t tape) SetDeadline(time.Time) error      { return nil }
func (t tape) SetReadDeadline(time.Time) error  { return nil }
func (t tape) SetWriteDeadline(time.Time) error { return nil }

// FuzzPeer plays what a peer might say to each kind of socket. None may panic or
// keep anything; what a Router lets through has passed the check and is within its
// limits, and what it refuses is charged to nobody.
func FuzzPeer(f *testing.F) {
	begin := func(kind string) []byte {
		return append(greeting(), encodeCommand("READY", append(property("Socket-Type", kind), property("Identity", "me")...))...)
	}
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	f.Add(join(begin("DEALER"), encode(bytesOf("key", "", "a message"))))
	f.Add(join(begin("REQ"), encode(bytesOf("", "ping")), encodeCommand("PING", []byte("\x00\x01x"))))
	f.Add(join(begin("SUB"), encode(bytesOf("\x01topic")), encode(bytesOf("\x01other")), encodeCommand("CANCEL", []byte("topic"))))
	f.Add(join(begin("DEALER"), raw(flagMore, 1<<62)))
	f.Add(join(begin("DEALER"), encode(bytesOf("key")), raw(0, 1<<20), make([]byte, 1<<12)))
	f.Fuzz(func(t *testing.T, said []byte) {
		limits := small()
		log := new(book).printf
		r := NewRouter(newRoom(), keyed, limits, log)
		p := NewPub(newRoom(), limits, log)
		e := NewEcho(newRoom(), limits, log)
		for _, h := range []*hub{r.hub, p.hub, e.hub} {
			h.admit(tape{Reader: bytes.NewReader(said)})
		}
		over := make(chan struct{})
		go func() { r.running.Wait(); close(over) }()
		for open := true; open; {
			select {
			case message := <-r.messages:
				require.NoError(t, keyed(message[1:]))
				assert.LessOrEqual(t, len(message), 1+limits.Parts)
				assert.LessOrEqual(t, len(bytes.Join(message[1:], nil)), limits.Friend)
			case <-over:
				open = false
			}
		}
		p.running.Wait()
		e.running.Wait()
		for _, h := range []*hub{r.hub, p.hub, e.hub} {
			halfOpen, peers := h.counts()
			assert.Zero(t, halfOpen+peers)
			assert.Zero(t, h.strays.Load())
		}
		assert.Zero(t, p.subscriptions())
	})
}

// FuzzFrames: what is encoded is decoded.
func FuzzFrames(f *testing.F) {
	f.Add([]byte("one"), []byte(""), uint16(300))
	f.Fuzz(func(t *testing.T, first, second []byte, long uint16) {
		frames := [][]byte{first, second, make([]byte, long)}
		limits := small()
		limits.Stranger = 1 << 30
		h := newHub("ROUTER", nil, newRoom(), limits, new(book).printf)
		peer := newPeer(h, tape{Reader: bytes.NewReader(encode(frames))})
		got, err := peer.receive(1 << 30)
		require.NoError(t, err)
		require.Len(t, got, 3)
		assert.True(t, bytes.Equal(first, got[0]) && bytes.Equal(second, got[1]) && len(got[2]) == int(long))
		_, err = peer.receive(1 << 30)
		assert.ErrorIs(t, err, io.EOF)
	})
}
