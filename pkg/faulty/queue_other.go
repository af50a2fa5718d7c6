//go:build !linux

package faulty

// How to fill a listener's queue where the kernel doesn't report its length: connect until
// there is no answer. It is meant for macOS and the BSDs, but was never run there.

import (
	"errors"
	"net"
	"os"
	"time"
)

// fill connects until ln's queue is full, and returns the connections.
func fill(ln net.Listener) ([]net.Conn, error) {
	if err := shrink(ln, 1); err != nil {
		return nil, err
	}
	var ours []net.Conn
	for range 256 {
		conn, err := net.DialTimeout(ln.Addr().Network(), ln.Addr().String(), 300*time.Millisecond)
		if err != nil && (os.IsTimeout(err) || ln.Addr().Network() == "unix") {
			return ours, nil
		}
		if err != nil {
			return ours, err
		}
		ours = append(ours, conn)
	}
	return ours, errors.New("the queue did not fill")
}
