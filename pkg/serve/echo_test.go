package serve

// What Echo borrows, and what it keeps.

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/pkg/sys"
)

// TestEchoOfMany: several clients send at once, and the kernel doesn't take what is sent
// back. Each gets its own, although all their messages have been in one buffer.
func TestEchoOfMany(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*sys.Calls)
	}{
		{"as_usual", func(*sys.Calls) {}},
		{"each_send_takes_a_part", func(c *sys.Calls) {
			c.Send = func(fd int, p []byte) (int, error) { return sys.Kernel.Send(fd, p[:(len(p)+1)/2]) }
		}},
		{"two_of_three_sends_take_nothing", func(c *sys.Calls) {
			n := 0
			c.Send = func(fd int, p []byte) (int, error) {
				if n++; n%3 != 0 {
					return 0, unix.EAGAIN
				}
				return sys.Kernel.Send(fd, p)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			const clients, size = 4, 1 << 20
			s := serving(t, &Server{Handle: Echo}, c.change)
			wrong := make(chan error, clients)
			for i := range clients {
				peer := s.dial()
				want := bytes.Repeat([]byte{'a' + byte(i)}, size)
				go func() {
					if _, err := peer.Write(want); err == nil {
						_ = peer.CloseWrite()
					}
				}()
				go func() {
					got, err := io.ReadAll(peer)
					if err == nil && !bytes.Equal(want, got) {
						err = io.ErrNoProgress
					}
					wrong <- err
				}()
			}
			for range clients {
				require.NoError(t, <-wrong)
			}
		})
	}
}
