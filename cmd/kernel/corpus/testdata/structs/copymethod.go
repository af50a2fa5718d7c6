package main

import "fmt"

type grid [2][2]int

func (g grid) with(x, y, v int) grid {
	g[y][x] = v
	return g
}

func (g *grid) set(x, y, v int) { g[y][x] = v }

func main() {
	var g grid
	h := g.with(1, 0, 5)
	g.set(0, 1, 7)
	fmt.Println(g, h)
	list := []grid{g, h}
	list[0].set(0, 0, 1)
	fmt.Println(list[0], g)
	m := map[string]grid{"a": g}
	c := m["a"]
	c.set(1, 1, 9)
	fmt.Println(m["a"], c)
}
