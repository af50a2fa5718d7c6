package main

import (
	"bufio"
	"fmt"
	"io"
)

func main() {
	r, w := io.Pipe()
	go func() {
		defer w.Close()
		for i := 0; i < 3; i++ {
			fmt.Fprintln(w, "line", i)
		}
	}()
	s := bufio.NewScanner(r)
	for s.Scan() {
		fmt.Println(s.Text())
	}
}
