package outside

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/internal/leaktest"
	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/future"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func ips(texts ...string) (all []netip.Addr) {
	for _, text := range texts {
		all = append(all, netip.MustParseAddr(text))
	}
	return all
}

func TestResolve(t *testing.T) {
	names := newNameServer(t, map[string][]netip.Addr{
		"one.test.":  ips("127.0.0.1"),
		"both.test.": ips("127.0.0.1", "127.0.0.2", "::1"),
		"none.test.": nil,
	})
	defer names.close()
	d := Dialer{Resolver: names.resolver()}
	tests := []struct {
		host string
		want []netip.Addr
	}{
		{"one.test.", ips("127.0.0.1")},
		{"127.0.0.1", ips("127.0.0.1")},
		{"::1", ips("::1")},
		{"fe80::1%lo", ips("fe80::1%lo")},
		{"both.test.", ips("127.0.0.1", "127.0.0.2", "::1")},
	}
	for _, test := range tests {
		t.Run(test.host, func(t *testing.T) {
			play(t, false, func(s *stage, yield coro.Yield) {
				got, err := d.resolve(yield, test.host)
				require.NoError(s, err)
				require.ElementsMatch(s, test.want, got)
			})
		})
	}
	require.Equal(t, []string{"both.test.", "one.test."}, names.questions(), "an address is no question")
	for _, host := range []string{"none.test.", "unknown.test.", ""} {
		t.Run("no_such_name_"+host, func(t *testing.T) {
			play(t, false, func(s *stage, yield coro.Yield) {
				_, err := d.resolve(yield, host)
				var wrong *net.DNSError
				require.ErrorAs(s, err, &wrong)
				require.True(s, wrong.IsNotFound)
			})
		})
	}
	t.Run("localhost_by_the_system_s_own_resolver", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			got, err := Resolve(yield, "localhost")
			require.NoError(s, err)
			require.Contains(s, got, netip.MustParseAddr("127.0.0.1"))
		})
	})
	t.Run("M02_a_question_ends_with_its_context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		c, err := dialUntilDone(ctx, "udp", names.conn.LocalAddr().String())
		require.NoError(t, err)
		require.NoError(t, c.SetReadDeadline(time.Now().Add(leaktest.Patience)))
		cancel()
		_, err = c.Read(make([]byte, 10))
		require.ErrorIs(t, err, net.ErrClosed)
	})
	t.Run("T04_cancelled_while_the_name_server_is_silent", func(t *testing.T) {
		silent := newNameServer(t, nil)
		defer silent.close()
		asks := make(chan context.Context, 100)
		d := Dialer{Resolver: &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			asks <- ctx
			return dialUntilDone(ctx, "udp", silent.conn.LocalAddr().String())
		}}}
		play(t, false, func(s *stage, yield coro.Yield) {
			a := s.spawn(func(yield coro.Yield) (any, error) { return d.Dial(yield, "silent.test.:80") })
			s.turns(yield)
			<-silent.heard
			a.Cancel()
			_, err := task.Await(yield, a)
			require.ErrorIs(s, err, future.ErrCanceled)
			require.ErrorContains(s, err, "connect silent.test.:80: ")
			ctx := <-asks
			<-ctx.Done()
			limit, _ := ctx.Deadline()
			require.True(s, time.Now().Before(limit), "not by the resolver's own limit of five seconds")
		})
	})
}

// echoes proves that c is a connection to an Echo.
func (s *stage) echoes(yield coro.Yield, c *sock.Socket) {
	require.NoError(s, sock.Send(yield, c, []byte("hello")))
	data, err := sock.Read(yield, c)
	require.NoError(s, err)
	require.Equal(s, "hello", string(data))
	require.NoError(s, c.Close())
}

func TestDial(t *testing.T) {
	names := newNameServer(t, map[string][]netip.Addr{"one.test.": ips("127.0.0.1"), "two.test.": ips("127.0.0.1", "127.0.0.2")})
	defer names.close()
	d := Dialer{Resolver: names.resolver()}
	echo := faulty.Echo("127.0.0.2:0")
	defer echo.Close()
	_, port, err := net.SplitHostPort(echo.Addr())
	require.NoError(t, err)
	unixEcho := faulty.Echo("unix")
	defer unixEcho.Close()
	for _, address := range []string{echo.Addr(), "two.test.:" + port, "unix:" + unixEcho.Addr()} {
		t.Run("C01_"+address, func(t *testing.T) {
			play(t, false, func(s *stage, yield coro.Yield) {
				c, err := d.Dial(yield, address)
				require.NoError(s, err)
				s.echoes(yield, c)
			})
		})
	}
	t.Run("localhost", func(t *testing.T) {
		here := faulty.Echo()
		defer here.Close()
		_, port, err := net.SplitHostPort(here.Addr())
		require.NoError(t, err)
		play(t, false, func(s *stage, yield coro.Yield) {
			c, err := Dial(yield, "localhost:"+port)
			require.NoError(s, err)
			s.echoes(yield, c)
		})
	})
	for _, address := range []string{"", "one.test.", ":80", "one.test.:", "one.test.:0", "one.test.:65536", "one.test.:-1",
		"one.test.:http", "127.0.0.1:0", "[::1", "a:b:c"} {
		t.Run("C10_bad_address_"+address, func(t *testing.T) {
			play(t, false, func(s *stage, yield coro.Yield) {
				_, err := d.Dial(yield, address)
				require.ErrorIs(s, err, sock.ErrAddress)
				require.ErrorContains(s, err, `or with a name "localhost:80"`)
			})
		})
	}
	t.Run("C10_no_such_name", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			_, err := d.Dial(yield, "unknown.test.:80")
			var wrong *net.DNSError
			require.ErrorAs(s, err, &wrong)
			require.ErrorContains(s, err, "connect unknown.test.:80: lookup unknown.test.")
		})
	})
	t.Run("G09_misuse", func(t *testing.T) {
		play(t, false, func(s *stage, yield coro.Yield) {
			for _, address := range []string{"one.test.:80", "127.0.0.1:80"} {
				_, err := d.Dial(nil, address)
				require.ErrorIs(s, err, task.ErrNoTask)
			}
		})
	})
}

// TestDialTimeout: the limit is for all of Dial, and a Dial in time never learns of it.
func TestDialTimeout(t *testing.T) {
	echo, deaf := faulty.Echo(), faulty.NeverAccepts()
	defer echo.Close()
	defer deaf.Close()
	silent := newNameServer(t, nil)
	defer silent.close()
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dialUntilDone(ctx, "udp", silent.conn.LocalAddr().String())
	}}
	tests := []struct {
		name, address string
		timeout       time.Duration
		late          bool
	}{
		{"in time", echo.Addr(), time.Minute, false},
		{"no limit", echo.Addr(), 0, false},
		{"nobody accepts", deaf.Addr(), time.Minute, true},
		{"the name server is silent", "silent.test.:80", time.Millisecond, true},
		{"a limit that has passed", echo.Addr(), -1, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			play(t, test.timeout == time.Minute, func(s *stage, yield coro.Yield) {
				c, err := (&Dialer{Resolver: resolver, Timeout: test.timeout}).Dial(yield, test.address)
				if !test.late {
					require.NoError(s, err)
					s.echoes(yield, c)
					require.Empty(s, s.Slept)
					return
				}
				var late *task.TimeoutError
				require.ErrorAs(s, err, &late)
				require.NotErrorIs(s, err, future.ErrCanceled)
				require.ErrorContains(s, err, "connect "+test.address+": ")
				require.NoError(s, task.Checkpoint(yield))
			})
		})
	}
}
