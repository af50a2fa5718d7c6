package serve

import (
	"bytes"
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/sock"
)

// Echo is a Handle that sends back what comes, until the peer ends its side. It sends what
// it has read before it reads on: so it reads nothing from a peer that doesn't read its
// echo, and holds at most 64 KiB for it.
func Echo(yield coro.Yield, c *Conn) error {
	for {
		var rest []byte
		err := c.Idle(func() (err error) {
			rest, err = c.bounce(yield)
			return err
		})
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if len(rest) > 0 {
			if _, err := c.Write(rest); err != nil {
				return err
			}
		}
	}
}

// bounce waits for what comes, sends as much of it back as the kernel takes at once, and
// returns the rest. Nearly always nothing is left, so a message costs no memory. With TLS,
// all is left.
func (c *Conn) bounce(yield coro.Yield) (rest []byte, err error) {
	if c.secure != nil {
		return c.record()
	}
	err = sock.ReadLent(yield, c.Socket, func(data []byte) {
		if sent := sock.SendNow(c.Socket, data); sent < len(data) {
			rest = bytes.Clone(data[sent:])
		}
	})
	return rest, err
}

func (c *Conn) record() ([]byte, error) {
	record := make([]byte, 16<<10) // no record has more
	n, err := c.secure.Read(record)
	return record[:n], err
}
