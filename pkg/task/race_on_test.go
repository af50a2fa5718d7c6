//go:build race

package task_test

// The race detector bears 8128 goroutines; the number of G13 is
// smaller under it.
const deep = 1_000
