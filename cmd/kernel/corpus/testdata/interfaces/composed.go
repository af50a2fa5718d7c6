package main

import "fmt"

type Reader interface{ Read() string }
type Writer interface{ Write(string) }
type ReadWriter interface {
	Reader
	Writer
}

type buffer struct{ data []string }

func (b *buffer) Read() string {
	if len(b.data) == 0 {
		return ""
	}
	s := b.data[0]
	b.data = b.data[1:]
	return s
}

func (b *buffer) Write(s string) { b.data = append(b.data, s) }

func pump(w Writer, words ...string) {
	for _, s := range words {
		w.Write(s)
	}
}

func main() {
	var rw ReadWriter = &buffer{}
	pump(rw, "a", "b")
	var r Reader = rw
	fmt.Println(r.Read(), rw.Read(), rw.Read() == "")
	if w, ok := r.(Writer); ok {
		w.Write("z")
	}
	fmt.Println(r.Read())
}
