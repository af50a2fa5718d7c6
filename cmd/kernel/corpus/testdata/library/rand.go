package main

import (
	"fmt"
	"math/rand"
)

func main() {
	a, b := rand.New(rand.NewSource(7)), rand.New(rand.NewSource(7))
	same := true
	for range 10 {
		same = same && a.Intn(100) == b.Intn(100)
	}
	list := []int{1, 2, 3, 4}
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	sum := 0
	for _, v := range list {
		sum += v
	}
	fmt.Println(same, sum, len(a.Perm(5)))
}
