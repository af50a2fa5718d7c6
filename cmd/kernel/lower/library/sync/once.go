// Package sync is for cells what is generic in sync.
package sync

import "sync"

// OnceValue is sync.OnceValue.
func OnceValue[T any](f func() T) func() T {
	both := OnceValues(func() (T, struct{}) { return f(), struct{}{} })
	return func() T {
		value, _ := both()
		return value
	}
}

// OnceValues is sync.OnceValues.
func OnceValues[T1, T2 any](f func() (T1, T2)) func() (T1, T2) {
	var first T1
	var second T2
	once := sync.OnceFunc(func() { first, second = f() })
	return func() (T1, T2) {
		once()
		return first, second
	}
}
