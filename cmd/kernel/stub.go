//go:build !stepwise_kernel

package main

import (
	"fmt"
	"os"
)

// main stands in for the kernel wherever this folder is built without
// gophernotes laid over it, and says how to build the real one.
func main() {
	fmt.Fprintln(os.Stderr, "kernel: built without gophernotes: run go run ./cmd/stepwise lab, which builds and installs the real one")
	os.Exit(2)
}
