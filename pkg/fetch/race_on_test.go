//go:build race

package fetch_test

// Under the race detector a sync.Pool forgets one of four buffers on purpose.
const forgotten = true
