// Command proxy passes TCP connections on to another server, byte for byte.
//
//	go run ./examples/proxy -listen 127.0.0.1:7001 -to 127.0.0.1:7000
//
// Each direction has one buffer, which is sent before more is read. So a peer that
// reads slowly slows the sender at the other end, and no connection costs more memory
// than its two buffers.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"time"

	"stepwise/pkg/coro"
	"stepwise/pkg/loop"
	"stepwise/pkg/outside"
	"stepwise/pkg/serve"
	"stepwise/pkg/sock"
	"stepwise/pkg/task"
)

type proxy struct {
	to   string        // the address that connections are passed on to
	idle time.Duration // how long a connection may be silent in both directions
}

func main() {
	var p proxy
	listen := flag.String("listen", "127.0.0.1:7001", "listen on this `address`")
	flag.StringVar(&p.to, "to", "127.0.0.1:7000", "pass connections on to this `address`")
	flag.DurationVar(&p.idle, "idle", 5*time.Minute, "end a connection after this `time` without a byte")
	drain := flag.Duration("drain", 10*time.Second, "let connections finish for this `time` after Ctrl-C")
	most := flag.Int("max", 1000, "serve at most this `number` of connections at a time; others wait")
	flag.Parse()
	server := &serve.Server{Handle: p.handle, MaxConns: *most}
	server.OnListen = func(at net.Addr) { fmt.Printf("proxy: listening on %s, passing on to %s\n", at, p.to) }
	err := outside.Main(loop.Options{}, func(yield coro.Yield) error {
		return server.ListenAndServe(yield, *listen, *drain, os.Interrupt)
	})
	if err != nil {
		log.Fatal("proxy: ", err)
	}
}

// handle passes one connection on, and returns when both directions have ended. If one
// of them fails, the peers get a reset: they must not take what they got for the whole.
func (p *proxy) handle(yield coro.Yield, client *serve.Conn) error {
	server, err := (&outside.Dialer{Timeout: 30 * time.Second}).Dial(yield, p.to)
	if err != nil {
		client.Abort()
		return err
	}
	defer server.Close()
	err = task.WithGroup(yield, func(yield coro.Yield, g *task.Group) error {
		g.Go(func(yield coro.Yield) error { return p.pass(yield, server, client.Socket) })
		return p.pass(yield, client.Socket, server)
	})
	if err != nil {
		client.Abort()
		server.Abort()
	}
	return err
}

// pass passes one direction on, until its end, which it passes on too. The other
// direction may still go on.
func (p *proxy) pass(yield coro.Yield, from, to *sock.Socket) error {
	buffer := make([]byte, 64<<10)
	for {
		// Whatever moves, in either direction, gives both sides new time.
		end := from.Loop().Time().Add(p.idle)
		if err := errors.Join(from.SetDeadline(end), to.SetDeadline(end)); err != nil {
			return err
		}
		n, err := sock.ReadInto(yield, from, buffer)
		if err == io.EOF {
			return to.CloseWrite()
		}
		if err != nil {
			return err
		}
		if err := sock.Send(yield, to, buffer[:n]); err != nil {
			return err
		}
	}
}
