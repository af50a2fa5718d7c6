package main

import (
	"fmt"
	"math"
)

type Shape interface {
	Area() float64
	Perimeter() float64
}

type Circle struct{ R float64 }
type Square struct{ A float64 }

func (c Circle) Area() float64       { return math.Pi * c.R * c.R }
func (c Circle) Perimeter() float64  { return 2 * math.Pi * c.R }
func (s *Square) Area() float64      { return s.A * s.A }
func (s *Square) Perimeter() float64 { return 4 * s.A }

func main() {
	shapes := []Shape{Circle{1}, &Square{2}}
	total := 0.0
	for _, s := range shapes {
		total += s.Area()
		fmt.Printf("%.2f %.2f\n", s.Area(), s.Perimeter())
		if c, ok := s.(Circle); ok {
			fmt.Println("circle", c.R)
		}
	}
	fmt.Printf("%.3f\n", total)
}
