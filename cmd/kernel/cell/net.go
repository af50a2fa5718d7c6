package cell

import (
	"context"
	"io"
	"net"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"time"

	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/fast"
)

// What a cell waits for on a connection ends when the stop button is pressed, by a deadline
// that has passed. Then the deadline is taken back, so that the next cell can use the
// connection: closing it would lose what the peer has sent. A deadline that the cell has
// set is lost.

// interruptible calls wait, which ends with an error after stop. It does nothing more for
// goroutines that outlive the button, and for those of compiled code, such as a server's,
// which serve the next cell too.
func (b *stopButton) interruptible(stop, resume func(), wait func()) {
	var pressed <-chan struct{}
	if runsCell() {
		pressed = b.wait()
	}
	if pressed == nil {
		wait()
		return
	}
	ended, watched := make(chan struct{}), make(chan bool)
	go func() {
		select {
		case <-pressed:
			stop()
			watched <- true
		case <-ended:
			watched <- false
		}
	}()
	wait()
	close(ended)
	if <-watched {
		resume()
		panic(base.SigInterrupt)
	}
}

// runsCell reports whether the goroutine that calls it runs a cell's code.
func runsCell() bool {
	pcs := make([]uintptr, 256)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for more := true; more; {
		var frame runtime.Frame
		if frame, more = frames.Next(); strings.HasPrefix(frame.Function, interpreter) {
			return true
		}
	}
	return false
}

// interpreter is the package that runs cells, as it is written on a stack.
var interpreter = reflect.TypeFor[fast.Interp]().PkgPath() + "."

// by is interruptible for what has deadlines.
func (b *stopButton) by(set func(time.Time) error, wait func()) {
	b.interruptible(func() { _ = set(time.Unix(1, 0)) }, func() { _ = set(time.Time{}) }, wait)
}

// A conn is a connection of a cell.
type conn struct{ net.Conn }

func (c conn) Read(p []byte) (n int, err error) {
	stops.by(c.SetReadDeadline, func() { n, err = c.Conn.Read(p) })
	return n, err
}

func (c conn) Write(p []byte) (n int, err error) {
	stops.by(c.SetWriteDeadline, func() { n, err = c.Conn.Write(p) })
	return n, err
}

func (c conn) inner() any { return c.Conn }

// A packets is a connection of a cell without streams.
type packets struct{ net.PacketConn }

func (c packets) ReadFrom(p []byte) (n int, from net.Addr, err error) {
	stops.by(c.SetReadDeadline, func() { n, from, err = c.PacketConn.ReadFrom(p) })
	return n, from, err
}

func (c packets) inner() any { return c.PacketConn }

// A listener is one of a cell.
type listener struct{ net.Listener }

func (l listener) Accept() (c net.Conn, err error) {
	deadline, ok := l.Listener.(interface{ SetDeadline(time.Time) error })
	if !ok {
		return l.Listener.Accept()
	}
	stops.by(deadline.SetDeadline, func() { c, err = l.Listener.Accept() })
	if err == nil {
		c = conn{c}
	}
	return c, err
}

func (l listener) inner() any { return l.Listener }

// dial is what dials in cells.
func (b *stopButton) dial(ctx context.Context, d *net.Dialer, network, address string) (c net.Conn, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b.interruptible(cancel, func() {}, func() { c, err = d.DialContext(ctx, network, address) })
	if err != nil {
		return nil, err
	}
	return conn{c}, nil
}

// do is Client.Do for cells. The button also ends reading the answer's body.
func (b *stopButton) do(client *http.Client, request *http.Request) (r *http.Response, err error) {
	ctx, cancel := context.WithCancel(request.Context())
	b.interruptible(cancel, func() {}, func() { r, err = client.Do(request.WithContext(ctx)) })
	if err != nil {
		cancel()
		return nil, err
	}
	r.Body = answer{r.Body, cancel}
	return r, nil
}

// ask is do for a request that is still to be made.
func (b *stopButton) ask(client *http.Client, method, url, kind string, body io.Reader) (*http.Response, error) {
	request, err := http.NewRequest(method, url, body)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	return b.do(client, request)
}

// An answer is the body of a response that a cell got.
type answer struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (a answer) Read(p []byte) (n int, err error) {
	stops.interruptible(a.cancel, func() {}, func() { n, err = a.ReadCloser.Read(p) })
	return n, err
}

func (a answer) Close() error {
	defer a.cancel()
	return a.ReadCloser.Close()
}
