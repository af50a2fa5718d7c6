//go:build race

package serve

// Under the race detector a sync.Pool forgets one of four buffers on purpose. This is how
// many are made for an echo.
const forgotten = 0.5

// Its frames are larger, so no stack stays at 2 KB.
const idleBytes = 20_000
