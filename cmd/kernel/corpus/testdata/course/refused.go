package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/faulty"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func fetch(yield coro.Yield, address string) (string, error) {
	s, err := sock.Connect(yield, address)
	if err != nil {
		return "", err
	}
	defer s.Close()
	if err := sock.Send(yield, s, []byte("GET / HTTP/1.0\r\n\r\n")); err != nil {
		return "", err
	}
	data, err := sock.ReadAll(yield, s, 1<<20)
	return string(data), err
}

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	stall := faulty.Stall("")
	defer stall.Close()
	_, err = task.RunAs(l, func(yield coro.Yield) (string, error) {
		free, err := sock.Listen(l, "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		address := free.LocalAddr().String()
		free.Close()
		_, err = fetch(yield, address)
		var op *net.OpError
		fmt.Println(errors.As(err, &op), errors.Is(err, syscall.ECONNREFUSED))
		if op != nil {
			fmt.Println(op.Op, op.Net)
		}
		return task.TimeoutAs(yield, 5*time.Millisecond, func(yield coro.Yield) (string, error) { return fetch(yield, stall.Addr()) })
	})
	var late *task.TimeoutError
	fmt.Println(errors.As(err, &late))
	var network net.Error
	fmt.Println(errors.As(err, &network) && network.Timeout())
}
