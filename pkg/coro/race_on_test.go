//go:build race

package coro_test

// The race detector bears 8128 goroutines; the numbers of G12 and G13 are
// smaller under it.
const many, deep = 5_000, 1_000
