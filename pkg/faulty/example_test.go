package faulty_test

import (
	"fmt"
	"io"
	"net"

	"stepwise/pkg/faulty"
)

func Example() {
	server := faulty.Drip("hi!", 0)
	defer server.Close()

	conn, err := net.Dial("tcp", server.Addr())
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()

	buffer := make([]byte, 100)
	for {
		n, err := conn.Read(buffer)
		if err == io.EOF {
			break
		}
		fmt.Printf("%q\n", buffer[:n])
	}
	// Output:
	// "h"
	// "i"
	// "!"
}
