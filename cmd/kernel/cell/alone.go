package cell

import (
	"runtime"
	"runtime/debug"
	"sync"
)

// gomacro keeps what it knows of types in maps that nothing guards. The compiler writes
// them, and code that runs reads them whenever it makes a variable. Go ends a program in
// which one goroutine reads a map while another writes it, and no recover stops that: a
// goroutine that a cell has left running would end the kernel when the next cell is
// compiled. Code that runs can't be made to take a lock. So the compiler gets the only
// processor as long as other goroutines run a cell's code: the runtime doesn't interrupt
// the write of a map, except where the map grows, or to collect garbage.

// typesLock is held by whoever changes gomacro's types, or asks for a method.
var typesLock sync.Mutex

// alone calls f, which changes gomacro's types. It may not be called in itself.
func alone(f func()) {
	typesLock.Lock()
	defer typesLock.Unlock()
	if stops.others.count.Load() > 0 || stops.left.count.Load() > 0 {
		defer debug.SetGCPercent(debug.SetGCPercent(-1)) // waits until nothing is being collected
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	}
	f()
}
