//go:build stepwise_kernel

package main

import (
	"fmt"
	"os"
	"time"
)

// endWithParent ends the kernel when the Jupyter that started it is gone: nobody
// could reach it any more, and it would stay forever. Jupyter sets JPY_PARENT_PID to say
// that it is the parent; a shell that starts the kernel by hand does not.
func endWithParent(last *lastWords) {
	if os.Getenv("JPY_PARENT_PID") == "" {
		return
	}
	parent := os.Getppid()
	for range time.Tick(time.Second) {
		if os.Getppid() != parent { // the system has given us another
			fmt.Fprintln(os.Stderr, "kernel: the Jupyter that started it has ended, and it ends too")
			last.close()
			os.Exit(1)
		}
	}
}
