//go:build !race

package serve

const (
	forgotten = 0
	idleBytes = 4_350
)
