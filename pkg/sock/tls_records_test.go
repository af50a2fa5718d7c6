package sock_test

// What crypto/tls has taken from the kernel, and no task has read. Read tls_test.go first.

import (
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/internal/tlspeer"
	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
)

// TestTLSRecords: where the records of the peer begin and end, and what has come of them.
func TestTLSRecords(t *testing.T) {
	runRows(t, []row{
		{name: "half_a_record_is_noticed_wherever_it_is_cut", bulk: true, run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			for cut := 1; ; cut++ {
				record := p.Record(tlspeer.Data, 'x')
				if cut == len(record) {
					p.Say(record)
					break
				}
				require.False(w, c.MidRecord())
				p.Say(record[:cut])
				leaktest.Until(w, "it has come", func() bool {
					_, err := c.TryRead(make([]byte, 1))
					require.ErrorIs(w, err, unix.EAGAIN)
					return c.MidRecord()
				})
				p.Say(record[cut:])
				require.NoError(w, w.gets(c, []byte("x")))
			}
			require.NoError(w, w.gets(c, []byte("x")))
			require.False(w, c.MidRecord())
			p.Say(p.Record(tlspeer.Data, 'a'), p.Record(tlspeer.Data, 'b'))
			require.NoError(w, w.gets(c, []byte("a")))
			require.False(w, c.MidRecord(), "b is whole")
			require.NoError(w, c.Close())
			require.NoError(w, p.Wire.Close())
		}},
		{name: "what_is_decrypted_costs_no_turn_and_no_call", bulk: true, run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			const many = 100
			var all [][]byte
			for range many {
				all = append(all, p.Record(tlspeer.Data, 'x'))
			}
			p.Say(all...)
			require.NoError(w, w.gets(c, []byte("x")))
			rounds := w.Loop.Rounds()
			for range many - 2 {
				require.NoError(w, w.gets(c, []byte("x")))
			}
			require.Equal(w, rounds, w.Loop.Rounds())
			require.NoError(w, c.SetReadDeadline(longAgo))
			_, err := c.Read(make([]byte, 1))
			requireTimeout(w, err)
			_, err = c.TryRead(make([]byte, 1))
			requireTimeout(w, err)
			require.NoError(w, c.SetReadDeadline(time.Time{}))
			n, err := c.TryRead(make([]byte, 9))
			require.NoError(w, err)
			require.Equal(w, 1, n)
			require.NoError(w, c.Close())
			require.NoError(w, p.Wire.Close())
		}},
		{name: "the_end_may_be_behind_what_is_no_data", bulk: true, calls: func(w *world, c *sys.Calls) {
			c.Recv = func(fd int, p []byte) (int, error) { w.count["recv"]++; return sys.Kernel.Recv(fd, p) }
		}, run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			p.Say(p.Update())
			require.NoError(w, sock.WaitReadable(yield, c.Socket()))
			w.count["recv"] = 0
			_, err := c.TryRead(make([]byte, 1))
			require.ErrorIs(w, err, unix.EAGAIN)
			require.Equal(w, 2, w.count["recv"], "the kernel says so")
			for asked := range 2 {
				w.count["recv"] = 0
				reads := w.Spawn(func(coro.Yield) error { return w.gets(c, []byte("x")) })
				w.Waits(yield, reads)
				if asked > 0 && !w.mode.spurious {
					require.Zero(w, w.count["recv"], "a read that waits believes the one before, as ever")
				}
				p.Say(p.Record(tlspeer.Data, 'x'))
				w.fails(yield, reads, nil)
			}
			require.NoError(w, c.Close())
			require.NoError(w, p.Wire.Close())
		}},
		{name: "new_keys_without_a_wait", bulk: true, run: func(w *world, yield coro.Yield) {
			c, p := w.keyPair(yield)
			p.Say(p.Update(), p.Record(tlspeer.Alert, tlspeer.Farewell...))
			require.NoError(w, sock.WaitReadable(yield, c.Socket()))
			leaktest.Until(w, "the end", func() bool { _, err := c.TryRead(make([]byte, 1)); return err == io.EOF })
			_, err := c.Write([]byte("with the new key"))
			require.NoError(w, err)
			require.NoError(w, w.gets(p.Conn, []byte("with the new key")))
			require.NoError(w, c.Close())
			require.NoError(w, p.Wire.Close())
		}},
		{name: "TLS_1.2_data_and_the_beginning_of_a_farewell", run: func(w *world, yield coro.Yield) {
			serverTLS, clientTLS := certificate()
			config, begun := version(serverTLS, tls.VersionTLS12), make(chan struct{})
			address, end := w.goPeer(config, func(c *tls.Conn) error {
				below := &keeper{Conn: c.NetConn()}
				c = tls.Server(below, config)
				if err := c.Handshake(); err != nil {
					return err
				}
				below.keeps = true
				_, _ = c.Write([]byte("x"))
				_ = c.CloseWrite()
				farewell := 5 + int(below.kept[4]) // begins behind the first record
				_, _ = below.Conn.Write(below.kept[:farewell+3])
				<-begun
				_, err := below.Conn.Write(below.kept[farewell+3:])
				return err
			})
			c, err := sock.TLSClient(yield, w.connect(yield, address), version(clientTLS, tls.VersionTLS12))
			require.NoError(w, err)
			n, err := c.Read(make([]byte, 9))
			require.NoError(w, err)
			require.Equal(w, 1, n)
			close(begun)
			_, err = c.Read(make([]byte, 9))
			require.Equal(w, io.EOF, err)
			require.NoError(w, end())
		}},
	})
}

// keeper is a connection that keeps what is written, if it is told to.
type keeper struct {
	net.Conn
	keeps bool
	kept  []byte
}

func (k *keeper) Write(p []byte) (int, error) {
	if !k.keeps {
		return k.Conn.Write(p)
	}
	k.kept = append(k.kept, p...)
	return len(p), nil
}

// SetWriteDeadline has no effect: crypto/tls forbids writes behind its farewell by one.
func (k *keeper) SetWriteDeadline(time.Time) error { return nil }
