package loop

import "sync"

// running are the loops of this program that are in Run or Round now. It is a
// list of the whole process, since that is the point: a stop button doesn't know
// what a program has made.
var running = struct {
	sync.Mutex
	loops map[*Loop]struct{}
}{loops: map[*Loop]struct{}{}}

// InterruptAll interrupts every loop that runs in this program, and returns how
// many there are: what a notebook's stop button does. tell, unless it is nil, is
// called with the error of each before its Run returns, in the goroutine of that
// loop: the program may drop the error. Any goroutine may call InterruptAll.
func InterruptAll(tell func(*InterruptedError)) int {
	running.Lock()
	defer running.Unlock()
	for l := range running.loops {
		if tell != nil {
			l.tell.Store(&tell)
		}
		l.Interrupt()
	}
	return len(running.loops)
}
