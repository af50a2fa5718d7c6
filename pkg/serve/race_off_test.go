//go:build !race

package serve

const forgotten = 0
