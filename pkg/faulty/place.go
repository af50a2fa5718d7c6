package faulty

// Where servers listen.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// HasIPv6 reports whether this machine can listen on [::1]. Many containers can't.
func HasIPv6() bool {
	ln, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		return false
	}
	ln.Close()
	return true
}

// listen opens a listener where at says; control, unless nil, sets options first. own is
// what else has to be closed with it.
func listen(name string, at []string, control func(fd int) error) (_ net.Listener, own []io.Closer) {
	network, address, own := place(name, at)
	config := net.ListenConfig{}
	if control != nil {
		config.Control = func(_, _ string, c syscall.RawConn) error { return onFD(c, control) }
	}
	ln, err := config.Listen(context.Background(), network, address)
	if err != nil {
		closeAll(own)
		panic(fmt.Sprintf("faulty: %s: %v", name, err))
	}
	return ln, own
}

// place interprets a constructor's last argument as the package's documentation says.
func place(name string, at []string) (network, address string, own []io.Closer) {
	switch {
	case len(at) == 0:
		return "tcp", "127.0.0.1:0", nil
	case len(at) > 1:
		panic(fmt.Sprintf("faulty: %s: one place to listen, not %d", name, len(at)))
	case at[0] == "unix":
		dir, err := os.MkdirTemp("", "faulty")
		if err != nil {
			panic(fmt.Sprintf("faulty: %s: %v", name, err))
		}
		return "unix", filepath.Join(dir, "socket"), []io.Closer{directory(dir)}
	case strings.Contains(at[0], "/"):
		return "unix", at[0], nil
	}
	if _, err := netip.ParseAddrPort(at[0]); err != nil {
		panic(fmt.Sprintf("faulty: %s: %q is neither an IP address with a port nor a path", name, at[0]))
	}
	return "tcp", at[0], nil
}

// A directory is removed, with its contents, when it is closed.
type directory string

func (d directory) Close() error { return os.RemoveAll(string(d)) }

// A socketFile is the path of a unix socket, which no listener removes.
type socketFile string

func (f socketFile) Close() error {
	err := os.Remove(string(f))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func closeAll(own []io.Closer) {
	for _, c := range own {
		c.Close()
	}
}

// onFD runs do with the descriptor under c, and returns the error of either.
func onFD(c syscall.RawConn, do func(fd int) error) error {
	var err error
	if failed := c.Control(func(fd uintptr) { err = do(int(fd)) }); failed != nil {
		return failed
	}
	return err
}
