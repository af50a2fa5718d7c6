package cell

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"reflect"
	"runtime"
	"strings"
	"time"

	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/imports"
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

// unwrapped is what is in a conn or listener, as an interface of the same type.
func unwrapped(v reflect.Value) reflect.Value {
	made := reflect.New(v.Type()).Elem()
	switch in := v.Interface().(type) {
	case conn:
		made.Set(reflect.ValueOf(in.Conn))
	case listener:
		made.Set(reflect.ValueOf(in.Listener))
	default:
		return v
	}
	return made
}

// dial is net.Dial and net.DialTimeout for cells.
func (b *stopButton) dial(network, address string, timeout time.Duration) (c net.Conn, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	b.interruptible(cancel, func() {}, func() { c, err = (&net.Dialer{Timeout: timeout}).DialContext(ctx, network, address) })
	if err == nil {
		c = conn{c}
	}
	return c, err
}

// do is http.DefaultClient.Do for cells. The button also ends reading the answer's body.
func (b *stopButton) do(method, url, kind string, body io.Reader) (r *http.Response, err error) {
	request, err := http.NewRequest(method, url, body)
	if err != nil {
		return nil, err
	}
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.interruptible(cancel, func() {}, func() { r, err = http.DefaultClient.Do(request.WithContext(ctx)) })
	if err != nil {
		cancel()
		return nil, err
	}
	r.Body = answer{r.Body, cancel}
	return r, nil
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

// makeNetStoppable puts ours in the place of what waits for the network.
func makeNetStoppable() {
	binds := imports.Packages["net"].Binds
	binds["Dial"] = reflect.ValueOf(func(network, address string) (net.Conn, error) { return stops.dial(network, address, 0) })
	binds["DialTimeout"] = reflect.ValueOf(stops.dial)
	binds["Listen"] = reflect.ValueOf(func(network, address string) (net.Listener, error) {
		l, err := net.Listen(network, address)
		if err != nil {
			return nil, err
		}
		return listener{l}, nil
	})
	binds = imports.Packages["net/http"].Binds
	binds["Get"] = reflect.ValueOf(func(url string) (*http.Response, error) { return stops.do("GET", url, "", nil) })
	binds["Head"] = reflect.ValueOf(func(url string) (*http.Response, error) { return stops.do("HEAD", url, "", nil) })
	binds["Post"] = reflect.ValueOf(func(url, kind string, body io.Reader) (*http.Response, error) {
		return stops.do("POST", url, kind, body)
	})
	binds["PostForm"] = reflect.ValueOf(func(address string, data url.Values) (*http.Response, error) {
		return stops.do("POST", address, "application/x-www-form-urlencoded", strings.NewReader(data.Encode()))
	})
}
