// keyboard.go: what the reader types, for the player between the cells and for a
// cell that reads os.Stdin. Read player.go first.

package player

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"sync"
)

// keyboard hands out the lines of one reader. A read that nobody waits for any more
// goes on, and its line is the next one's: nothing that is typed is lost.
type keyboard struct {
	mu      sync.Mutex // held while somebody waits
	from    *bufio.Reader
	pending chan typed // of a read that goes on; nil: there is none
}

type typed struct {
	line string
	err  error
}

// errLeft says that the one who waited for a line was told to stop.
var errLeft = errors.New("no line was waited for any more")

func newKeyboard(in io.Reader) *keyboard { return &keyboard{from: bufio.NewReader(in)} }

// line waits for a line, and returns it without its end: io.EOF if there is none, and
// errLeft as soon as stop is closed.
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
