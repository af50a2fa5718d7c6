package faulty

// Servers that talk as soon as a client connects, each with a bad habit. They don't wait
// for a question, but record what the client says all the same.

import (
	"fmt"
	"strings"
	"time"
)

// Drip sends data one byte at a time, each in a packet of its own, and then ends its side.
// The next byte comes when the client has read the one before and pause has passed, so
// each read gets one byte, however slow the reader is.
func Drip(data string, pause time.Duration, at ...string) *Server {
	return start("Drip", at, func(g *guest) error {
		for i := range len(data) {
			if err := g.server.pause(pause); err != nil {
				return err
			}
			if err := g.send(data[i : i+1]); err != nil {
				return err
			}
			if err := g.untilRead(); err != nil {
				return err
			}
		}
		return g.finish()
	})
}

// Stall sends part and then nothing more, and keeps the connection open until Close. It
// reads on, so a visit is over when the client has ended its side.
func Stall(part string, at ...string) *Server {
	return start("Stall", at, func(g *guest) error {
		if err := g.send(part); err != nil {
			return err
		}
		if err := g.drain(); err != nil {
			return err
		}
		g.end(nil)
		return g.hold()
	})
}

// HalfClose sends data, ends its own side, and reads on: the client gets EOF and
// may still send. The visit is over when the client has ended its side too.
func HalfClose(data string, at ...string) *Server {
	return start("HalfClose", at, func(g *guest) error { return g.sendAndFinish(data) })
}

// ResetMidway sends part, waits until the client has read it, and resets the
// connection: the client gets all of part, and then ECONNRESET. With an empty
// part it resets once the client has sent something.
//
// It is tempting to reset as soon as the client's kernel has acknowledged part. But then
// a client that has yet to ask SO_ERROR whether its connect has succeeded would now and
// then get ECONNRESET there.
func ResetMidway(part string, at ...string) *Server {
	tcpOnly("ResetMidway", at)
	return start("ResetMidway", at, func(g *guest) error {
		if part == "" {
			if _, err := g.Read(make([]byte, 4096)); err != nil {
				return err
			}
			return g.reset()
		}
		return g.sendAndReset(part)
	})
}

// tcpOnly panics if the place is a unix socket, which has no reset.
func tcpOnly(name string, at []string) {
	for _, a := range at {
		if a == "unix" || strings.Contains(a, "/") {
			panic("faulty: " + name + ": a unix socket has no reset")
		}
	}
}

func (g *guest) sendAndReset(part string) error {
	if err := g.send(part); err != nil {
		return err
	}
	if err := g.untilRead(); err != nil {
		return err
	}
	return g.reset()
}

// Big sends the first n bytes of Pattern as fast as the client takes them, and
// then ends its side.
func Big(n int64, at ...string) *Server {
	if n < 0 {
		panic(fmt.Sprintf("faulty: Big of %d bytes", n))
	}
	return start("Big", at, func(g *guest) error {
		chunk := make([]byte, 64<<10)
		for g.visit.Sent < n {
			chunk = chunk[:min(int64(len(chunk)), n-g.visit.Sent)]
			fillPattern(chunk, g.visit.Sent)
			if _, err := g.Write(chunk); err != nil {
				return err
			}
		}
		return g.finish()
	})
}
