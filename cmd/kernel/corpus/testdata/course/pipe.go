package main

import (
	"fmt"

	"golang.org/x/sys/unix"

	"stepwise/pkg/loop"
)

func main() {
	l, err := loop.New(loop.Options{})
	if err != nil {
		panic(err)
	}
	defer l.Close()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		panic(err)
	}
	defer unix.Close(fds[0])
	defer unix.Close(fds[1])
	var got []byte
	err = l.AddReader(fds[0], func() {
		buffer := make([]byte, 4)
		for {
			n, err := unix.Read(fds[0], buffer)
			switch {
			case err == unix.EAGAIN:
				return
			case err != nil:
				fmt.Println(err)
				l.Stop()
				return
			case n == 0:
				fmt.Println("end")
				l.Stop()
				return
			}
			got = append(got, buffer[:n]...)
		}
	})
	fmt.Println(err)
	fmt.Println(l.AddWriter(fds[1], func() {
		fmt.Println(unix.Write(fds[1], []byte("hello, loop")))
		fmt.Println(l.RemoveWriter(fds[1]), unix.Shutdown(fds[1], unix.SHUT_WR))
	}))
	fmt.Println(l.Run(), string(got), l.RemoveReader(fds[0]), l.RemoveReader(fds[0]))
}
