package faulty_test

// What holds on Linux only: two sockets may have one port while at most one listens.

import (
	"net"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/faulty"
)

func TestRefusedKeepsAnotherServersAddress(t *testing.T) {
	balanced(t)
	door := opened(t, faulty.Refused())
	for range 3 {
		s := opened(t, faulty.Echo(door.Addr()))
		conn, err := net.Dial("tcp", door.Addr())
		require.NoError(t, err)
		require.NoError(t, s.WaitAccepted(1, limit))
		require.NoError(t, conn.Close())
		require.NoError(t, s.Close())

		_, err = net.Dial("tcp", door.Addr())
		require.ErrorIs(t, err, syscall.ECONNREFUSED, "the other server has ended")
		_, err = listenAlone("tcp", door.Addr())
		require.ErrorIs(t, err, syscall.EADDRINUSE, "the address is kept")
	}
	require.NoError(t, door.Close())
}
