// Package atomic is for cells what is generic in sync/atomic.
package atomic

import "sync/atomic"

// Pointer is atomic.Pointer.
type Pointer[T any] struct{ value atomic.Value }

// Load is atomic.Pointer's.
func (x *Pointer[T]) Load() *T {
	p, _ := x.value.Load().(*T)
	return p
}

// Store is atomic.Pointer's.
func (x *Pointer[T]) Store(val *T) { x.value.Store(val) }

// Swap is atomic.Pointer's.
func (x *Pointer[T]) Swap(new *T) (old *T) {
	p, _ := x.value.Swap(new).(*T)
	return p
}

// CompareAndSwap is atomic.Pointer's.
func (x *Pointer[T]) CompareAndSwap(old, new *T) (swapped bool) {
	return old == nil && x.value.CompareAndSwap(nil, new) || x.value.CompareAndSwap(old, new)
}
