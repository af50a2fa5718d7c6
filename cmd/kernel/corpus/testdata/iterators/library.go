package main

import (
	"fmt"
	"slices"
	"strings"
)

func main() {
	for line := range strings.Lines("a\nb\n") {
		fmt.Printf("%q\n", line)
	}
	for part := range strings.SplitSeq("x,y", ",") {
		fmt.Println(part)
	}
	for i, v := range slices.Backward([]int{1, 2, 3}) {
		fmt.Print(i, v, " ")
	}
	for c := range slices.Chunk([]int{1, 2, 3}, 2) {
		fmt.Print(c)
	}
	fmt.Println()
}
