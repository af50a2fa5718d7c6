package sock_test

// Peers that make a reader write: they ask for new keys, or break the protocol, while the
// writer waits. crypto/tls answers them under a lock that the writer holds, too.

import (
	"crypto/tls"
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/tlspeer"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
)

// keyPair is a client on the loop, whose kernel's buffers are narrow, and a hostile server.
func (w *world) keyPair(yield coro.Yield) (*sock.TLSConn, *tlspeer.Peer) {
	serverTLS, clientTLS := certificate()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(w, err)
	ready := make(chan *tlspeer.Peer, 1)
	go func() {
		defer close(ready)
		if wire, err := ln.Accept(); assert.NoError(w, err) {
			ready <- tlspeer.Server(w, wire, serverTLS)
		}
	}()
	s := w.connect(yield, ln.Addr().String())
	w.narrow(s)
	c, err := sock.TLSClient(yield, s, clientTLS)
	require.NoError(w, err)
	p := <-ready
	require.NoError(w, p.Wire.(*net.TCPConn).SetReadBuffer(64<<10))
	require.NoError(w, ln.Close())
	return c, p
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
				p.Say(p.Update(), p.Record(tlspeer.Data, []byte("hello")...))
				require.NoError(w, w.gets(c, []byte("hello")))
			}
			w.Waits(yield, writes)
			w.count["full"] = 0
			arrived := make(chan error, 1)
			go func() { arrived <- w.gets(p.Conn, data) }() // it understands all three answers
			w.fails(yield, writes, nil)
			require.NoError(w, <-arrived)
			require.NoError(w, c.Close())
			require.NoError(w, p.Wire.Close())
		}},
		{name: "new_keys_and_nobody_writes", bulk: true, run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			p.Say(p.Update(), p.Record(tlspeer.Data, 'x'))
			require.NoError(w, w.gets(c, []byte("x")))
			p.Say(p.Record(tlspeer.Data, 'y'))
			require.NoError(w, w.gets(c, []byte("y")))
			_, err := c.Write([]byte("with the new key"))
			require.NoError(w, err)
			require.NoError(w, w.gets(p.Conn, []byte("with the new key")))
			require.NoError(w, c.Close())
			_, err = p.Conn.Read(make([]byte, 1))
			require.Equal(w, io.EOF, err)
			require.NoError(w, p.Wire.Close())
		}},
		{name: "garbage_while_the_writer_waits", bulk: true, calls: sendsNothingWhen("full"), run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			w.count["full"] = 1
			writes := w.Spawn(func(coro.Yield) error { _, err := c.Write(faulty.Pattern(8 << 20)); return err })
			w.Waits(yield, writes)
			p.Say(p.Bad())
			_, err := c.Read(make([]byte, 1))
			require.ErrorContains(w, err, "bad record MAC")
			require.True(w, isOpError(err, "read"))
			w.Waits(yield, writes)
			require.NoError(w, c.Close())
			w.fails(yield, writes, net.ErrClosed)
			require.NoError(w, p.Wire.Close())
		}},
		{name: "a_peer_is_told_of_its_fault", bulk: true, run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			p.Say(p.Bad())
			_, err := c.Read(make([]byte, 1))
			require.ErrorContains(w, err, "bad record MAC")
			_, err = p.Conn.Read(make([]byte, 1))
			require.ErrorContains(w, err, "remote error: tls: bad record MAC", "before anybody closes")
			_, err = c.Write([]byte("x"))
			require.Error(w, err, "the connection has ended")
			require.NoError(w, c.Close())
			require.NoError(w, p.Wire.Close())
		}},
		{name: "data_and_the_beginning_of_a_farewell", bulk: true, run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			data, farewell := p.Record(tlspeer.Data, 'x'), p.Record(tlspeer.Alert, tlspeer.Farewell...)
			p.Say(append(data, farewell[:3]...))
			require.NoError(w, w.gets(c, []byte("x")), "without a wait for the rest")
			p.Say(farewell[3:])
			_, err := c.Read(make([]byte, 1))
			require.Equal(w, io.EOF, err)
			require.NoError(w, c.Close())
			require.NoError(w, p.Wire.Close())
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
			p.Say(p.Update(), p.Record(tlspeer.Data, 'x'))
			require.NoError(w, w.gets(c, []byte("x")))
			require.NoError(w, c.Close())
			require.NoError(w, p.Wire.Close())
		}},
		{name: "answers_that_are_never_read_have_a_limit", bulk: true, calls: sendsNothingWhen("full"), run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			w.count["full"] = 1
			asks := make(chan struct{})
			go func() {
				defer close(asks)
				for err := error(nil); err == nil; { // an answer is 27 bytes
					_, err = p.Wire.Write(append(p.Update(), p.Record(tlspeer.Data, 'x')...))
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
			require.NoError(w, p.Wire.Close())
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
