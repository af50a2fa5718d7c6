package trace

import "sync/atomic"

var ambient atomic.Pointer[Recorder]

// SetAmbient has the loops that are made from now on, without a Recorder of
// their own, record to r; nil ends that. It is for a program that watches what
// it did not write, as `stepwise run --trace` does with the cells of a lesson.
// Any goroutine may call it.
func SetAmbient(r *Recorder) { ambient.Store(r) }

// Ambient is what SetAmbient was given last.
func Ambient() *Recorder { return ambient.Load() }
