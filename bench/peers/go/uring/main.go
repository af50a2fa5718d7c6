// Command uring is an echo server on io_uring in pure Go, in five shapes, to show what the
// engine would gain from it. It runs until Ctrl-C.
//
// Read ring.go first, then poll.go for readiness, and complete.go with shapes.go for
// completions.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime"

	"stepwise/bench/internal/meter"
)

// shapes use none of the engine, then more and more of it.
var shapes = map[string]func(address string) error{
	"callbacks":  onCallbacks,
	"coroutines": onCoroutines,
	"tasks":      onTasks,
	"poll":       func(address string) error { return onPoll(address, 0) },
	"edge":       func(address string) error { return onPoll(address, multishot) },
}

func main() {
	args := meter.Args(2, "PORT callbacks|coroutines|tasks|poll|edge")
	serve, ok := shapes[args[1]]
	if !ok {
		log.Fatalf("%q: there is no such shape", args[1])
	}
	meter.Profiled(func() error {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
		defer stop()
		ended := make(chan error, 1)
		go func() {
			runtime.LockOSThread() // a ring is for one thread
			ended <- serve(fmt.Sprint("127.0.0.1:", meter.Number(args[0], 1)))
		}()
		select {
		case <-ctx.Done():
			return nil
		case err := <-ended:
			return err
		}
	})
}
