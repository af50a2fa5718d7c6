//go:build amd64 || arm64

package coro

// self is the address of the runtime's record of the goroutine that calls it. The record
// doesn't move, and belongs to the goroutine for as long as that lives. Go has no other way
// to ask who calls that is cheap enough for each read and write of a stream: a stack trace,
// as in self_other.go, takes a thousand times as long.
func self() uintptr
