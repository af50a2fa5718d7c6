package zmtp

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSubscriptions: a subscriber gets what begins as it asked, in either version of
// the protocol, and nothing else.
func TestSubscriptions(t *testing.T) {
	command := func(name, topic string) []byte { return encodeCommand(name, []byte(topic)) }
	message := func(first byte, topic string) []byte { return encode([][]byte{append([]byte{first}, topic...)}) }
	cases := []struct {
		name  string
		wires [][]byte
		want  []string // of "a", "ab" and "b"
	}{
		{"everything, by a message", [][]byte{message(1, "")}, []string{"a", "ab", "b"}},
		{"everything, by a command", [][]byte{command("SUBSCRIBE", "")}, []string{"a", "ab", "b"}},
		{"a beginning", [][]byte{message(1, "a")}, []string{"a", "ab"}},
		{"a beginning, by a command", [][]byte{command("SUBSCRIBE", "ab")}, []string{"ab"}},
		{"two that overlap bring one of each", [][]byte{message(1, "a"), command("SUBSCRIBE", "ab")}, []string{"a", "ab"}},
		{"twice, and canceled once", [][]byte{message(1, "a"), message(1, "a"), message(0, "a"), message(1, "b")}, []string{"b"}},
		{"canceled by a command", [][]byte{command("SUBSCRIBE", ""), command("CANCEL", ""), command("SUBSCRIBE", "b")}, []string{"b"}},
		{"canceled and never asked for", [][]byte{message(0, "b"), command("CANCEL", "c"), message(1, "b")}, []string{"b"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, _ := pub(t, loopback(t), small())
			reader := join(t, s.Addr(), "SUB", "")
			for _, wire := range c.wires {
				reader.write(wire)
			}
			subscribe(t, s, reader, "end")
			for _, topic := range []string{"a", "ab", "b", "end"} {
				require.NoError(t, s.Send(bytesOf(topic, "", "body")))
			}
			for _, want := range append(c.want, "end") {
				assert.Equal(t, []string{want, "", "body"}, reader.message())
			}
		})
	}
}

// TestHostileSubscribers: each loses its connection, and the reader misses nothing.
func TestHostileSubscribers(t *testing.T) {
	many := encode(bytesOf("\x01one"))
	for _, topic := range []string{"\x01two", "\x01three", "\x01four", "\x01five"} {
		many = append(many, encode(bytesOf(topic))...)
	}
	cases := map[string][]byte{
		"a topic that is too long":           encode(bytesOf("\x01" + strings.Repeat("t", 1<<10))),
		"more topics than it may have":       many,
		"an announcement of 2^62 bytes":      raw(0, 1<<62),
		"a message that is no subscription":  encode(bytesOf("hello")),
		"a message of no bytes":              encode(bytesOf("")),
		"a subscription in two frames":       encode(bytesOf("\x01a", "b")),
		"a command that no subscriber sends": encodeCommand("EVIL", nil),
	}
	for name, wire := range cases {
		t.Run(name, func(t *testing.T) {
			s, _ := pub(t, loopback(t), small())
			reader := subscribe(t, s, join(t, s.Addr(), "SUB", ""), "")
			attacker := join(t, s.Addr(), "SUB", "")
			attacker.write(wire)
			attacker.gone()
			require.NoError(t, s.Send(bytesOf("still")))
			assert.Equal(t, []string{"still"}, reader.message())
		})
	}
}

// TestNames: a reply goes to the peer that asked, whatever others call themselves.
func TestNames(t *testing.T) {
	t.Run("a stranger of the same name gets nothing that a friend may have", func(t *testing.T) {
		s, _ := router(t, loopback(t), small())
		thief := join(t, s.Addr(), "DEALER", "alice")
		alice := join(t, s.Addr(), "DEALER", "alice").send("key", "mine")
		assert.Equal(t, []string{"key", "mine"}, alice.message())
		thief.send("key", "now a friend")
		assert.Equal(t, []string{"key", "now a friend"}, thief.message(), "the first that it gets")
	})
	t.Run("peers without a name are told apart", func(t *testing.T) {
		s, _ := router(t, loopback(t), small())
		one, two := join(t, s.Addr(), "REQ", ""), join(t, s.Addr(), "DEALER", "")
		one.send("key", "", "one")
		two.send("key", "two")
		assert.Equal(t, []string{"key", "", "one"}, one.message())
		assert.Equal(t, []string{"key", "two"}, two.message())
	})
	t.Run("a stranger can be asked by its name, as on stdin", func(t *testing.T) {
		s := NewRouter(loopback(t), keyed, small(), new(book).printf)
		run(t, s)
		c := join(t, s.Addr(), "DEALER", "alice")
		assert.Eventually(t, func() bool { return s.Send(bytesOf("alice", "your name?")) == nil }, waits, tick)
		assert.Equal(t, []string{"your name?"}, c.message())
	})
	t.Run("nobody by that name", func(t *testing.T) {
		s, _ := router(t, loopback(t), small())
		assert.ErrorIs(t, s.Send(bytesOf("bob", "hello")), ErrNoPeer)
	})
	t.Run("a friend's message without the key is dropped, and the friend stays", func(t *testing.T) {
		s, log := router(t, loopback(t), small())
		friend := join(t, s.Addr(), "DEALER", "").send("key", "one")
		friend.message()
		friend.send("guess").send("key", "two")
		assert.Equal(t, []string{"key", "two"}, friend.message())
		assert.Contains(t, strings.Join(log.all(), "\n"), "is dropped: no key")
	})
	t.Run("a friend may send more than a stranger, and not everything", func(t *testing.T) {
		s, _ := router(t, loopback(t), small())
		friend := join(t, s.Addr(), "DEALER", "").send("key")
		friend.message()
		long := strings.Repeat("x", 256<<10-3)
		assert.Equal(t, []string{"key", long}, friend.send("key", long).message())
		friend.write(raw(0, 256<<10+1))
		friend.gone()
	})
}

// TestEcho: each peer gets back what it sent, frame by frame; one that doesn't read
// waits for itself alone.
func TestEcho(t *testing.T) {
	s := echo(t, loopback(t), small())
	req, dealer := join(t, s.Addr(), "REQ", ""), join(t, s.Addr(), "DEALER", "")
	mute := join(t, s.Addr(), "DEALER", "")
	for range 1000 {
		mute.send("ping")
	}
	assert.Equal(t, []string{"", "ping"}, req.send("", "ping").message())
	assert.Equal(t, []string{"ping"}, dealer.send("ping").message())
	assert.Equal(t, []string{"", "again"}, req.send("", "again").message())
	dealer.write(raw(0, 1<<62))
	dealer.gone()
	assert.Equal(t, []string{"", "last"}, req.send("", "last").message())
}

// TestEchoCloses: also while a peer doesn't take what it sent.
func TestEchoCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newRoom()
		s := echo(t, network, small())
		network.dial(t).shake("REQ", "").send("", "ping")
		synctest.Wait()
		require.NoError(t, s.Close())
	})
}

// TestClosed: a closed socket says so, also when it is closed again.
func TestClosed(t *testing.T) {
	r, _ := router(t, loopback(t), small())
	p, _ := pub(t, loopback(t), small())
	c := join(t, r.Addr(), "DEALER", "")
	for range 2 {
		require.NoError(t, r.Close())
		require.NoError(t, p.Close())
	}
	c.gone()
	_, err := r.Recv()
	assert.ErrorIs(t, err, ErrClosed)
	assert.ErrorIs(t, r.Send(bytesOf("a", "b")), ErrClosed)
	assert.ErrorIs(t, p.Send(bytesOf("a")), ErrClosed)
	assert.ErrorIs(t, p.Post(bytesOf("a")), ErrClosed)
}
