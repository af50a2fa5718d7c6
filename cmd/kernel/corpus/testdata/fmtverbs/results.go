package main

import (
	"errors"
	"fmt"
)

type color int

func (c color) String() string { return []string{"red", "green"}[c] }

type point struct {
	x, y int
	c    color
}

func pick(n int) (color, *point, error) {
	if n > 1 {
		return 0, nil, errors.New("no such color")
	}
	return color(n), &point{n, n, color(n)}, nil
}

func main() {
	fmt.Println(pick(1))
	fmt.Println(pick(2))
	s := fmt.Sprint(pick(0))
	fmt.Println(s)
}
