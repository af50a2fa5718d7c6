package cell

import (
	"fmt"
	"io"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cosmos72/gomacro/base"
	"github.com/cosmos72/gomacro/gls"
	"github.com/cosmos72/gomacro/imports"
)

// The stop button ends a cell that waits, for a time, for a channel or for the network
// (net.go), where it waits: such a wait also waits for stops. A call that can't be woken,
// such as a read of a pipe, is left behind, and its cell ends when it returns: package lower puts a look
// at stops behind every call that may wait, and before it prints anything. Goroutines that
// a cell has started with go are not part of it, and go on.
var stops stopButton

type stopButton struct {
	mu      sync.Mutex
	pressed chan struct{} // closed while the cell that runs is to end; nil before anybody asked
	down    bool
	left    goroutines // of cells that were left behind
	others  goroutines // that cells started with go
}

// goroutines is a set of them. A call of each changes nothing if it has done so already.
type goroutines struct {
	all   sync.Map
	count atomic.Int32
}

func (g *goroutines) add(id uintptr) {
	if _, was := g.all.LoadOrStore(id, true); !was {
		g.count.Add(1)
	}
}

func (g *goroutines) remove(id uintptr) {
	if _, was := g.all.LoadAndDelete(id); was {
		g.count.Add(-1)
	}
}

func (g *goroutines) has(id uintptr) bool {
	if g.count.Load() == 0 {
		return false
	}
	_, has := g.all.Load(id)
	return has
}

// press ends the waits of the cell that runs; release is for the next cell.
func (b *stopButton) press() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.down {
		b.down = true
		close(b.channel())
	}
}

func (b *stopButton) release() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		b.down, b.pressed = false, nil
	}
}

// channel is called with the lock held.
func (b *stopButton) channel() chan struct{} {
	if b.pressed == nil {
		b.pressed = make(chan struct{})
	}
	return b.pressed
}

// wait is closed when the goroutine that asks is to end; nil if the button doesn't concern
// it.
func (b *stopButton) wait() <-chan struct{} {
	me := gls.GoID()
	if b.others.has(me) {
		return nil
	}
	if b.left.has(me) {
		return always
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.channel()
}

// always is closed.
var always = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// look ends a cell that was left behind.
func (b *stopButton) look() {
	if b.left.count.Load() != 0 && b.left.has(gls.GoID()) {
		panic(base.SigInterrupt)
	}
}

// sleep is time.Sleep for cells.
func (b *stopButton) sleep(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-b.wait():
		panic(base.SigInterrupt)
	}
}

// receive is <-c for cells.
func (b *stopButton) receive(c reflect.Value) (v reflect.Value, ok bool) {
	if v, ok = c.TryRecv(); v.IsValid() {
		return v, ok
	}
	_, v, ok = b.choose([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: c}})
	return v, ok
}

// send is c <- v for cells.
func (b *stopButton) send(channel, value any) {
	c := reflect.ValueOf(channel)
	v := reflect.New(c.Type().Elem()).Elem()
	if value != nil {
		v.Set(reflect.ValueOf(value))
	}
	if !c.TrySend(v) {
		b.choose([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: c, Send: v}})
	}
}

// choose is reflect.Select for cells.
func (b *stopButton) choose(cases []reflect.SelectCase) (chosen int, v reflect.Value, ok bool) {
	stopped := b.wait()
	chosen, v, ok = reflect.Select(append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(stopped)}))
	if chosen == len(cases) {
		panic(base.SigInterrupt)
	}
	return chosen, v, ok
}

// makeStoppable puts ours in the place of what waits, and of what prints.
func makeStoppable() {
	imports.Packages["time"].Binds["Sleep"] = reflect.ValueOf(stops.sleep)
	binds := imports.Packages["fmt"].Binds
	binds["Print"] = reflect.ValueOf(func(a ...any) (int, error) { stops.look(); return fmt.Print(a...) })
	binds["Println"] = reflect.ValueOf(func(a ...any) (int, error) { stops.look(); return fmt.Println(a...) })
	binds["Printf"] = reflect.ValueOf(func(format string, a ...any) (int, error) { stops.look(); return fmt.Printf(format, a...) })
	binds["Fprint"] = reflect.ValueOf(func(w io.Writer, a ...any) (int, error) { stops.look(); return fmt.Fprint(w, a...) })
	binds["Fprintln"] = reflect.ValueOf(func(w io.Writer, a ...any) (int, error) { stops.look(); return fmt.Fprintln(w, a...) })
	binds["Fprintf"] = reflect.ValueOf(func(w io.Writer, format string, a ...any) (int, error) {
		stops.look()
		return fmt.Fprintf(w, format, a...)
	})
}
