//go:build stepwise_kernel

package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unicode/utf8"

	"stepwise/cmd/kernel/display"
	"stepwise/pkg/probe"
)

// Output travels through one pipe per stream, which lasts as long as the kernel:
// a goroutine that prints after its cell has ended still finds it open. Two
// readers share a pipe, under a lock: the forwarder, woken by the runtime's
// poller, and flush, which takes what is left before a cell's reply goes out.

const (
	chunk  = 64 << 10             // the maximum for one message, in bytes: as much as a pipe holds
	gather = 5 * time.Millisecond // a program that prints line by line gets a message for many, not one for each
)

// An output takes what is printed to the notebook, under the latest cell.
type output struct {
	cell           atomic.Pointer[msgReceipt] // the latest that shows anything; nil before the first
	silent         atomic.Bool                // a cell runs that shows nothing
	stdout, stderr *stream
}

// A stream is one of os.Stdout and os.Stderr.
type stream struct {
	name    string // as Jupyter calls it
	pipe    syscall.RawConn
	publish func(name, text string)
	mu      sync.Mutex // held from the read to the message, so that flush is true
	held    []byte     // the first bytes of a character whose end is not here yet; len < utf8.UTFMax
}

// newOutput puts the pipes in the place of os.Stdout and os.Stderr. The process's
// own descriptors 1 and 2 stay what they are: the runtime's last words go there,
// into the server's log, and so does the kernel's log.
func newOutput() (*output, error) {
	o := new(output)
	var err error
	if o.stdout, err = o.open("stdout", &os.Stdout); err != nil {
		return nil, err
	}
	if o.stderr, err = o.open("stderr", &os.Stderr); err != nil {
		return nil, err
	}
	log.SetOutput(readable{os.Stderr})
	return o, nil
}

// readable writes what is logged without the interpreter's part in a stack, such as that
// of a handler that panics.
type readable struct{ to io.Writer }

func (w readable) Write(p []byte) (int, error) {
	_, err := io.WriteString(w.to, probe.WithoutInterpreter(string(p)))
	return len(p), err
}

func (o *output) open(name string, file **os.File) (*stream, error) {
	read, write, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe for %s: %w", name, err)
	}
	pipe, err := read.SyscallConn()
	if err != nil {
		return nil, fmt.Errorf("making a pipe for %s: %w", name, err)
	}
	s := &stream{name: name, pipe: pipe, publish: o.publish}
	*file = write
	go s.forward(read)
	return s, nil
}

// begin says which cell is the latest from now on. What is shown by a silent one is
// dropped.
func (o *output) begin(cell *msgReceipt, silent bool) {
	o.flush() // it belongs to the cell before
	o.silent.Store(silent)
	if !silent {
		o.cell.Store(cell)
	}
}

// end says that the cell has ended. What its goroutines print from now on is shown.
func (o *output) end() {
	o.flush()
	o.silent.Store(false)
}

// publish sends a piece of a stream to the latest cell.
func (o *output) publish(name, text string) {
	cell := o.cell.Load()
	if cell == nil || o.silent.Load() {
		return
	}
	if err := cell.PublishWriteStream(name, text); err != nil {
		serverLog.Printf("%d bytes for %s are lost: %v", len(text), name, err)
	}
}

// Show is display.Show in a cell: what was printed before stands above it.
func (o *output) Show(data display.Data) error { return o.picture("display_data", data) }

// Update changes, in all fronts, what was shown with the same display_id.
func (o *output) Update(data display.Data) error { return o.picture("update_display_data", data) }

func (o *output) picture(kind string, data display.Data) error {
	o.flush()
	cell := o.cell.Load()
	if o.silent.Load() {
		return nil
	}
	if cell == nil {
		return errors.New("nothing can be shown before the first cell")
	}
	return cell.Publish(kind, map[string]any{
		"data": ensure(data.Data), "metadata": ensure(data.Metadata), "transient": ensure(data.Transient),
	})
}

// flush returns when everything printed so far is published.
func (o *output) flush() {
	for _, s := range []*stream{o.stdout, o.stderr} {
		if err := s.pipe.Control(s.drain); err != nil {
			serverLog.Printf("emptying the pipe of %s: %v", s.name, err)
		}
	}
}

// forward publishes whatever comes, as it comes. read is kept from the garbage
// collector, which would close it, for as long as that goes on.
func (s *stream) forward(read *os.File) {
	err := s.pipe.Read(func(fd uintptr) (done bool) {
		s.drain(fd)
		time.Sleep(gather)
		return false
	})
	serverLog.Printf("the pipe of %s (%s) broke: %v", s.name, read.Name(), err)
}

// drain publishes what is in the pipe now; it never waits.
func (s *stream) drain(fd uintptr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	buffer := make([]byte, chunk)
	for {
		n, err := syscall.Read(int(fd), buffer)
		if err == syscall.EINTR {
			continue
		}
		if n <= 0 {
			return
		}
		text := append(s.held, buffer[:n]...)
		whole := len(text) - cutShort(text)
		s.held = append([]byte(nil), text[whole:]...)
		if whole > 0 {
			s.publish(s.name, strings.ToValidUTF8(string(text[:whole]), "\uFFFD"))
		}
	}
}

// cutShort is the number of bytes at the end of text that may be the beginning
// of a character whose other bytes have not come yet.
func cutShort(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		tail := text[len(text)-n:]
		if utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}
