// Command stepwise sets the course up, opens it, and tests it.
//
//	go run ./cmd/stepwise --help
//
// Its exit status is 0 if all went well, 1 if something failed, and 2 if it was
// called wrongly. cli.go lists the commands; each has a file of its own.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"stepwise/cmd/stepwise/internal/box"
	"stepwise/cmd/stepwise/internal/child"
	"stepwise/pkg/debug"
)

func main() {
	box.Enter()
	if child.ByGoRun() {
		self = []string{"go", "run", "./cmd/stepwise"}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	ctx, cancel := child.WithParent(ctx)
	debug.ByEnvironment()
	status := run(ctx, os.Args[1:], streams{Out: os.Stdout, Err: os.Stderr})
	cancel()
	stop()
	os.Exit(status)
}
