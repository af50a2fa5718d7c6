package loop

import "sync"

// inRun lists the loops of this program that are in Run or Round now. It belongs to the
// whole process on purpose: a stop button doesn't know which loops a program has made.
var inRun = struct {
	sync.Mutex
	loops map[*Loop]struct{}
}{loops: map[*Loop]struct{}{}}

// InterruptAll interrupts every loop that runs in this program, as a notebook's stop
// button does, and returns how many there are. tell, unless it is nil, is called with
// the error of each before its Run returns, in that loop's goroutine, since the program
// may drop the error. Any goroutine may call InterruptAll.
func InterruptAll(tell func(*InterruptedError)) int {
	inRun.Lock()
	defer inRun.Unlock()
	for l := range inRun.loops {
		if tell != nil {
			l.tell.Store(&tell)
		}
		l.Interrupt()
	}
	return len(inRun.loops)
}
