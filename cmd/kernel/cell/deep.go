package cell

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Everybody writes an endless recursion once. Go ends the program when a stack would grow
// beyond 1 GB, and nothing can catch that. So while a cell runs we watch what all stacks
// take, and interrupt the cell early enough: interpreted functions need some 10 ms to
// fill what is free between two looks, and they look at the flag when they are called.
const (
	stackPeriod = 10 * time.Millisecond
	deepest     = 200 << 20 // bytes, of all stacks; a stack doubles when it grows, so the next size is 256 MB
)

// stackInUse is what all stacks take, in bytes.
func stackInUse() uint64 { return inUse("stacks") }

// inUse is what one class of the heap takes, in bytes.
func inUse(class string) uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/" + class + ":bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// shrinkStacks takes back what a deep recursion has left: a goroutine keeps its
// stack, and each garbage collection halves it, as long as little of it is used. Otherwise
// the next cell would be taken for one that recurses without end; and Go gives each new
// goroutine a stack of the average size.
func shrinkStacks() {
	const few = 32 << 20 // bytes
	for before := uint64(1 << 63); ; {
		now := stackInUse()
		if now < few || now > before/4*3 {
			return
		}
		before = now
		runtime.GC()
	}
}

// shrinkHeap gives back what reading the packages of an import has left: their types stay,
// and a kernel that only imports collects no garbage again for long. Where cells hold much
// more than that, looking through all of it would take longer than it is worth.
func (s *Session) shrinkHeap() {
	const little = 64 << 20 // bytes
	if s.finished != s.shrunk && inUse("objects") < little {
		s.shrunk = s.finished
		debug.FreeOSMemory()
	}
}
