package main

import (
	"fmt"
	"io"
	"os"
	"strings"
)

type upper struct{ w io.Writer }

func (u upper) Write(p []byte) (int, error) {
	return u.w.Write([]byte(strings.ToUpper(string(p))))
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func main() {
	var c counter
	w := io.MultiWriter(upper{os.Stdout}, &c)
	fmt.Fprintf(w, "hello %d\n", 5)
	io.WriteString(upper{os.Stdout}, "text\n")
	fmt.Println(int(c))
}
