package main

import (
	"fmt"
	"io"
	"strings"
)

type Logger interface{ Log(string) }
type prefix struct{ p string }

func (p prefix) Log(s string) { fmt.Println(p.p + s) }

type server struct {
	Logger
	name string
}
type counting struct {
	io.Reader
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p[:min(len(p), 2)])
	c.n++
	return n, err
}

func main() {
	s := server{Logger: prefix{"> "}, name: "x"}
	s.Log("hi")
	var l Logger = s
	l.Log("there")
	r := counting{Reader: strings.NewReader("hello")}
	data, err := io.ReadAll(&r)
	fmt.Println(string(data), err, r.n)
}
