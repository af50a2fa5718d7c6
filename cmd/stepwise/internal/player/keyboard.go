// keyboard.go: what the reader types, for the player between the cells and for cells
// that read os.Stdin. Read player.go first.

package player

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"sync"
)

// keyboard hands out the lines of one reader. If line stops waiting, the read goes on,
// and the next call gets its result: nothing that is typed is lost.
type keyboard struct {
	mu      sync.Mutex // held while a call of line waits
	from    *bufio.Reader
	pending chan typed // the result of a read that goes on; nil if there is none
}

type typed struct {
	line string
	err  error
}

// errLeft says that line was told to stop waiting.
var errLeft = errors.New("stopped waiting for a line")

func newKeyboard(in io.Reader) *keyboard { return &keyboard{from: bufio.NewReader(in)} }

// line waits for a line and returns it without its end. It returns io.EOF if there is
// none, and errLeft as soon as stop is closed.
func (k *keyboard) line(stop <-chan struct{}) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pending == nil {
		k.pending = make(chan typed, 1)
		go func(to chan<- typed) {
			line, err := k.from.ReadString('\n')
			if line != "" && err == io.EOF {
				err = nil // the last line has no end
			}
			to <- typed{strings.TrimSuffix(line, "\n"), err}
		}(k.pending)
	}
	select {
	case t := <-k.pending:
		k.pending = nil
		return t.line, t.err
	case <-stop:
		return "", errLeft
	}
}
