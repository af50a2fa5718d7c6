package main

import "fmt"

func main() {
outer:
	for i := 0; i < 3; i++ {
		for j := 0; j < 3; j++ {
			if j == 2 {
				continue outer
			}
			if i == 2 {
				break outer
			}
			fmt.Println(i, j)
		}
	}
search:
	for _, row := range [][]int{{1, 2}, {3, 4}} {
		for _, v := range row {
			switch {
			case v == 3:
				fmt.Println("found")
				break search
			}
		}
	}
}
