// Command overlay lets the go command check the kernel's own package, cmd/kernel. It
// writes an overlay to FILE, and prints the files that this lays over the folder:
//
//	go run ./cmd/kernel/overlay FILE
//	go vet -overlay FILE -tags stepwise_kernel ./cmd/kernel
//	go test -overlay FILE -tags stepwise_kernel ./cmd/kernel
package main

import (
	"context"
	"fmt"
	"os"

	"stepwise/cmd/kernel/build"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: overlay FILE")
		os.Exit(2)
	}
	laid, err := build.Overlay(context.Background(), ".", os.Args[1], os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "overlay:", err)
		os.Exit(1)
	}
	for _, file := range laid {
		fmt.Println(file)
	}
}
