package sock_test

import (
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
	"stepwise/pkg/sys"
)

// option is what the kernel says.
func (w *world) option(s *sock.Socket, level, name int) int {
	value, err := unix.GetsockoptInt(s.FD(), level, name)
	require.NoError(w, err)
	return value
}

func TestNoDelay(t *testing.T) {
	runRow(t, row{run: func(w *world, yield coro.Yield) {
		a, b := w.pair(yield)
		for _, s := range []*sock.Socket{a, b} {
			require.NotZero(w, w.option(s, unix.IPPROTO_TCP, unix.TCP_NODELAY), "from the start")
			require.NoError(w, s.SetNoDelay(false))
			require.Zero(w, w.option(s, unix.IPPROTO_TCP, unix.TCP_NODELAY))
			require.NoError(w, s.SetNoDelay(true))
			require.NotZero(w, w.option(s, unix.IPPROTO_TCP, unix.TCP_NODELAY))
		}
	}}, modes[0])
}

func TestKeepAlive(t *testing.T) {
	type times struct{ on, idle, interval, count int }
	tests := map[string]struct {
		config net.KeepAliveConfig
		want   times
	}{
		"the usual times":          {net.KeepAliveConfig{Enable: true}, times{1, 15, 15, 9}},
		"times of one's own":       {net.KeepAliveConfig{Enable: true, Idle: time.Minute, Interval: 2 * time.Second, Count: 3}, times{1, 60, 2, 3}},
		"rounded up":               {net.KeepAliveConfig{Enable: true, Idle: 1, Interval: 1001 * time.Millisecond}, times{1, 1, 2, 9}},
		"negative ones stay":       {net.KeepAliveConfig{Enable: true, Idle: -1, Interval: -time.Hour, Count: -1}, times{1, 7, 8, 5}},
		"off, and nothing changes": {net.KeepAliveConfig{Idle: time.Minute}, times{0, 7, 8, 5}},
	}
	ask := func(w *world, s *sock.Socket) times {
		return times{min(1, w.option(s, unix.SOL_SOCKET, unix.SO_KEEPALIVE)), w.option(s, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE),
			w.option(s, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL), w.option(s, unix.IPPROTO_TCP, unix.TCP_KEEPCNT)}
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			runRow(t, row{run: func(w *world, yield coro.Yield) {
				a, b := w.pair(yield)
				for _, s := range []*sock.Socket{a, b} {
					require.Equal(w, times{1, 15, 15, 9}, ask(w, s), "from the start")
					require.NoError(w, s.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true, Idle: 7 * time.Second, Interval: 8 * time.Second, Count: 5}))
					require.NoError(w, s.SetKeepAliveConfig(test.config))
					require.Equal(w, test.want, ask(w, s))
				}
			}}, modes[0])
		})
	}
	t.Run("an unknown option is told", func(t *testing.T) {
		runRow(t, row{calls: func(w *world, c *sys.Calls) {
			c.SetOption = func(fd, level, name, value int) error {
				if name == unix.TCP_KEEPINTVL && level == unix.IPPROTO_TCP {
					return unix.ENOPROTOOPT
				}
				return sys.Kernel.SetOption(fd, level, name, value)
			}
		}, run: func(w *world, yield coro.Yield) {
			_, err := sock.Connect(yield, w.serve(faulty.Echo()).Addr())
			require.ErrorIs(w, err, unix.ENOPROTOOPT, "and nothing stays open")
			require.True(w, isOpError(err, "connect"))
		}}, modes[0])
	})
}

func TestHowAConnectionEnds(t *testing.T) {
	tests := map[string]struct {
		end  func(w *world, s *sock.Socket) error
		want error
	}{
		"closed":  {func(w *world, s *sock.Socket) error { return s.Close() }, io.EOF},
		"aborted": {func(w *world, s *sock.Socket) error { return s.Abort() }, unix.ECONNRESET},
		"closed without lingering": {func(w *world, s *sock.Socket) error {
			require.NoError(w, s.SetLinger(0))
			return s.Close()
		}, unix.ECONNRESET},
		"closed as from the start": {func(w *world, s *sock.Socket) error {
			require.NoError(w, s.SetLinger(0))
			require.NoError(w, s.SetLinger(-1))
			return s.Close()
		}, io.EOF},
		"lingering for a while is refused": {func(w *world, s *sock.Socket) error {
			err := s.SetLinger(1)
			require.ErrorIs(w, err, unix.EINVAL)
			require.ErrorContains(w, err, "stops the whole loop")
			return s.Close()
		}, io.EOF},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			runRow(t, row{run: func(w *world, yield coro.Yield) {
				a, b := w.pair(yield)
				reads := w.readsOnce(b)
				w.Waits(yield, reads)
				require.NoError(w, test.end(w, a))
				w.fails(yield, reads, test.want)
				require.Equal(w, -1, a.FD())
			}}, modes[0])
		})
	}
	t.Run("aborted, what was not taken is thrown away", func(t *testing.T) {
		runRow(t, row{run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			w.narrow(a, b)
			waits := w.sends(a, faulty.Pattern(1<<20))
			w.Waits(yield, waits)
			require.NoError(w, a.Abort())
			w.fails(yield, waits, net.ErrClosed)
			_, err := sock.ReadAll(yield, b, 1<<20)
			require.ErrorIs(w, err, unix.ECONNRESET)
			require.ErrorIs(w, a.Abort(), net.ErrClosed)
		}}, modes[0])
	})
	t.Run("aborted on a system that can't", func(t *testing.T) {
		runRow(t, row{calls: func(w *world, c *sys.Calls) {
			c.SetLinger = func(int, unix.Linger) error { return unix.ENOPROTOOPT }
		}, run: func(w *world, yield coro.Yield) {
			a, b := w.pair(yield)
			require.NoError(w, a.Abort())
			_, err := sock.Read(yield, b)
			require.ErrorIs(w, err, io.EOF)
		}}, modes[0])
	})
}

func TestOptionsRefused(t *testing.T) {
	options := map[string]func(*sock.Socket) error{
		"set no delay":   func(s *sock.Socket) error { return s.SetNoDelay(true) },
		"set keep alive": func(s *sock.Socket) error { return s.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true}) },
		"set linger":     func(s *sock.Socket) error { return s.SetLinger(0) },
	}
	for name, set := range options {
		t.Run("closed, "+name, func(t *testing.T) {
			runRow(t, row{run: func(w *world, yield coro.Yield) {
				a, _ := w.pair(yield)
				require.NoError(w, a.Close())
				err := set(a)
				require.ErrorIs(w, err, net.ErrClosed)
				require.True(w, isOpError(err, name))
			}}, modes[0])
		})
	}
	t.Run("a unix socket has none", func(t *testing.T) {
		runRow(t, row{run: func(w *world, yield coro.Yield) {
			l, err := sock.Listen(w.Loop, "unix:"+filepath.Join(w.TempDir(), "s"))
			require.NoError(w, err)
			require.ErrorIs(w, l.SetNoDelay(true), unix.EOPNOTSUPP)
			require.ErrorIs(w, l.SetKeepAliveConfig(net.KeepAliveConfig{Enable: true}), unix.EOPNOTSUPP)
		}}, modes[0])
	})
}
