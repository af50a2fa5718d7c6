package main

import "fmt"

func main() {
	grid := make([][]rune, 3)
	for y := range grid {
		grid[y] = make([]rune, 4)
		for x := range grid[y] {
			grid[y][x] = '.'
		}
	}
	grid[1][2] = '#'
	for _, row := range grid {
		fmt.Println(string(row))
	}
	var m [2][3]int
	m[1][1] = 5
	n := m
	n[0][0] = 1
	fmt.Println(m, n, m == n, len(m), len(m[0]))
}
