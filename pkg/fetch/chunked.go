package fetch

// Chunks: RFC 9112, 7.1. Read body.go before it. httputil.NewChunkedReader doesn't serve:
// it leaves the trailers unread, and refuses a space between a size and its extension,
// which is legal.

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
)

// chunked reads the data of the chunks. The lines after the last one (trailers) belong to
// the message too.
type chunked struct {
	r     *bufio.Reader
	begun bool  // a chunk was begun: its line end comes before the next
	left  int64 // bytes of it that are still to come
	extra int   // bytes that size lines have taken beyond their share, see readSize
	end   error // nil until the body has ended, and then what each Read returns

	trailer http.Header // once end is io.EOF
}

// mostExtra bounds what comes besides the data: a size may have extensions, and a server
// could send them without end.
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
	c.end = unexpectedEOF(err)
	return n, c.end
}

// next goes to the next chunk. io.EOF says that there is none and the message has ended.
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
	trailer, err := readFields(c.r, &left)
	if err != nil {
		return fmt.Errorf("behind the last chunk: %w", err)
	}
	c.trailer = trailer
	return io.EOF
}

// endChunk reads the line end of the chunk that was begun, if any.
func (c *chunked) endChunk() error {
	if !c.begun {
		return nil
	}
	var end [2]byte
	if _, err := io.ReadFull(c.r, end[:]); err != nil {
		return unexpectedEOF(err)
	}
	if string(end[:]) != "\r\n" {
		return fmt.Errorf("%q where a chunk should end: %w", end[:], ErrFraming)
	}
	return nil
}

// sizeLine, unlike the lines of a head, allows no line end without its \r: programs that
// read it differently would find different messages.
var sizeLine = regexp.MustCompile(`^([0-9A-Fa-f]{1,16})[ \t]*(?:;` + text + `)?\r\n$`)

const text = `[^\x00-\x08\x0a-\x1f\x7f]*`

// readSize reads the line that begins a chunk. Its share is sixteen bytes, and two more
// for each byte of the chunk.
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
