package sock_test

// Peers that make a reader write: they ask for new keys, or break the protocol, while the
// writer waits. crypto/tls answers them under a lock that the writer holds, too.

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
)

// keyPeer is a TLS 1.3 server that encrypts its records itself: RFC 8446, 5.2 and 7.1.
type keyPeer struct {
	*world
	wire   net.Conn
	conn   *tls.Conn // for reading
	secret []byte
	seq    uint64
}

// keyPair is a client on the loop, whose kernel's buffers are narrow, and such a server.
func (w *world) keyPair(yield coro.Yield) (*sock.TLSConn, *keyPeer) {
	serverTLS, clientTLS := certificate()
	config := serverTLS.Clone()
	config.SessionTicketsDisabled = true // a ticket would be the first record
	log, logged := io.Pipe()
	config.KeyLogWriter = logged
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(w, err)
	p := &keyPeer{world: w}
	ready := make(chan error, 1)
	go func() {
		var err error
		if p.wire, err = ln.Accept(); err == nil {
			p.conn = tls.Server(p.wire, config)
			err = p.conn.Handshake()
		}
		ready <- err
	}()
	secret := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(log); lines.Scan(); {
			if fields := strings.Fields(lines.Text()); fields[0] == "SERVER_TRAFFIC_SECRET_0" {
				secret <- fields[2]
			}
		}
	}()
	s := w.connect(yield, ln.Addr().String())
	w.narrow(s)
	c, err := sock.TLSClient(yield, s, clientTLS)
	require.NoError(w, err)
	require.NoError(w, <-ready)
	require.NoError(w, p.wire.(*net.TCPConn).SetReadBuffer(64<<10))
	require.NoError(w, ln.Close())
	require.NoError(w, logged.Close())
	require.Equal(w, tls.TLS_AES_128_GCM_SHA256, p.conn.ConnectionState().CipherSuite)
	p.secret, err = hex.DecodeString(<-secret)
	require.NoError(w, err)
	return c, p
}

func (p *keyPeer) expand(label string, size int) []byte {
	info := append(binary.BigEndian.AppendUint16(nil, uint16(size)), byte(len("tls13 "+label)))
	key, err := hkdf.Expand(sha256.New, p.secret, string(info)+"tls13 "+label+"\x00", size)
	require.NoError(p, err)
	return key
}

const alertRecord, handshakeRecord, dataRecord = 21, 22, 23

// record is what a record with content looks like on the wire.
func (p *keyPeer) record(kind byte, content ...byte) []byte {
	block, err := aes.NewCipher(p.expand("key", 16))
	require.NoError(p, err)
	aead, err := cipher.NewGCM(block)
	require.NoError(p, err)
	nonce := p.expand("iv", 12)
	for i, b := range binary.BigEndian.AppendUint64(nil, p.seq) {
		nonce[4+i] ^= b
	}
	p.seq++
	head := []byte{dataRecord, 3, 3, 0, byte(len(content) + 1 + aead.Overhead())}
	return aead.Seal(head, nonce, append(content, kind), head)
}

// update asks for new keys on the other side, and has new ones from then on.
func (p *keyPeer) update() []byte {
	r := p.record(handshakeRecord, 24, 0, 0, 1, 1)
	p.secret, p.seq = p.expand("traffic upd", 32), 0
	return r
}

func (p *keyPeer) say(records ...[]byte) {
	for _, r := range records {
		_, err := p.wire.Write(r)
		require.NoError(p, err)
	}
}

func TestTLSPeersThatMakeAReaderWrite(t *testing.T) {
	runRows(t, []row{
		{name: "new_keys_while_the_writer_waits", bulk: true, calls: sendsNothingWhen("full"), run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			w.count["full"] = 1
			data := faulty.Pattern(8 << 20)
			writes := w.Spawn(func(coro.Yield) error { _, err := c.Write(data); return err })
			w.Waits(yield, writes)
			for range 3 {
				p.say(p.update(), p.record(dataRecord, []byte("hello")...))
				require.NoError(w, w.gets(c, []byte("hello")))
			}
			w.Waits(yield, writes)
			w.count["full"] = 0
			arrived := make(chan error, 1)
			go func() { arrived <- w.gets(p.conn, data) }() // it understands all three answers
			w.fails(yield, writes, nil)
			require.NoError(w, <-arrived)
			require.NoError(w, c.Close())
			require.NoError(w, p.wire.Close())
		}},
		{name: "new_keys_and_nobody_writes", bulk: true, run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			p.say(p.update(), p.record(dataRecord, 'x'))
			require.NoError(w, w.gets(c, []byte("x")))
			p.say(p.record(dataRecord, 'y'))
			require.NoError(w, w.gets(c, []byte("y")))
			_, err := c.Write([]byte("with the new key"))
			require.NoError(w, err)
			require.NoError(w, w.gets(p.conn, []byte("with the new key")))
			require.NoError(w, c.Close())
			_, err = p.conn.Read(make([]byte, 1))
			require.Equal(w, io.EOF, err)
			require.NoError(w, p.wire.Close())
		}},
		{name: "garbage_while_the_writer_waits", bulk: true, calls: sendsNothingWhen("full"), run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			w.count["full"] = 1
			writes := w.Spawn(func(coro.Yield) error { _, err := c.Write(faulty.Pattern(8 << 20)); return err })
			w.Waits(yield, writes)
			bad := p.record(dataRecord, 'x')
			bad[len(bad)-1] ^= 1
			p.say(bad)
			_, err := c.Read(make([]byte, 1))
			require.ErrorContains(w, err, "bad record MAC")
			require.True(w, isOpError(err, "read"))
			w.Waits(yield, writes)
			require.NoError(w, c.Close())
			w.fails(yield, writes, net.ErrClosed)
			require.NoError(w, p.wire.Close())
		}},
		{name: "a_peer_is_told_of_its_fault", bulk: true, run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			bad := p.record(dataRecord, 'x')
			bad[len(bad)-1] ^= 1
			p.say(bad)
			_, err := c.Read(make([]byte, 1))
			require.ErrorContains(w, err, "bad record MAC")
			_, err = p.conn.Read(make([]byte, 1))
			require.ErrorContains(w, err, "remote error: tls: bad record MAC", "before anybody closes")
			_, err = c.Write([]byte("x"))
			require.Error(w, err, "the connection has ended")
			require.NoError(w, c.Close())
			require.NoError(w, p.wire.Close())
		}},
		{name: "data_and_the_beginning_of_a_farewell", bulk: true, run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			data, farewell := p.record(dataRecord, 'x'), p.record(alertRecord, 1, 0)
			p.say(append(data, farewell[:3]...))
			require.NoError(w, w.gets(c, []byte("x")), "without a wait for the rest")
			p.say(farewell[3:])
			_, err := c.Read(make([]byte, 1))
			require.Equal(w, io.EOF, err)
			require.NoError(w, c.Close())
			require.NoError(w, p.wire.Close())
		}},
		{name: "closed_under_a_writer_just_as_there_is_room", bulk: true, calls: sendsNothingWhen("full"), run: func(w *world, yield coro.Yield) {
			a, b := w.tlsPair(yield, tls.VersionTLS13)
			w.count["full"] = 1
			writes := w.Spawn(func(coro.Yield) error { _, err := a.Write(faulty.Pattern(100 << 10)); return err })
			w.Waits(yield, writes)
			w.count["full"] = 0
			require.NoError(w, a.Close())
			w.fails(yield, writes, net.ErrClosed)
			_, err := io.Copy(io.Discard, b)
			require.ErrorIs(w, err, io.ErrUnexpectedEOF, "it must not look whole")
		}},
		{name: "closed_while_an_answer_waits", bulk: true, calls: sendsNothingWhen("full"), run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			w.count["full"] = 1
			p.say(p.update(), p.record(dataRecord, 'x'))
			require.NoError(w, w.gets(c, []byte("x")))
			require.NoError(w, c.Close())
			require.NoError(w, p.wire.Close())
		}},
		{name: "answers_that_are_never_read_have_a_limit", bulk: true, calls: sendsNothingWhen("full"), run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			w.count["full"] = 1
			asks := make(chan struct{})
			go func() {
				defer close(asks)
				for err := error(nil); err == nil; { // an answer is 27 bytes
					_, err = p.wire.Write(append(p.update(), p.record(dataRecord, 'x')...))
				}
			}()
			_, err := io.Copy(io.Discard, c)
			require.ErrorContains(w, err, "doesn't read the answers")
			w.count["full"] = 0
			_, err = c.Write([]byte("x"))
			require.ErrorContains(w, err, "doesn't read the answers")
			require.Greater(w, w.count["sent"], 64<<10)
			require.Less(w, w.count["sent"], 65<<10, "what was kept for it")
			require.NoError(w, c.Close())
			require.NoError(w, p.wire.Close())
			<-asks
		}},
	})
}

// sendsNothingWhen has the kernel take nothing while name counts, and counts what it takes
// afterwards.
func sendsNothingWhen(name string) func(*world, *sys.Calls) {
	return func(w *world, c *sys.Calls) {
		c.Send = func(fd int, b []byte) (int, error) {
			if w.count[name] != 0 {
				w.count["sent"] = 0
				return 0, unix.EAGAIN
			}
			n, err := sys.Kernel.Send(fd, b)
			w.count["sent"] += n
			return n, err
		}
	}
}
