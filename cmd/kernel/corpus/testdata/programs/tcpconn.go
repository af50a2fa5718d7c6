package main

import (
	"fmt"
	"io"
	"net"
	"syscall"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		io.Copy(c, c)
		c.Close()
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		panic(err)
	}
	t, ok := c.(*net.TCPConn)
	fmt.Println(ok)
	fmt.Println(t.SetNoDelay(true))
	_, ok = c.(syscall.Conn)
	fmt.Println(ok)
	fmt.Fprint(c, "hello")
	fmt.Println(c.(*net.TCPConn).CloseWrite())
	all, err := io.ReadAll(c)
	fmt.Println(string(all), err)
	fmt.Printf("%T\n", c)
	raw, err := c.(*net.TCPConn).SyscallConn()
	fmt.Println(raw != nil, err)
}
