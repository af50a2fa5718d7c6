// Command echo_gnet stands for the event loops of Go: gnet calls back when a connection
// has data, in one loop, without a goroutine or a coroutine for each.
package main

import (
	"log"
	"os"

	"github.com/panjf2000/gnet/v2"
)

type server struct{ gnet.BuiltinEventEngine }

func (*server) OnTraffic(c gnet.Conn) gnet.Action {
	data, err := c.Next(-1)
	if err == nil {
		_, err = c.Write(data)
	}
	if err != nil {
		return gnet.Close
	}
	return gnet.None
}

func main() {
	log.Fatal(gnet.Run(&server{}, "tcp://127.0.0.1:"+os.Args[1], gnet.WithNumEventLoop(1), gnet.WithTCPNoDelay(gnet.TCPNoDelay)))
}
