package main

import (
	"bytes"
	"fmt"
)

func main() {
	b := []byte("hello")
	b[0] = 'H'
	s := string(b)
	b[1] = 'E'
	fmt.Println(s, string(b), bytes.Equal(b, []byte("HEllo")))
	b = append(b, " world"...)
	fmt.Println(string(bytes.ToUpper(b)), bytes.Count(b, []byte("l")))
	var buf bytes.Buffer
	buf.Write(b)
	buf.WriteString("!")
	line, err := buf.ReadString(' ')
	fmt.Printf("%q %v %q\n", line, err, buf.String())
}
