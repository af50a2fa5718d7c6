package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

type rot13 struct{ r io.Reader }

func (r rot13) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	for i := range p[:n] {
		c := p[i]
		switch {
		case c >= 'a' && c <= 'z':
			p[i] = 'a' + (c-'a'+13)%26
		case c >= 'A' && c <= 'Z':
			p[i] = 'A' + (c-'A'+13)%26
		}
	}
	return n, err
}

func main() {
	data, err := io.ReadAll(rot13{strings.NewReader("Uryyb, Tbcure!")})
	fmt.Println(string(data), err)
	_, err = io.ReadFull(strings.NewReader("ab"), make([]byte, 3))
	fmt.Println(err, errors.Is(err, io.ErrUnexpectedEOF))
	n, err := io.Copy(io.Discard, io.LimitReader(rot13{strings.NewReader("abcdef")}, 4))
	fmt.Println(n, err)
}
