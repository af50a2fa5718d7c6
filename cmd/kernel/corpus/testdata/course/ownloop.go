package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"stepwise/pkg/future"
	"stepwise/pkg/lesson"
)

type ownLoop struct{ ready []func() }

func (l *ownLoop) CallSoon(fn func()) { l.ready = append(l.ready, fn) }

func (l *ownLoop) CallLater(d time.Duration, fn func()) (cancel func() bool) {
	return func() bool { return true }
}

func (l *ownLoop) WaitFor(f *future.Future, d time.Duration) *future.Future { return f }

func (l *ownLoop) Round() error {
	ready := l.ready
	l.ready = nil
	for _, fn := range ready {
		fn()
	}
	return nil
}

func newLoop() lesson.TimedLoop { return &ownLoop{} }

// An upper is an interface of a package that is made of another.
type upper struct{ from io.Reader }

func (u upper) Read(p []byte) (int, error) {
	n, err := u.from.Read(p)
	copy(p, strings.ToUpper(string(p[:n])))
	return n, err
}

func (u upper) Close() error { return fmt.Errorf("closed %w", io.ErrClosedPipe) }

func open(text string) io.ReadCloser { return upper{strings.NewReader(text)} }

func main() {
	l := newLoop()
	f := future.New(l)
	f.AddDoneCallback(func() { fmt.Println("done", f.State()) })
	fmt.Println(f.SetResult(3), l.Round())
	var s future.Scheduler = l
	s.CallSoon(func() { fmt.Println("soon") })
	fmt.Println(l.Round())

	r := open("loud")
	text, err := io.ReadAll(r)
	fmt.Println(string(text), err)
	var c io.Closer = r
	fmt.Println(c.Close())
	_, ok := c.(io.Reader)
	fmt.Println(ok, c == io.Closer(r))
	var none io.ReadCloser
	c = none
	fmt.Println(c == nil)
	var rw io.ReadWriter = new(bytes.Buffer)
	var w io.Writer = rw
	fmt.Fprint(w, "compiled")
	fmt.Println(w, w == io.Writer(rw))
}
