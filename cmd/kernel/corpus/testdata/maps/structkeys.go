package main

import "fmt"

type pos struct{ x, y int }

type any2 interface{}

func main() {
	seen := map[pos]int{}
	p := pos{0, 0}
	for _, c := range "UURDDL" {
		switch c {
		case 'U':
			p.y++
		case 'D':
			p.y--
		case 'L':
			p.x--
		case 'R':
			p.x++
		}
		seen[p]++
	}
	fmt.Println(len(seen), seen[pos{1, 1}], seen[pos{}])
	mixed := map[any2]string{1: "int", "1": "string", pos{1, 2}: "pos", 1.0: "float"}
	fmt.Println(len(mixed), mixed[1], mixed["1"], mixed[pos{1, 2}], mixed[1.0])
	arrays := map[[2]int]bool{{1, 2}: true}
	fmt.Println(arrays[[2]int{1, 2}], arrays[[2]int{2, 1}])
}
