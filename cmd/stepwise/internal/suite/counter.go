// counter.go: counting the packages that go test tested. Read golang.go first.

package suite

import (
	"bytes"
	"io"
	"stepwise/cmd/stepwise/internal/setup"
)

// counter passes on what go test writes, and counts its "ok" lines.
type counter struct {
	out  io.Writer
	rest []byte // an unfinished line
	ok   int
}

func (c *counter) Write(p []byte) (int, error) {
	c.rest = append(c.rest, p...)
	for {
		line, rest, whole := bytes.Cut(c.rest, []byte("\n"))
		if !whole {
			break
		}
		if bytes.HasPrefix(line, []byte("ok  \t")) {
			c.ok++
		}
		c.rest = rest
	}
	return c.out.Write(p)
}

func (c *counter) String() string { return setup.Count(c.ok, "package") }
