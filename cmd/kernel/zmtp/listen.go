package zmtp

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
)

// Listen listens on a "tcp" address, as net.Listen does, or at the path of a "unix"
// socket, which only its owner can connect to. A socket that a program has left
// there is replaced, as libzmq does it: Jupyter restarts a kernel at the same path.
// One that a program still listens on is an error, and so is any other kind of file.
//
// The file is not removed by Close, because a newer kernel may own the path by then.
// For a "unix" socket Listen changes the process's umask for a moment: call it
// before other goroutines make files.
func Listen(network, address string) (net.Listener, error) {
	if network != "unix" {
		return net.Listen(network, address)
	}
	if err := clear(address); err != nil {
		return nil, err
	}
	before := syscall.Umask(0o177)
	listener, err := net.Listen(network, address)
	syscall.Umask(before)
	if err != nil {
		return nil, err
	}
	listener.(*net.UnixListener).SetUnlinkOnClose(false)
	return listener, nil
}

// clear removes a socket that no program listens on.
func clear(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("%s is there, and is no socket: remove it, or have Jupyter choose another path", path)
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		conn.Close()
		return fmt.Errorf("another program listens on %s: %w", path, syscall.EADDRINUSE)
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return err
	}
	return os.Remove(path)
}
