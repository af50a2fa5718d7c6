package sock_test

// Only Linux takes all of 127.0.0.0/8 for this machine.

import (
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/sock"
)

func TestConnectFrom(t *testing.T) {
	from := func(own string, want error) row {
		return row{name: "from_" + own, run: func(w *world, yield coro.Yield) {
			server := w.serve(faulty.Echo())
			s, err := sock.ConnectFrom(yield, own, server.Addr())
			require.ErrorIs(w, err, want)
			if want != nil {
				require.ErrorContains(w, err, "connect "+server.Addr()+": ")
			}
			require.Empty(w, w.Selector.Registered)
			if want == nil {
				w.echoes(yield, s)
				require.NoError(w, s.Close())
			}
		}}
	}
	runRows(t, []row{
		{name: "an_address_of_our_own", run: func(w *world, yield coro.Yield) {
			l := w.listen()
			s, err := sock.ConnectFrom(yield, "127.0.0.2:0", l.LocalAddr().String())
			require.NoError(w, err)
			peer, err := sock.Accept(yield, l)
			require.NoError(w, err)
			require.Equal(w, s.LocalAddr().String(), peer.RemoteAddr().String())
			require.Contains(w, s.LocalAddr().String(), "127.0.0.2:")
		}},
		from("", nil),
		from("192.0.2.1:0", unix.EADDRNOTAVAIL),
		from("[::1]:0", sock.ErrAddress),
		from("unix:/x", sock.ErrAddress),
		from("nowhere", sock.ErrAddress),
	})
}
