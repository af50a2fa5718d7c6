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
	if c.secure != nil {
		return c.echoRecords()
	}
	for {
		err := c.Idle(func() error { return sock.Readable(yield, c.Socket) })
		if err != nil {
			return err
		}
		rest, err := c.bounce()
		if err == io.EOF {
			return nil
		}
		if err == nil && len(rest) > 0 {
			_, err = c.Write(rest)
		}
		if err != nil {
			return err
		}
	}
}

// bounce sends back what has come, as far as the kernel takes it at once, and returns the
// rest. Nearly always nothing is left, so a message costs no memory.
func (c *Conn) bounce() (rest []byte, err error) {
	err = sock.ReadNow(c.Socket, func(data []byte) {
		if sent := sock.SendNow(c.Socket, data); sent < len(data) {
			rest = bytes.Clone(data[sent:])
		}
	})
	return rest, err
}

// echoRecords is Echo with TLS.
func (c *Conn) echoRecords() error {
	record := make([]byte, 16<<10) // no record has more
	for {
		var n int
		err := c.Idle(func() (err error) {
			n, err = c.secure.Read(record)
			return err
		})
		if n > 0 { // an error that comes with it comes again
			_, err = c.Write(record[:n])
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
