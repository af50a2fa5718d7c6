// Command fetch gets a page many times, by many tasks on one loop, with a connection for
// each: through the verbs of pkg/sock, or through fetch.Get.
package main

import (
	"fmt"
	"io"

	"stepwise/bench/internal/meter"
	"stepwise/pkg/coro"
	"stepwise/pkg/fetch"
	"stepwise/pkg/loop"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

func main() {
	args := meter.Args(4, "PORT AT-ONCE COUNT sock|get")
	left := meter.Number(args[2], 1)
	one := throughSock
	if args[3] == "get" {
		one = throughGet
	}
	meter.Each(left, func() error {
		l, err := loop.New(loop.Options{})
		if err != nil {
			return err
		}
		defer l.Close()
		return task.Main(l, func(yield coro.Yield) error {
			return task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
				for range meter.Number(args[1], 1) {
					g.Go(func(yield coro.Yield) error {
						buffer := make([]byte, size)
						for left > 0 {
							left--
							if err := one(yield, fmt.Sprintf("127.0.0.%d:%s", 1+left%16, args[0]), buffer); err != nil {
								return err
							}
						}
						return nil
					})
				}
				return nil
			})
		})
	})
}

// size is a variable so that a buffer lives on the heap: an array on a coroutine's stack
// would make it grow.
var size = 4096

var request = []byte("GET / HTTP/1.0\r\nHost: x\r\n\r\n")

// throughSock reads to the end of the connection, as the C program does.
func throughSock(yield coro.Yield, address string, buffer []byte) error {
	s, err := sock.Connect(yield, address)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := sock.Send(yield, s, request); err != nil {
		return err
	}
	for {
		if _, err := sock.ReadInto(yield, s, buffer); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func throughGet(yield coro.Yield, address string, _ []byte) error {
	_, err := fetch.Get(yield, "http://"+address+"/")
	return err
}
