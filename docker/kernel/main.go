// Command kernel writes the image's kernelspec, which starts the kernel with limits. The
// Dockerfile runs it:
//
//	go run ./docker/kernel BINARY SPECFOLDER
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"stepwise/cmd/kernel/build"
)

// bounds go before the kernel's own command. The container's memory limit alone
// is not enough: at that limit the whole server stalls before a process is
// killed. With these bounds, a cell that takes too much memory ends its own kernel
// at once, and Jupyter starts another. --data is the limit for one kernel, in
// bytes; 1000 makes kernels the first to be killed when the container is full.
var bounds = []string{"choom", "-n", "1000", "--", "prlimit", "--data=768000000", "--"}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: kernel BINARY SPECFOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "kernel:", err)
		os.Exit(1)
	}
}

func run(binary, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "kernel.json"), build.KernelSpec(binary, bounds...), 0o644)
}
