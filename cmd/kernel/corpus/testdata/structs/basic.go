package main

import "fmt"

type Point struct{ X, Y int }

type Rect struct {
	Min, Max Point
	Name     string
}

func (r Rect) Area() int { return (r.Max.X - r.Min.X) * (r.Max.Y - r.Min.Y) }

func (r *Rect) Move(dx, dy int) {
	r.Min.X += dx
	r.Min.Y += dy
	r.Max.X += dx
	r.Max.Y += dy
}

func main() {
	r := Rect{Max: Point{3, 4}, Name: "r"}
	s := r
	s.Move(1, 1)
	fmt.Println(r, s, r.Area(), s.Area(), r == s)
	p := &r
	p.Move(5, 5)
	fmt.Println(r.Min, p.Name, (*p).Area())
	fmt.Printf("%v %+v\n", r, r)
}
