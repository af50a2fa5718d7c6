package stages

// WRONG ON PURPOSE: an error in a callback is lost. done has no place for it, and the
// callback has no caller to return it to: its stack is the loop's. So an answer that was
// cut off looks like a page that has ended. Its fix is futures.go. Read selector.go
// before it: the loop is the for statement there, written once for all programs, and
// each event now has a function of its own.

import (
	"golang.org/x/sys/unix"

	"stepwise/pkg/loop"
)

// Callbacks begins every conversation, and leaves the rest to the loop.
func Callbacks(addresses []string) []Answer {
	l, err := openLoop()
	if err != nil {
		return failed(addresses, err)
	}
	defer l.Close()
	answers := make([]Answer, len(addresses))
	pending := len(addresses)
	for i, address := range addresses {
		c := &caller{loop: l, fd: -1, request: Request(address), done: func(raw []byte) {
			answers[i].Body, answers[i].Err = Page(raw)
			if pending--; pending == 0 {
				l.Stop()
			}
		}}
		l.CallSoon(func() { c.connect(address) })
	}
	if pending > 0 {
		_ = l.Run()
	}
	return answers
}

// caller is one conversation, turned inside out: each method begins where the one before
// it would have to wait.
type caller struct {
	loop    *loop.Loop
	fd      int
	request []byte
	raw     []byte
	done    func(raw []byte) // called once, with what has come
}

func (c *caller) connect(address string) {
	family, sa, err := target(address)
	if err == nil {
		c.fd, err = c.loop.Calls().Socket(family)
	}
	if err == nil {
		err = c.loop.Calls().Connect(c.fd, sa)
	}
	if err == nil || err == unix.EINPROGRESS {
		err = c.loop.AddWriter(c.fd, c.writable)
	}
	if err != nil {
		c.end()
	}
}

func (c *caller) writable() {
	n, err := c.loop.Calls().Send(c.fd, c.request)
	c.request = c.request[n:]
	switch {
	case err == unix.EAGAIN:
	case err != nil:
		c.end()
	case len(c.request) == 0:
		c.loop.RemoveWriter(c.fd)
		if c.loop.AddReader(c.fd, c.readable) != nil {
			c.end()
		}
	}
}

func (c *caller) readable() {
	buffer := make([]byte, 4096)
	n, err := c.loop.Calls().Recv(c.fd, buffer)
	c.raw = append(c.raw, buffer[:n]...)
	if err == unix.EAGAIN {
		return
	}
	if err != nil || n == 0 { // the end and a reset look alike from here on
		c.end()
	}
}

func (c *caller) end() {
	if c.fd >= 0 {
		c.loop.RemoveWriter(c.fd)
		c.loop.RemoveReader(c.fd)
		_ = c.loop.Calls().Close(c.fd)
	}
	c.done(c.raw)
}
