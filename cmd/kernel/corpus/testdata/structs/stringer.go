package main

import "fmt"

type Color int

const (
	Red Color = iota
	Green
)

func (c Color) String() string { return [...]string{"Red", "Green"}[c] }

type Pair struct{ A, B Color }

type ID struct{ n int }

func (i *ID) String() string { return fmt.Sprintf("ID-%03d", i.n) }

func main() {
	fmt.Println(Red, Green)
	fmt.Printf("%v %d %s %q %x\n", Green, Green, Green, Green, Red)
	fmt.Println(Pair{Red, Green}, []Color{Green, Red}, map[Color]int{Green: 1})
	id := ID{7}
	fmt.Println(&id, id)
	fmt.Println("color: " + Red.String())
}
