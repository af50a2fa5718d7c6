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
			data, err = c.receive(yield)
			return err
		})
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := c.Write(data); err != nil {
			return err
		}
	}
}

// receive needs no buffer while it waits, except with TLS.
func (c *Conn) receive(yield coro.Yield) ([]byte, error) {
	if c.secure == nil {
		return sock.Read(yield, c.Socket)
	}
	record := make([]byte, 16<<10) // no record has more
	n, err := c.secure.Read(record)
	return record[:n], err
}
