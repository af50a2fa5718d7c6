package loop

import (
	"sync"
	"sync/atomic"
)

// inRun lists the loops of this program that are in Run or Round now. It belongs to the
// whole process on purpose: a stop button doesn't know which loops a program has made.
var inRun = struct {
	sync.Mutex
	loops map[*Loop]struct{}
	count atomic.Int64 // of loops, for those who don't lock
}{loops: map[*Loop]struct{}{}}

func (l *Loop) listRunning(runs bool) {
	inRun.Lock()
	defer inRun.Unlock()
	if runs {
		inRun.loops[l] = struct{}{}
	} else {
		delete(inRun.loops, l)
	}
	inRun.count.Store(int64(len(inRun.loops)))
}

// mayKeep reports whether l may keep its processor while it sleeps (selector.Keeper): no
// goroutine works for it, and there is a processor for each loop that runs.
func (l *Loop) mayKeep() bool {
	return l.workers.Load() == 0 && inRun.count.Load() <= l.processors
}

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
