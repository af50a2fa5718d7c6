package zmtp

import (
	"bytes"
	"io"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// small are limits that a test reaches.
func small() Limits {
	l := DefaultLimits()
	l.Parts, l.Stranger, l.Friend, l.Topics = 8, 128<<10, 256<<10, 4
	return l
}

// TestHostile: whatever a peer sends after its handshake costs it its connection,
// and nobody else anything.
func TestHostile(t *testing.T) {
	command := func(body string) []byte { return appendFrame(nil, flagCommand, []byte(body)) }
	cases := []struct {
		name string
		wire []byte
		says string
	}{
		{"a frame of 2^62 bytes", raw(0, 1<<62), "a frame of 4611686018427387904 bytes"},
		{"a frame of 2^31 bytes", raw(0, 1<<31), "a frame of 2147483648 bytes"},
		{"a frame of 2^64-1 bytes", raw(0, math.MaxUint64), "a frame of 18446744073709551615 bytes"},
		{"a frame of one byte too many", raw(0, 128<<10+1), "a frame of 131073 bytes"},
		{"a second frame of one byte too many", append(encode(bytesOf("12", ""))[:4], raw(0, 128<<10-1)...), "a frame of 131071 bytes, where 131070 are left"},
		{"a command of 2^62 bytes", raw(flagCommand, 1<<62), "a frame of 4611686018427387904 bytes"},
		{"a command over its limit", raw(flagCommand, 1<<10+1), "a frame of 1025 bytes"},
		{"a frame of no bytes", raw(0, 0), "refused: no key"},
		{"an empty command", command(""), "a command without a name"},
		{"a command whose name is cut short", command("\x05PIN"), "a command without a name"},
		{"a command that nobody knows", command("\x04EVIL"), `the command "EVIL"`},
		{"a subscription to a router", command("\x09SUBSCRIBE"), `the command "SUBSCRIBE"`},
		{"a PING without a time to live", command("\x04PING\x00"), `the command "PING"`},
		{"a command that goes on", []byte{flagCommand | flagMore, 0}, "flags 0x5"},
		{"a flag that is reserved", []byte{8, 0}, "flags 0x8"},
		{"too many frames", encode(make([][]byte, 9)), "more than 8 frames"},
		{"a message without the key", encode(bytesOf("guess", "shutdown")), "refused: no key"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, log := router(t, loopback(t), small())
			honest := join(t, s.Addr(), "DEALER", "honest").send("key", "before")
			assert.Equal(t, []string{"key", "before"}, honest.message())
			attacker := join(t, s.Addr(), "DEALER", "")
			attacker.write(c.wire)
			attacker.gone()
			assert.Equal(t, []string{"key", "after"}, honest.send("key", "after").message())
			require.NoError(t, s.Close())
			assert.Contains(t, strings.Join(log.all(), "\n"), c.says)
		})
	}
}

// TestHandshakes: what doesn't begin as ZMTP 3 does is turned away.
func TestHandshakes(t *testing.T) {
	with := func(at int, bytes ...byte) []byte {
		g := greeting()
		copy(g[at:], bytes)
		return g
	}
	ready := func(properties ...[]byte) []byte {
		return append(greeting(), encodeCommand("READY", bytes.Join(properties, nil))...)
	}
	dealer := property("Socket-Type", "DEALER")
	cases := []struct {
		name string
		wire []byte
		says string // empty: it is let in
	}{
		{"a dealer", ready(dealer), ""},
		{"properties in another case", ready(property("socket-TYPE", "DEALER")), ""},
		{"a version to come", append(with(10, 4, 7), ready(dealer)[greetingSize:]...), ""},
		{"version 3.0", append(with(11, 0), ready(dealer)[greetingSize:]...), ""},
		{"version 2", with(10, 1), "version 1, want 3"},
		{"HTTP", []byte(strings.Repeat("GET / HTTP/1.1\r\n", 4)), `begins with "GET / HTTP"`},
		{"half a signature", with(9, 0), "begins with"},
		{"a password", with(12, []byte("PLAIN")...), `mechanism "PLAIN", want NULL`},
		{"a subscriber", ready(property("Socket-Type", "SUB")), `"SUB" talks to a ROUTER`},
		{"no kind", ready(), `"" talks to a ROUTER`},
		{"a message where READY belongs", append(greeting(), encode(bytesOf("key"))...), "READY"},
		{"another command", append(greeting(), encodeCommand("HELLO", nil)...), `"HELLO" where READY`},
		{"a READY of 2^62 bytes", append(greeting(), raw(flagCommand, 1<<62)...), "READY"},
		{"a READY that is cut short in a name", ready([]byte{200, 'a', 'b', 'c', 'd', 'e'}), "cut short"},
		{"a READY that is cut short in a value", ready([]byte{1, 'a', 0xFF, 0xFF, 0xFF, 0xFF}), "cut short"},
		{"a name that only we may give", ready(dealer, property("Identity", "\x00a")), "no peer may have"},
		{"a name that is too long", ready(dealer, property("Identity", strings.Repeat("a", 256))), "no peer may have"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s, log := router(t, loopback(t), small())
			peer := dial(t, s.Addr())
			peer.write(c.wire)
			if c.says == "" {
				_, err := io.ReadFull(peer.in, make([]byte, greetingSize))
				require.NoError(t, err)
				peer.frame()
				assert.Equal(t, []string{"key"}, peer.send("key").message())
				return
			}
			peer.gone()
			require.NoError(t, s.Close())
			assert.Contains(t, strings.Join(log.all(), "\n"), c.says)
		})
	}
}

// TestAnnouncedBytes: memory follows the bytes that arrive, not the number before
// them.
func TestAnnouncedBytes(t *testing.T) {
	for _, here := range []int{0, 10, step, step + 1, 10 * step} {
		charged := 0
		_, err := readBody(bytes.NewReader(make([]byte, here)), 1<<40, func(n int) error {
			charged += n
			return nil
		})
		assert.Error(t, err)
		assert.LessOrEqual(t, charged, 2*here+step, "bytes allocated where %d came", here)
	}
	t.Run("and what has arrived is whole", func(t *testing.T) {
		text := []byte(strings.Repeat("0123456789", step))
		got, err := readBody(bytes.NewReader(text), len(text), free)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(text, got))
	})
}

// TestDeadlines: a stranger that dawdles goes, a peer that is idle stays, however
// long. The clock is a bubble's.
func TestDeadlines(t *testing.T) {
	drip := func(c *client, wire []byte) (sent int) {
		for _, one := range wire {
			if _, err := c.conn.Write([]byte{one}); err != nil {
				return sent
			}
			sent++
			time.Sleep(999 * time.Millisecond)
		}
		return sent
	}
	cases := []struct {
		name string
		sent int // bytes, one in 0.999 seconds, until the connection is closed
		do   func(c *client) int
	}{
		{"a handshake of one byte a second", 6, func(c *client) int {
			_, _ = io.ReadFull(c.in, make([]byte, greetingSize))
			return drip(c, greeting())
		}},
		{"a READY of one byte a second", 6, func(c *client) int {
			_, _ = io.ReadFull(c.in, make([]byte, greetingSize))
			c.write(greeting())
			c.frame()
			return drip(c, encodeCommand("READY", property("Socket-Type", "DEALER")))
		}},
		{"a stranger's message of one byte a second", 11, func(c *client) int {
			return drip(c.shake("DEALER", ""), encode(bytesOf("key", "a long message")))
		}},
		{"a stranger's second message, after a PING", 11, func(c *client) int {
			c.shake("DEALER", "").write(encodeCommand("PING", []byte("\x00\x00")))
			c.frame()
			time.Sleep(time.Hour)
			return drip(c, encode(bytesOf("key", "a long message")))
		}},
		{"a friend's message of one byte a second", 21, func(c *client) int {
			c.shake("DEALER", "").send("key").message()
			time.Sleep(time.Hour)
			return drip(c, encode(bytesOf("key", "a long message")))
		}},
		{"a stranger that is idle for a day", 0, func(c *client) int {
			c.shake("DEALER", "")
			time.Sleep(24 * time.Hour)
			assert.Equal(c.t, []string{"key"}, c.send("key").message())
			return 0
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				network := newRoom()
				router(t, network, small())
				assert.Equal(t, c.sent, c.do(network.dial(t)))
			})
		})
	}
}

// TestPing: PING is answered with its context, also within a message, and a peer
// that takes no answers gets one.
func TestPing(t *testing.T) {
	s, _ := router(t, loopback(t), small())
	c := join(t, s.Addr(), "DEALER", "")
	ping := encodeCommand("PING", []byte("\x00\x0acontext"))
	c.write(ping)
	body, _ := c.frame()
	assert.Equal(t, "\x04PONGcontext", string(body))
	wire := encode(bytesOf("key", "last"))
	c.write(append(append(wire[:5:5], ping...), wire[5:]...))
	body, _ = c.frame()
	assert.Equal(t, "\x04PONGcontext", string(body))
	assert.Equal(t, []string{"key", "last"}, c.message())

	synctest.Test(t, func(t *testing.T) {
		network := newRoom()
		s, _ := router(t, network, small())
		c := network.dial(t).shake("DEALER", "")
		for range 1000 {
			c.write(ping)
		}
		synctest.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		assert.LessOrEqual(t, len(s.peers[0].out.queue), 1, "answers that wait for a peer that reads none")
	})
}

// TestStrays: what strangers send is bounded for all of them together. A short
// message gets through nevertheless, and so does a friend's long one.
func TestStrays(t *testing.T) {
	limits := small()
	limits.Strays = 256 << 10
	s, log := router(t, loopback(t), limits)
	friend := join(t, s.Addr(), "DEALER", "friend").send("key")
	friend.message()
	var attackers []*client
	for range 2 { // each holds 127 of its 128 KB
		c := join(t, s.Addr(), "DEALER", "")
		c.write(append(raw(0, 128<<10), make([]byte, 127<<10)...))
		attackers = append(attackers, c)
	}
	assert.Eventually(t, func() bool { return s.strays.Load() == 256<<10 }, time.Minute, time.Millisecond)
	last := join(t, s.Addr(), "DEALER", "")
	last.write(append(raw(0, 128<<10), make([]byte, 10)...))
	last.gone()
	long := strings.Repeat("x", 200<<10)
	assert.Equal(t, []string{"key", long}, friend.send("key", long).message())
	newcomer := join(t, s.Addr(), "DEALER", "")
	assert.Equal(t, []string{"key", "hello"}, newcomer.send("key", "hello").message())
	for _, c := range attackers {
		c.conn.Close()
	}
	assert.Eventually(t, func() bool { return s.strays.Load() == 0 }, time.Minute, time.Millisecond)
	pieces := join(t, s.Addr(), "DEALER", "") // short frames of a long message count, too
	pieces.write(append(encode([][]byte{make([]byte, 60<<10), nil})[:9+60<<10], raw(0, 60<<10)...))
	assert.Eventually(t, func() bool { return s.strays.Load() == 60<<10 }, time.Minute, time.Millisecond)
	pieces.conn.Close()
	assert.Eventually(t, func() bool { return s.strays.Load() == 0 }, time.Minute, time.Millisecond)
	assert.Contains(t, strings.Join(log.all(), "\n"), "peers without a key are sending")
}
