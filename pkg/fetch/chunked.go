package fetch

// Chunks: RFC 9112, 7.1. Read body.go before it. httputil.NewChunkedReader leaves
// the trailers where they are, and refuses a space between a size and what is
// added to it, which is legal.

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// chunked is what the chunks hold. The lines behind the last one (trailers)
// belong to the message too: they are read, checked, and dropped.
type chunked struct {
	r     *bufio.Reader
	begun bool  // a chunk was begun: its line end comes before the next
	left  int64 // bytes of it that are still to come
	extra int   // bytes that sizes have taken, above what is fair
	end   error // nil until the body has ended, and then for ever what Read returns
}

// mostExtra bounds what comes beside the data: a size may have words added to
// it, and a server could send them without end.
const mostExtra = 4 << 10

func (c *chunked) Read(p []byte) (int, error) {
	if c.left == 0 && c.end == nil {
		c.end = c.next()
	}
	if c.end != nil {
		return 0, c.end
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	c.end = early(err)
	return n, c.end
}

// next goes to the next chunk. io.EOF: there is none, and the message has ended.
func (c *chunked) next() error {
	if err := c.endChunk(); err != nil {
		return err
	}
	size, err := c.readSize()
	switch {
	case err != nil:
		return fmt.Errorf("the size of a chunk: %w", err)
	case size > 0:
		c.left, c.begun = size, true
		return nil
	}
	left := mostHead
	if _, err := readFields(c.r, &left); err != nil {
		return fmt.Errorf("behind the last chunk: %w", err)
	}
	return io.EOF
}

// endChunk reads what ends the chunk that was begun.
func (c *chunked) endChunk() error {
	if !c.begun {
		return nil
	}
	var end [2]byte
	if _, err := io.ReadFull(c.r, end[:]); err != nil {
		return early(err)
	}
	if string(end[:]) != "\r\n" {
		return fmt.Errorf("%q where a chunk should end: %w", end[:], ErrFraming)
	}
	return nil
}

// sizeLine allows, unlike the lines of a head, no line end without its \r: two
// who read it differently would find two messages.
var sizeLine = regexp.MustCompile(`^([0-9A-Fa-f]{1,16})[ \t]*(?:;` + text + `)?\r\n$`)

// readSize reads the line that begins a chunk. Sixteen bytes of it are free, and
// twice as many as the chunk has.
func (c *chunked) readSize() (int64, error) {
	left := mostExtra - c.extra
	line, err := readLine(c.r, &left)
	if err != nil {
		return 0, err
	}
	parts := sizeLine.FindSubmatch(line)
	if parts == nil {
		return 0, fmt.Errorf("%q: %w", beginning(line), ErrFraming)
	}
	size, err := strconv.ParseInt(string(parts[1]), 16, 64)
	if err != nil {
		return 0, fmt.Errorf("%q: %w", parts[1], ErrFraming)
	}
	c.extra = max(0, c.extra+len(line)-16-2*int(min(size, mostExtra)))
	return size, nil
}
