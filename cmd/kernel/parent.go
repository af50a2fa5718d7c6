//go:build stepwise_kernel

package main

import (
	"fmt"
	"os"
	"time"
)

// endWithParent ends the kernel when the Jupyter that started it is gone: nobody
// could reach it any more, and it would stay for ever. Jupyter says by
// JPY_PARENT_PID that it is the parent; who starts the kernel by hand is not.
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
