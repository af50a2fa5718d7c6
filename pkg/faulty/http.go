package faulty

// Servers that know half of HTTP: they wait for the head of a request, and answer with raw
// bytes, which may be any answer, right or wrong.

import (
	"bufio"
	"errors"
	"io"
)

// HTTP waits for the head of a request, answers with raw, byte for byte, and ends its
// side. raw may be anything: a body that is too short, a chunk without an end, or no HTTP
// at all.
func HTTP(raw string, at ...string) *Server {
	return start("HTTP", at, func(g *guest) error {
		if err := readHead(bufio.NewReader(g)); err != nil {
			return unlessLeft(err)
		}
		return g.sendAndFinish(raw)
	})
}

// HTTPHeld is like HTTP, but holds its answers back until Release.
func HTTPHeld(raw string, at ...string) *Server {
	return start("HTTPHeld", at, func(g *guest) error {
		if err := readHead(bufio.NewReader(g)); err != nil {
			return unlessLeft(err)
		}
		if err := g.untilReleased(); err != nil {
			return err
		}
		return g.sendAndFinish(raw)
	})
}

// HTTPKeepAlive answers each request on a connection with raw, and keeps the connection
// open until the client ends its side. A client that takes EOF for the end of a message
// waits forever. Requests must not have a body.
func HTTPKeepAlive(raw string, at ...string) *Server {
	return start("HTTPKeepAlive", at, func(g *guest) error {
		requests := bufio.NewReader(g)
		for {
			if err := readHead(requests); err != nil {
				return unlessLeft(err)
			}
			if err := g.send(raw); err != nil {
				return err
			}
		}
	})
}

// HTTPReset waits for the head of a request, answers with part, waits until the
// client has read it, and resets the connection. An empty part resets at once.
func HTTPReset(part string, at ...string) *Server {
	tcpOnly("HTTPReset", at)
	return start("HTTPReset", at, func(g *guest) error {
		if err := readHead(bufio.NewReader(g)); err != nil {
			return unlessLeft(err)
		}
		return g.sendAndReset(part)
	})
}

// readHead reads to the end of a request's head: an empty line. The error is
// io.EOF if there was no request at all, io.ErrUnexpectedEOF in the middle of one.
func readHead(r io.ByteReader) error {
	line := 0 // bytes in this line, line ends not counted
	for n := 0; ; n++ {
		b, err := r.ReadByte()
		switch {
		case errors.Is(err, io.EOF) && n > 0:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		case b == '\n' && line == 0:
			return nil
		case b == '\n':
			line = 0
		case b != '\r':
			line++
		}
	}
}

// unlessLeft returns err, or nil if it says that the client left between two requests.
func unlessLeft(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
