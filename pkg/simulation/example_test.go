package simulation_test

import (
	"fmt"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/simulation"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

const server = "10.0.0.2:80"

// serveHello greets each client, until its listener is closed.
func serveHello(yield coro.Yield, listener *sock.Socket) (any, error) {
	for {
		s, err := sock.Accept(yield, listener)
		if err != nil {
			return nil, nil
		}
		_ = sock.Send(yield, s, []byte("hello"))
		_ = s.Close()
	}
}

// hello is one try of the client.
func hello(yield coro.Yield, l *loop.Loop) ([]byte, error) {
	s, err := sock.Connect(yield, server)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return sock.ReadAll(yield, s, 1000)
}

// persist tries until it succeeds: each try may take ten seconds, and each pause is twice
// as long as the one before it.
func persist(yield coro.Yield, l *loop.Loop) error {
	for pause := time.Second; ; pause *= 2 {
		greeting, err := task.TimeoutAs(yield, 10*time.Second, func(yield coro.Yield) ([]byte, error) {
			return hello(yield, l)
		})
		at := l.Now().Round(time.Second)
		if err == nil {
			fmt.Printf("%3v: %s\n", at, greeting)
			return nil
		}
		fmt.Printf("%3v: %v\n", at, err)
		if err := task.Sleep(yield, pause); err != nil {
			return err
		}
	}
}

// A server, a client that tries again, and a network that fails four times: the program
// takes 25 seconds, and the test no time.
func Example() {
	w := simulation.New(7, simulation.Weather{})
	w.Script(
		simulation.Refuse(server, 2),
		simulation.Reset(server, 3), // the first that isn't refused, after three bytes
		simulation.At(6*time.Second, simulation.Partition("10.0.0.2")),
		simulation.At(20*time.Second, simulation.Repair()),
	)
	err := w.Run(func(yield coro.Yield, l *loop.Loop) error {
		listener, err := sock.Listen(l, server)
		if err != nil {
			return err
		}
		task.Spawn(l, func(yield coro.Yield) (any, error) { return serveHello(yield, listener) })
		return persist(yield, l)
	})
	fmt.Println(w, "→", err)
	// Output:
	//  0s: connect 10.0.0.2:80: connection refused
	//  1s: connect 10.0.0.2:80: connection refused
	//  3s: read 10.0.0.2:80: connection reset by peer
	// 17s: timed out after 10s (connect 10.0.0.2:80: canceled)
	// 25s: hello
	// seed 7; refuse the next 2 connections to 10.0.0.2:80; reset 10.0.0.2:80 after 3 bytes; at 6s partition 10.0.0.2; at 20s repair → <nil>
}
