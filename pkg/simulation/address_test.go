package simulation_test

// Addresses and names of a World. Read world_test.go before.

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func TestNames(t *testing.T) {
	t.Run("they_are_dialed_and_fetched", func(t *testing.T) {
		require.NoError(t, in(t, func(w *simulation.World, yield coro.Yield, l *loop.Loop) error {
			w.Host("shop.example", "10.0.0.2")
			listener, err := sock.Listen(l, "10.0.0.2:80")
			require.NoError(t, err)
			task.Spawn(l, func(yield coro.Yield) (any, error) { return serveSite(yield, l, listener) })
			page, err := fetch.Get(yield, "http://shop.example/a")
			require.NoError(t, err)
			require.Contains(t, string(page.Body), "/a/1")
			return nil
		}))
	})
	t.Run("localhost", func(t *testing.T) {
		require.NoError(t, in(t, func(w *simulation.World, yield coro.Yield, l *loop.Loop) error {
			found, err := outside.Resolve(yield, "localhost")
			require.NoError(t, err)
			require.Equal(t, "127.0.0.1", found[0].String())
			require.Len(t, found, 1)
			return nil
		}))
	})
	t.Run("a_name_that_was_given_twice_has_its_addresses_once", func(t *testing.T) {
		require.NoError(t, in(t, func(w *simulation.World, yield coro.Yield, l *loop.Loop) error {
			for _, ip := range []string{"10.0.0.2", "10.0.0.3", "10.0.0.2", "::ffff:10.0.0.3"} {
				w.Host("shop.example", ip)
			}
			w.Host("Localhost.", "127.0.0.1")
			for name, want := range map[string]string{"shop.example": "[10.0.0.2 10.0.0.3]", "localhost": "[127.0.0.1]"} {
				found, err := outside.Resolve(yield, name)
				require.NoError(t, err)
				require.Equal(t, want, fmt.Sprint(found))
			}
			return nil
		}))
	})
	t.Run("a_name_of_the_real_network", func(t *testing.T) {
		err := in(t, func(w *simulation.World, yield coro.Yield, l *loop.Loop) error {
			_, err := outside.Dial(yield, "example.com:80")
			return err
		})
		var unknown *net.DNSError
		require.ErrorAs(t, err, &unknown)
		require.True(t, unknown.IsNotFound)
		require.EqualError(t, err, "seed 1: connect example.com:80: lookup example.com: no such host in this World: name it with World.Host")
	})
	t.Run("misuse", func(t *testing.T) {
		w := simulation.New(1, simulation.Weather{})
		require.PanicsWithError(t, `simulation: Host: "10.0.0.1" is not a name`, func() { w.Host("10.0.0.1", "10.0.0.2") })
		require.PanicsWithError(t, `simulation: Host: "" is not a name`, func() { w.Host("", "10.0.0.2") })
		require.Panics(t, func() { w.Host("shop.example", "elsewhere") })
	})
}

func TestAddresses(t *testing.T) {
	on := func(listen, dial string, want error) func(t *testing.T) {
		return func(t *testing.T) {
			err := in(t, func(_ *simulation.World, yield coro.Yield, l *loop.Loop) error {
				listener, err := sock.Listen(l, listen)
				require.NoError(t, err)
				s, err := sock.Connect(yield, dial)
				if err != nil {
					return err
				}
				peer, err := sock.Accept(yield, listener)
				require.NoError(t, err)
				here := strings.NewReplacer("0.0.0.0:", "127.0.0.1:", "[::]:", "[::1]:")
				require.Equal(t, here.Replace(s.RemoteAddr().String()), peer.LocalAddr().String())
				require.Equal(t, s.LocalAddr().String(), peer.RemoteAddr().String())
				return nil
			})
			require.ErrorIs(t, err, want)
		}
	}
	t.Run("an_address", on("10.0.0.2:80", "10.0.0.2:80", nil))
	t.Run("IPv6", on("[::1]:80", "[::1]:80", nil))
	t.Run("all_addresses_answer_at_each", on("0.0.0.0:80", "10.0.0.2:80", nil))
	t.Run("all_addresses_of_IPv6_answer_at_IPv4", on("[::]:80", "127.0.0.1:80", nil))
	t.Run("all_addresses_of_IPv4_do_not_answer_at_IPv6", on("0.0.0.0:80", "[::1]:80", unix.ECONNREFUSED))
	t.Run("another_port", on("10.0.0.2:80", "10.0.0.2:81", unix.ECONNREFUSED))
	t.Run("a_host_outside", on("10.0.0.2:80", "10.0.0.3:80", unix.EHOSTUNREACH))
	t.Run("the_error_of_a_host_outside", func(t *testing.T) {
		err := in(t, func(_ *simulation.World, yield coro.Yield, l *loop.Loop) error {
			_, err := sock.Connect(yield, "93.184.216.34:80")
			return err
		})
		require.EqualError(t, err, "seed 1: connect 93.184.216.34:80: no route to host: 93.184.216.34 is not in this World: listen there first, or name it with World.Host")
	})
	t.Run("to_all_addresses_is_to_this_machine", on("127.0.0.1:80", "0.0.0.0:80", nil))
	t.Run("to_all_addresses_of_IPv6", on("[::1]:80", "[::]:80", nil))
	t.Run("from_all_addresses_is_from_this_machine", func(t *testing.T) {
		require.NoError(t, in(t, func(_ *simulation.World, yield coro.Yield, l *loop.Loop) error {
			_, err := sock.Listen(l, "10.0.0.2:80")
			require.NoError(t, err)
			s, err := sock.ConnectFrom(yield, "0.0.0.0:0", "10.0.0.2:80")
			require.NoError(t, err)
			require.Contains(t, s.LocalAddr().String(), "127.0.0.1:")
			return nil
		}))
	})
	t.Run("a_listener_at_the_very_address_comes_first", func(t *testing.T) {
		require.NoError(t, in(t, func(_ *simulation.World, yield coro.Yield, l *loop.Loop) error {
			for _, address := range []string{"[::]:80", "10.0.0.2:80"} {
				listener, err := sock.Listen(l, address)
				require.NoError(t, err)
				_, err = sock.Connect(yield, "10.0.0.2:80")
				require.NoError(t, err)
				_, err = sock.Accept(yield, listener)
				require.NoError(t, err)
			}
			return nil
		}))
	})
	t.Run("a_listener_that_is_closed_before_the_connection_is_complete", func(t *testing.T) {
		err := in(t, func(_ *simulation.World, yield coro.Yield, l *loop.Loop) error {
			listener, err := sock.Listen(l, address)
			require.NoError(t, err)
			s, err := sock.Connect(yield, address)
			require.NoError(t, err)
			require.NoError(t, listener.Close())
			_, err = sock.Read(yield, s)
			return err
		})
		require.ErrorIs(t, err, unix.ECONNRESET)
	})
	t.Run("a_host_that_was_named_is_inside", func(t *testing.T) {
		err := in(t, func(w *simulation.World, yield coro.Yield, l *loop.Loop) error {
			w.Host("b", "10.0.0.3")
			_, err := sock.Connect(yield, "10.0.0.3:80")
			return err
		})
		require.ErrorIs(t, err, unix.ECONNREFUSED)
	})
	for first, second := range map[string]string{
		"10.0.0.2:80": "10.0.0.2:80", "127.0.0.1:80": "0.0.0.0:80", "0.0.0.0:80": "127.0.0.1:80", "[::]:80": "127.0.0.1:80",
	} {
		t.Run("taken/"+first+"_then_"+second, func(t *testing.T) {
			err := in(t, func(_ *simulation.World, _ coro.Yield, l *loop.Loop) error {
				if _, err := sock.Listen(l, first); err != nil {
					return err
				}
				_, err := sock.Listen(l, second)
				return err
			})
			require.EqualError(t, err, "seed 1: listen "+second+": address already in use")
		})
	}
	t.Run("not_taken", func(t *testing.T) {
		require.NoError(t, in(t, func(_ *simulation.World, _ coro.Yield, l *loop.Loop) error {
			for _, address := range []string{"10.0.0.1:80", "10.0.0.2:80", "10.0.0.1:81", "0.0.0.0:80", "[::1]:80"} {
				s, err := sock.Listen(l, address)
				require.NoError(t, err)
				require.Equal(t, address, s.LocalAddr().String())
			}
			return nil
		}))
	})
	t.Run("free_again_after_close", func(t *testing.T) {
		require.NoError(t, in(t, func(_ *simulation.World, _ coro.Yield, l *loop.Loop) error {
			for range 2 {
				s, err := sock.Listen(l, address)
				require.NoError(t, err)
				require.NoError(t, s.Close())
			}
			return nil
		}))
	})
}
