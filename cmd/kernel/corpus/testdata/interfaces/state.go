package main

import "fmt"

type state interface{ next(r rune) state }

type start struct{}
type word struct{ n int }
type done struct{ total int }

func (start) next(r rune) state {
	if r == ' ' {
		return start{}
	}
	return word{1}
}

func (w word) next(r rune) state {
	if r == '.' {
		return done{w.n}
	}
	return word{w.n + 1}
}

func (d done) next(rune) state { return d }

func main() {
	var s state = start{}
	for _, r := range "  abc. x" {
		s = s.next(r)
	}
	if d, ok := s.(done); ok {
		fmt.Println("total", d.total)
	}
}
