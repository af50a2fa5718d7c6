package cell

import (
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"sync"

	"github.com/cosmos72/gomacro/imports"
)

// A cell has no terminal to read from, but there may be a reader who can be asked for a
// line. So os.Stdin in cells is an Input, and fmt.Scan and its like read from it. It
// differs from a program's in one way: a cell can't use it where an *os.File itself is
// wanted, rather than an io.Reader.

// An Asker asks for a line of text, and returns it without its end; io.EOF if there are
// no more. When stop is closed, it returns at once; what it returns doesn't matter then.
type Asker func(stop <-chan struct{}) (line string, err error)

// SetInput says who is asked when a cell reads os.Stdin. nil means that nobody can be
// asked: a cell that reads fails with a sentence that says so. Any goroutine may call it;
// it applies from the next line on. A process has one os.Stdin.
func SetInput(ask Asker) {
	stdin.mu.Lock()
	defer stdin.mu.Unlock()
	stdin.ask = ask
}

// An Input is os.Stdin in cells. It reads lines from an Asker.
type Input struct {
	*os.File // for what else os.Stdin can do

	reading sync.Mutex // held while a goroutine waits for a line
	left    []byte     // of the last line; guarded by reading

	mu   sync.Mutex
	ask  Asker
	stop chan struct{} // closed when the cell is interrupted or ends; each cell has its own
	why  any           // stop was closed: what the readers that wait panic with; nil: it is open
}

var stdin = &Input{File: os.Stdin, stop: make(chan struct{})}

// errNoInput is how a cell fails that reads where nobody can be asked.
var errNoInput = errors.New("the cell reads os.Stdin, and nobody can be asked for a line here: give it the value in its code, or run it where you can type, in a notebook or a console")

// errEnded is what a goroutine panics with that waits for a line when its cell ends.
var errEnded = errors.New("it reads os.Stdin, and its cell has ended, so nobody can be asked for a line: have the cell wait for the goroutine")

// Read takes bytes of the line that was asked for last, or asks for another. It
// panics if nobody can be asked, or if the cell has ended or was interrupted: most callers
// of fmt.Scanln would ignore an error, and others would ask again without end.
func (in *Input) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	in.reading.Lock()
	defer in.reading.Unlock()
	if len(in.left) == 0 {
		line, err := in.line()
		if err != nil {
			return 0, err
		}
		in.left = append([]byte(line), '\n')
	}
	n := copy(p, in.left)
	in.left = in.left[n:]
	return n, nil
}

// line asks for one.
func (in *Input) line() (string, error) {
	ask, stop := in.asker()
	line, err := ask(stop)
	in.asker() // the cell may have ended since
	if err != nil && err != io.EOF {
		err = fmt.Errorf("asking for a line of os.Stdin: %w", err)
	}
	return line, err
}

// asker returns the one to ask, until stop is closed. It panics if there is none.
func (in *Input) asker() (ask Asker, stop <-chan struct{}) {
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case in.why != nil:
		panic(in.why)
	case in.ask == nil:
		panic(errNoInput)
	}
	return in.ask, in.stop
}

// WriteTo is what io.Copy calls. That of the file would read past the Asker.
func (in *Input) WriteTo(w io.Writer) (int64, error) {
	return io.Copy(w, struct{ io.Reader }{in})
}

// begin is called before a cell runs. It forgets what the cell before has left of a
// line: this one asks anew.
func (in *Input) begin() {
	in.mu.Lock()
	in.stop, in.why = make(chan struct{}), nil
	in.mu.Unlock()
	in.reading.Lock()
	in.left = nil
	in.reading.Unlock()
}

// end makes everything that waits for a line panic with why; until the next begin nobody
// is asked for one.
func (in *Input) end(why any) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.why == nil {
		in.why = why
		close(in.stop)
	}
}

// askForInput puts ours in the place of what reads standard input.
func askForInput() {
	imports.Packages["os"].Binds["Stdin"] = reflect.ValueOf(&stdin).Elem()
	scan := imports.Packages["fmt"].Binds
	scan["Scan"] = reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscan(stdin, a...) })
	scan["Scanf"] = reflect.ValueOf(func(format string, a ...any) (int, error) { return fmt.Fscanf(stdin, format, a...) })
	scan["Scanln"] = reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fscanln(stdin, a...) })
}
