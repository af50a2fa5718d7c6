package serve

import (
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
)

// Echo is a Handle that sends back what comes, until the peer ends its side. It sends what
// it has read before it reads on: so it reads nothing from a peer that doesn't read its
// echo, and holds at most 64 KiB for it.
func Echo(yield coro.Yield, c *Conn) error {
	for {
		var data []byte
		err := c.Idle(func() (err error) {
			data, err = sock.Read(yield, c.Socket)
			return err
		})
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := sock.Send(yield, c.Socket, data); err != nil {
			return err
		}
	}
}
