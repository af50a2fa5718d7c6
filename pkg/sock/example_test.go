package sock_test

import (
	"errors"
	"fmt"
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

// onLoop runs body on a loop of its own and prints how it ends.
func onLoop(body func(yield coro.Yield, l *loop.Loop) (any, error)) {
	l, err := loop.New(loop.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	fmt.Println(task.Run(l, func(yield coro.Yield) (any, error) { return body(yield, l) }))
}

// Both ends of a conversation, in one goroutine.
func Example() {
	onLoop(func(yield coro.Yield, l *loop.Loop) (any, error) {
		listener, err := sock.Listen(l, "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		task.Spawn(l, func(yield coro.Yield) (any, error) { // sends back what it gets
			s, err := sock.Accept(yield, listener)
			if err != nil {
				return nil, err
			}
			defer s.Close()
			for {
				data, err := sock.Read(yield, s)
				if errors.Is(err, io.EOF) {
					return nil, nil
				}
				if err != nil {
					return nil, err
				}
				if err := sock.Send(yield, s, data); err != nil {
					return nil, err
				}
			}
		})

		s, err := sock.Connect(yield, listener.LocalAddr().String())
		if err != nil {
			return nil, err
		}
		defer s.Close()
		if err := sock.Send(yield, s, []byte("hello")); err != nil {
			return nil, err
		}
		if err := s.CloseWrite(); err != nil {
			return nil, err
		}
		data, err := sock.ReadAll(yield, s, 1000)
		return string(data), err
	})
	// Output: hello <nil>
}

func ExampleReceiveFrom() {
	onLoop(func(yield coro.Yield, l *loop.Loop) (any, error) {
		server, err := sock.ListenPacket(l, "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer server.Close()
		client, err := sock.ConnectPacket(l, server.LocalAddr().String())
		if err != nil {
			return nil, err
		}
		defer client.Close()
		if err := sock.SendTo(yield, client, []byte("ping"), nil); err != nil {
			return nil, err
		}
		b := make([]byte, 512)
		n, from, err := sock.ReceiveFrom(yield, server, b)
		if err != nil {
			return nil, err
		}
		return string(b[:n]), sock.SendTo(yield, server, []byte("pong"), from)
	})
	// Output: ping <nil>
}
