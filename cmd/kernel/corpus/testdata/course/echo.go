package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/serve"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

type counter struct {
	conns, bytes int
}

func (c *counter) handle(yield coro.Yield, conn *serve.Conn) error {
	c.conns++
	for {
		data, err := sock.Read(yield, conn.Socket)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		c.bytes += len(data)
		if err := sock.Send(yield, conn.Socket, bytes.ToUpper(data)); err != nil {
			return err
		}
	}
}

func ask(yield coro.Yield, address, text string) (string, error) {
	s, err := sock.Connect(yield, address)
	if err != nil {
		return "", err
	}
	defer s.Close()
	if err := sock.Send(yield, s, []byte(text)); err != nil {
		return "", err
	}
	if err := s.CloseWrite(); err != nil {
		return "", err
	}
	answer, err := sock.ReadAll(yield, s, 100)
	return string(answer), err
}

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	var count counter
	err = task.Main(l, func(yield coro.Yield) error {
		listener, err := sock.Listen(l, "127.0.0.1:0")
		if err != nil {
			return err
		}
		server := &serve.Server{Handle: count.handle, MaxConns: 2}
		running := task.Go(l, func(yield coro.Yield) error { return server.Serve(yield, listener) })
		var all []task.Of[string]
		for _, text := range []string{"one", "two", "three"} {
			all = append(all, task.SpawnAs(l, func(yield coro.Yield) (string, error) {
				return ask(yield, listener.LocalAddr().String(), text)
			}))
		}
		answers, err := task.GatherAs(yield, all...)
		fmt.Println(answers, err)
		server.Shutdown(time.Second)
		_, err = task.Await(yield, running)
		return err
	})
	fmt.Println(count, err)
}
