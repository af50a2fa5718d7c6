// Command fetch_net stands for Go's clients: a goroutine for each fetch, through net.Dial
// or through net/http, with a connection of its own.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"stepwise/bench/internal/meter"
)

func main() {
	args := meter.Args(4, "PORT AT-ONCE COUNT dial|http")
	count := meter.Number(args[2], 1)
	fetch := dial
	if args[3] == "http" {
		fetch = get
	}
	meter.Each(count, func() error {
		var left atomic.Int64
		left.Store(int64(count))
		var all errgroup.Group
		for range meter.Number(args[1], 1) {
			all.Go(func() error {
				buffer := make([]byte, 4096)
				for k := left.Add(-1); k >= 0; k = left.Add(-1) {
					if err := fetch(fmt.Sprintf("127.0.0.%d:%s", 1+k%16, args[0]), buffer); err != nil {
						return err
					}
				}
				return nil
			})
		}
		return all.Wait()
	})
}

var request = []byte("GET / HTTP/1.0\r\nHost: x\r\n\r\n")

func dial(address string, buffer []byte) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.Write(request); err != nil {
		return err
	}
	for {
		if _, err := conn.Read(buffer); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

var client = http.Client{Transport: &http.Transport{DisableKeepAlives: true, DisableCompression: true}}

func get(address string, _ []byte) error {
	response, err := client.Get("http://" + address + "/")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.ReadAll(response.Body)
	return err
}
