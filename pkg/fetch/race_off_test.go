//go:build !race

package fetch_test

const forgotten = false
