package main

import (
	"errors"
	"fmt"
	"io"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func echo(listener *sock.Socket) coro.Body {
	return func(yield coro.Yield) (any, error) {
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
	}
}

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	fmt.Println(task.Run(l, func(yield coro.Yield) (any, error) {
		listener, err := sock.Listen(l, "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		server := task.Spawn(l, echo(listener))
		s, err := sock.Connect(yield, listener.LocalAddr().String())
		if err != nil {
			return nil, err
		}
		if err := sock.Send(yield, s, []byte("hello")); err != nil {
			return nil, err
		}
		data, err := sock.Read(yield, s)
		s.Close()
		if _, err := task.Await(yield, server); err != nil {
			return nil, err
		}
		return string(data), err
	}))
}
