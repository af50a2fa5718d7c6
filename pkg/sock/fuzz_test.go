package sock

// Addresses that anybody may write: no text makes the parser panic, and what it takes
// it gives back. Read address.go before.

import (
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

var addresses = []string{"", ":", ":80", "127.0.0.1:80", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:080",
	"0.0.0.0:1", "[::]:0", "[::1]:80", "[::1]", "::1:80", "[fe80::1%7]:80", "[fe80::1%lo]:80", "[fe80::1%]:80", "[fe80::1%0]:80",
	"[fe80::1%4294967295]:1", "[fe80::1%4294967296]:1", "[::ffff:127.0.0.1]:80", "[::ffff:127.0.0.1%1]:80", "[1.2.3.4]:80",
	"localhost:80", "unix:", "unix:/tmp/door", "unix:door", "unix:@", "unix:@door", "unix:@@", "unix:a\x00b", "unix:\x00",
	"unix:" + strings.Repeat("x", 107), "unix:" + strings.Repeat("x", 108), "unix:@" + strings.Repeat("x", 107), "unix:unix:a", "unix:é\xff"}

func FuzzAddress(f *testing.F) {
	for _, address := range addresses {
		f.Add(address)
	}
	f.Fuzz(checkAddress)
}

// checkAddress wants text to be refused by name, or to come back as it went in.
func checkAddress(t *testing.T, text string) {
	family, sa, err := Sockaddr(text)
	if err != nil {
		require.ErrorIs(t, err, ErrAddress)
		require.Nil(t, sa)
		return
	}
	again := addr(sa).String() // as LocalAddr says it
	if family == unix.AF_UNIX {
		again = "unix:" + again
	}
	sameFamily, same, err := Sockaddr(again)
	require.NoError(t, err, again)
	require.Equal(t, family, sameFamily, again)
	require.Equal(t, sa, same, again)

	p := &PacketSocket{family: family}
	a := packetAddr(sa)
	to, err := p.sockaddr(a)
	require.NoError(t, err, "%v", a)
	require.Equal(t, sa, to, "as SendTo has it")
	if family == unix.AF_INET {
		_, err = (&PacketSocket{family: unix.AF_INET6}).sockaddr(a)
		require.NoError(t, err, "a socket that hears both answers both")
	}
	if family == unix.AF_INET6 {
		_, err = (&PacketSocket{family: unix.AF_INET}).sockaddr(a)
		require.ErrorIs(t, err, ErrAddress)
	}
	require.Equal(t, family == unix.AF_UNIX, port(sa) < 0)
	_, isTCP := addr(sa).(*net.TCPAddr)
	require.Equal(t, family != unix.AF_UNIX, isTCP)
}
