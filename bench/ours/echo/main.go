// Command echo is `stepwise serve echo` for a profile: it runs until Ctrl-C, and labels
// what each task does, so that go tool pprof can tell the connections apart.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"runtime/pprof"

	"stepwise/bench/internal/meter"
	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/serve"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func main() {
	args := meter.Args(1, "HOST:PORT")
	meter.Profiled(func() error {
		return serve.Loops(1, args[0], loop.Options{}, told, serveAll)
	})
}

func told(at net.Addr) { fmt.Printf("serving echo on %v until Ctrl-C\n", at) }

func serveAll(yield coro.Yield, listener *sock.Socket) error {
	label("accept")
	server := &serve.Server{Handle: func(yield coro.Yield, c *serve.Conn) error {
		label(c.RemoteAddr().String())
		return serve.Echo(yield, c)
	}}
	interrupts, err := outside.Notify(listener.Loop(), os.Interrupt)
	if err != nil {
		return err
	}
	defer interrupts.Close()
	watch := task.Spawn(listener.Loop(), func(yield coro.Yield) (any, error) {
		label("signal")
		_, err := interrupts.Next(yield)
		server.Close()
		return nil, err
	})
	defer task.CancelAndWait(yield, watch)
	return server.Serve(yield, listener)
}

// label names the task that calls it in the profile. A coroutine has a goroutine of its
// own, and so labels of its own.
func label(name string) {
	pprof.SetGoroutineLabels(pprof.WithLabels(context.Background(), pprof.Labels("task", name)))
}
