package sock_test

import (
	"bytes"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
	"stepwise/pkg/task"
)

func (w *world) packets(address string) *sock.PacketSocket {
	p, err := sock.ListenPacket(w.Loop, address)
	require.NoError(w, err)
	return p
}

func (w *world) connectPackets(to net.Addr) *sock.PacketSocket {
	address := to.String()
	if to.Network() == "unixgram" {
		address = "unix:" + address
	}
	p, err := sock.ConnectPacket(w.Loop, address)
	require.NoError(w, err)
	return p
}

// receives wants the next datagram to be text, and returns who has sent it.
func (w *world) receives(yield coro.Yield, p *sock.PacketSocket, text string) net.Addr {
	b := make([]byte, 1<<16)
	n, from, err := sock.ReceiveFrom(yield, p, b)
	require.NoError(w, err)
	require.Equal(w, text, string(b[:n]))
	return from
}

// receiver is a task in ReceiveFrom.
func (w *world) receiver(p *sock.PacketSocket) *task.Task {
	return w.Spawn(func(yield coro.Yield) error {
		_, _, err := sock.ReceiveFrom(yield, p, make([]byte, 100))
		return err
	})
}

// nobody is a port on which nobody listens.
func (w *world) nobody() net.Addr {
	p := w.packets("127.0.0.1:0")
	a := p.LocalAddr()
	require.NoError(w, p.Close())
	return a
}

func TestPackets(t *testing.T) {
	places := map[string]func() string{
		"IPv4": func() string { return "127.0.0.1:0" },
		"unix": func() string { return "unix:" + filepath.Join(t.TempDir(), "a") },
	}
	if faulty.HasIPv6() {
		places["IPv6"] = func() string { return "[::1]:0" }
	}
	var rows []row
	for name, place := range places {
		rows = append(rows, row{name: name + "_there_and_back", run: func(w *world, yield coro.Yield) {
			a, b := w.packets(place()), w.packets(place())
			require.NoError(w, sock.SendTo(yield, a, []byte("ping"), b.LocalAddr()))
			from := w.receives(yield, b, "ping")
			require.Equal(w, a.LocalAddr(), from)
			require.NoError(w, sock.SendTo(yield, b, []byte("pong"), from))
			require.Equal(w, b.LocalAddr(), w.receives(yield, a, "pong"))
			require.NoError(w, a.Close())
			require.NoError(w, b.Close())
		}}, row{name: name + "_bounds_are_kept_and_empty_is_a_datagram", run: func(w *world, yield coro.Yield) {
			b := w.packets(place())
			a := w.connectPackets(b.LocalAddr())
			require.Equal(w, b.LocalAddr(), a.RemoteAddr())
			for _, text := range []string{"one", "", "three"} {
				require.NoError(w, sock.SendTo(yield, a, []byte(text), nil))
			}
			for _, text := range []string{"one", "", "three"} {
				require.Equal(w, a.LocalAddr(), w.receives(yield, b, text))
			}
			require.NoError(w, a.Close())
			require.NoError(w, b.Close())
		}}, row{name: name + "_R01_it_waits_for_one", run: func(w *world, yield coro.Yield) {
			b := w.packets(place())
			waiter := w.receiver(b)
			w.Waits(yield, waiter)
			a := w.connectPackets(b.LocalAddr())
			require.NoError(w, sock.SendTo(yield, a, []byte("ping"), nil))
			w.fails(yield, waiter, nil)
			require.NoError(w, a.Close())
			require.NoError(w, b.Close())
		}})
	}
	if faulty.HasIPv6() {
		rows = append(rows, row{name: "an_IPv6_socket_that_hears_IPv4_answers_it", calls: func(_ *world, c *sys.Calls) {
			c.Bind = func(fd int, sa unix.Sockaddr) error { // as [::] would be, on loopback alone
				if v6, ok := sa.(*unix.SockaddrInet6); ok {
					v6.Addr = netip.MustParseAddr("::ffff:127.0.0.1").As16()
				}
				return sys.Kernel.Bind(fd, sa)
			}
		}, run: func(w *world, yield coro.Yield) {
			both, v4 := w.packets("[::1]:0"), w.packets("127.0.0.1:0")
			require.NoError(w, sock.SendTo(yield, v4, []byte("ping"), both.LocalAddr()))
			from := w.receives(yield, both, "ping")
			require.Equal(w, v4.LocalAddr(), from)
			require.NoError(w, sock.SendTo(yield, both, []byte("pong"), from))
			require.Equal(w, both.LocalAddr(), w.receives(yield, v4, "pong"))
		}})
	}
	runRows(t, append(rows, []row{
		{name: "truncation_is_told", run: func(w *world, yield coro.Yield) {
			a, b := w.packets("127.0.0.1:0"), w.packets("127.0.0.1:0")
			require.NoError(w, sock.SendTo(yield, a, []byte("12345"), b.LocalAddr()))
			require.NoError(w, sock.SendTo(yield, a, []byte("12345"), b.LocalAddr()))
			require.NoError(w, sock.SendTo(yield, a, []byte("next"), b.LocalAddr()))
			p := make([]byte, 3)
			n, from, err := sock.ReceiveFrom(yield, b, p)
			require.ErrorIs(w, err, sock.ErrTruncated)
			require.ErrorContains(w, err, "receive "+a.LocalAddr().String()+": datagram is longer than the buffer")
			require.Equal(w, "123", string(p[:n]))
			require.Equal(w, a.LocalAddr(), from)
			n, _, err = sock.ReceiveFrom(yield, b, nil)
			require.ErrorIs(w, err, sock.ErrTruncated)
			require.Zero(w, n)
			w.receives(yield, b, "next")
		}},
		{name: "exactly_the_buffer_is_not_truncated", run: func(w *world, yield coro.Yield) {
			a, b := w.packets("127.0.0.1:0"), w.packets("127.0.0.1:0")
			require.NoError(w, sock.SendTo(yield, a, []byte("12345"), b.LocalAddr()))
			n, _, err := sock.ReceiveFrom(yield, b, make([]byte, 5))
			require.NoError(w, err)
			require.Equal(w, 5, n)
		}},
		{name: "S17_C02_refusal_by_ICMP_is_told_to_the_receiver", run: func(w *world, yield coro.Yield) {
			a := w.connectPackets(w.nobody())
			waiter := w.receiver(a)
			w.Waits(yield, waiter)
			require.NoError(w, sock.SendTo(yield, a, []byte("anybody?"), nil))
			w.fails(yield, waiter, unix.ECONNREFUSED)
			w.Waits(yield, w.receiver(a)) // told once
		}},
		{name: "S17_C02_refusal_is_told_to_the_next_send", run: func(w *world, yield coro.Yield) {
			a := w.connectPackets(w.nobody())
			err := error(nil)
			for i := 0; err == nil && i < 10_000; i++ {
				err = sock.SendTo(yield, a, []byte("anybody?"), nil)
			}
			require.ErrorIs(w, err, unix.ECONNREFUSED)
		}},
		{name: "a_socket_for_everybody_is_not_told", run: func(w *world, yield coro.Yield) {
			a := w.packets("127.0.0.1:0")
			nobody := w.nobody()
			waiter := w.receiver(a)
			for range 10 {
				require.NoError(w, sock.SendTo(yield, a, []byte("anybody?"), nobody))
			}
			w.Waits(yield, waiter)
		}},
		{name: "a_connected_one_hears_its_peer_alone", run: func(w *world, yield coro.Yield) {
			b, stranger := w.packets("127.0.0.1:0"), w.packets("127.0.0.1:0")
			a := w.connectPackets(b.LocalAddr())
			require.NoError(w, sock.SendTo(yield, stranger, []byte("psst"), a.LocalAddr()))
			require.NoError(w, sock.SendTo(yield, b, []byte("hello"), a.LocalAddr()))
			w.receives(yield, a, "hello")
		}},
		{name: "the_largest_and_one_byte_more", run: func(w *world, yield coro.Yield) {
			a, b := w.packets("127.0.0.1:0"), w.packets("127.0.0.1:0")
			const most = 65507
			big := bytes.Repeat([]byte("x"), most)
			require.NoError(w, sock.SendTo(yield, a, big, b.LocalAddr()))
			w.receives(yield, b, string(big))
			require.ErrorIs(w, sock.SendTo(yield, a, append(big, 'x'), b.LocalAddr()), unix.EMSGSIZE)
		}},
		{name: "with_no_address_at_all", run: func(w *world, yield coro.Yield) {
			a := w.packets("127.0.0.1:0")
			require.ErrorIs(w, sock.SendTo(yield, a, []byte("x"), nil), unix.EDESTADDRREQ)
		}},
		{name: "C10_bad_addresses", run: func(w *world, yield coro.Yield) {
			a := w.packets("127.0.0.1:0")
			for _, to := range []net.Addr{&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}, &net.UDPAddr{IP: net.IPv6loopback, Port: 1},
				&net.UDPAddr{Port: 1}, &net.UnixAddr{}} {
				require.ErrorIs(w, sock.SendTo(yield, a, []byte("x"), to), sock.ErrAddress, "%v", to)
			}
			for _, address := range []string{"", "localhost:80", "127.0.0.1:65536", "unix:"} {
				_, err := sock.ListenPacket(w.Loop, address)
				require.ErrorIs(w, err, sock.ErrAddress, address)
			}
			_, err := sock.ConnectPacket(w.Loop, "127.0.0.1:0")
			require.ErrorIs(w, err, sock.ErrAddress)
		}},
		{name: "A12_in_use", run: func(w *world, yield coro.Yield) {
			a := w.packets("127.0.0.1:0")
			files := leaktest.Files(w)
			_, err := sock.ListenPacket(w.Loop, a.LocalAddr().String())
			require.Equal(w, files, leaktest.Files(w), "M02: nothing stays open")
			require.ErrorIs(w, err, unix.EADDRINUSE)
			require.ErrorContains(w, err, "listen packet "+a.LocalAddr().String()+": ")
		}},
		{name: "W02_a_unix_peer_that_does_not_read", run: func(w *world, yield coro.Yield) {
			path := filepath.Join(w.TempDir(), "a")
			b := w.packets("unix:" + path)
			a := w.connectPackets(b.LocalAddr())
			sent := 0
			sender := w.Spawn(func(yield coro.Yield) error {
				for ; sent < 10_000; sent++ {
					if err := sock.SendTo(yield, a, []byte("x"), nil); err != nil {
						return err
					}
				}
				return nil
			})
			for last := -1; last != sent; last = sent {
				w.Waits(yield, sender)
			}
			stranger := w.packets("unix:" + path + "2")
			require.ErrorIs(w, sock.SendTo(yield, stranger, []byte("x"), b.LocalAddr()), unix.EAGAIN)
			sender.Cancel()
			w.fails(yield, sender, future.ErrCanceled)
			for range sent {
				require.Nil(w, w.receives(yield, b, "x"), "it has no address")
			}
			require.NoError(w, sock.SendTo(yield, a, []byte("y"), nil))
			w.receives(yield, b, "y")
			require.NoError(w, b.Close())
			_, err := os.Stat(path)
			require.ErrorIs(w, err, os.ErrNotExist)
		}},
		{name: "T04_R07_cancelled_while_it_waits", run: func(w *world, yield coro.Yield) {
			a, b := w.packets("127.0.0.1:0"), w.packets("127.0.0.1:0")
			waiter := w.receiver(b)
			w.Waits(yield, waiter)
			waiter.Cancel()
			w.fails(yield, waiter, future.ErrCanceled)
			require.NoError(w, sock.SendTo(yield, a, []byte("ping"), b.LocalAddr()))
			w.receives(yield, b, "ping")
		}},
		{name: "R08_W10_two_at_a_time", run: func(w *world, yield coro.Yield) {
			b := w.packets("127.0.0.1:0")
			waiter := w.receiver(b)
			w.Waits(yield, waiter)
			w.fails(yield, w.receiver(b), sock.ErrBusy)
			waiter.Cancel()
		}},
		{name: "R09_closed_while_it_waits", run: func(w *world, yield coro.Yield) {
			b := w.packets("127.0.0.1:0")
			waiter := w.receiver(b)
			w.Waits(yield, waiter)
			require.NoError(w, b.Close())
			w.fails(yield, waiter, net.ErrClosed)
			require.ErrorIs(w, b.Close(), net.ErrClosed)
			require.ErrorIs(w, sock.SendTo(yield, b, nil, nil), net.ErrClosed)
			require.Nil(w, b.LocalAddr())
			require.Equal(w, -1, b.FD())
		}},
		{name: "R10_a_deadline", run: func(w *world, yield coro.Yield) {
			b := w.packets("127.0.0.1:0")
			require.NoError(w, b.SetReadDeadline(time.Now().Add(time.Hour)))
			waiter := w.receiver(b)
			w.fails(yield, waiter, os.ErrDeadlineExceeded)
			require.NoError(w, b.SetDeadline(time.Unix(1, 0)))
			require.ErrorIs(w, sock.SendTo(yield, b, nil, b.LocalAddr()), os.ErrDeadlineExceeded)
			require.NoError(w, b.SetWriteDeadline(time.Time{}))
			require.NoError(w, sock.SendTo(yield, b, nil, b.LocalAddr()))
		}},
		{name: "G09_misuse", run: func(w *world, yield coro.Yield) {
			b := w.packets("127.0.0.1:0")
			require.Same(w, w.Loop, b.Loop())
			require.ErrorIs(w, sock.SendTo(nil, b, nil, nil), task.ErrNoTask)
			_, _, err := sock.ReceiveFrom(nil, b, nil)
			require.ErrorIs(w, err, task.ErrNoTask)
			_, err = sock.ListenPacket(nil, "127.0.0.1:0")
			require.ErrorIs(w, err, loop.ErrNilLoop)
			other, err := loop.New(loop.Options{})
			require.NoError(w, err)
			require.NoError(w, other.Close())
			_, err = sock.ConnectPacket(other, "127.0.0.1:1")
			require.ErrorIs(w, err, loop.ErrClosed)
		}},
	}...))
}

// TestPacketErrnos is N01 for datagrams: each call fails once with each errno.
func TestPacketErrnos(t *testing.T) {
	changes := map[string]func(c *sys.Calls, fails func() error){
		"socket": func(c *sys.Calls, fails func() error) {
			c.SocketDatagram = func(family int) (int, error) {
				if err := fails(); err != nil {
					return -1, err
				}
				return sys.Kernel.SocketDatagram(family)
			}
		},
		"recvmsg": func(c *sys.Calls, fails func() error) {
			c.RecvFrom = func(fd int, p []byte) (int, bool, unix.Sockaddr, error) {
				if err := fails(); err != nil {
					return 0, false, nil, err
				}
				return sys.Kernel.RecvFrom(fd, p)
			}
		},
		"sendmsg": func(c *sys.Calls, fails func() error) {
			c.SendTo = func(fd int, p []byte, to unix.Sockaddr) error {
				if err := fails(); err != nil {
					return err
				}
				return sys.Kernel.SendTo(fd, p, to)
			}
		},
	}
	talk := func(w *world, yield coro.Yield) error {
		b, err := sock.ListenPacket(w.Loop, "127.0.0.1:0")
		if err != nil {
			return err
		}
		defer b.Close()
		if err := sock.SendTo(yield, b, []byte("ping"), b.LocalAddr()); err != nil {
			return err
		}
		_, _, err = sock.ReceiveFrom(yield, b, make([]byte, 10))
		return err
	}
	var rows []row
	for name, change := range changes {
		for _, errno := range errnos {
			passes := name != "socket" && (errno == unix.EINTR || errno == unix.EAGAIN)
			rows = append(rows, row{name: "N01_" + name + "_" + unix.ErrnoName(errno),
				calls: func(w *world, c *sys.Calls) { change(c, once(w, errno)) },
				run: func(w *world, yield coro.Yield) {
					if err := talk(w, yield); passes {
						require.NoError(w, err)
					} else {
						require.ErrorIs(w, err, errno)
					}
					require.NoError(w, talk(w, yield), "the loop lives")
				}})
		}
	}
	runRows(t, rows)
}
