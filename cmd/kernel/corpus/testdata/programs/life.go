package main

import (
	"fmt"
	"strings"
)

type field struct {
	cells [][]bool
	w, h  int
}

func newField(w, h int) *field {
	cells := make([][]bool, h)
	for i := range cells {
		cells[i] = make([]bool, w)
	}
	return &field{cells, w, h}
}

func (f *field) alive(x, y int) bool { return f.cells[(y+f.h)%f.h][(x+f.w)%f.w] }

func (f *field) next(x, y int) bool {
	n := 0
	for i := -1; i <= 1; i++ {
		for j := -1; j <= 1; j++ {
			if (i != 0 || j != 0) && f.alive(x+i, y+j) {
				n++
			}
		}
	}
	return n == 3 || n == 2 && f.alive(x, y)
}

func (f *field) step() *field {
	g := newField(f.w, f.h)
	for y := range g.cells {
		for x := range g.cells[y] {
			g.cells[y][x] = f.next(x, y)
		}
	}
	return g
}

func (f *field) String() string {
	var b strings.Builder
	for _, row := range f.cells {
		for _, c := range row {
			if c {
				b.WriteByte('#')
			} else {
				b.WriteByte('.')
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func main() {
	f := newField(5, 5)
	for _, x := range []int{1, 2, 3} {
		f.cells[2][x] = true
	}
	for range 2 {
		fmt.Print(f)
		f = f.step()
		fmt.Println("-")
	}
}
