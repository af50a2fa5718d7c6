package main

import (
	"fmt"
	"math"
)

const big = 1 << 100
const third = 1.0 / 3

func main() {
	var f float32 = third
	var i int64 = big >> 98
	fmt.Println(i, f, third*3 == 1, big/(1<<97))
	fmt.Println(math.MaxInt64, uint64(math.MaxUint64), math.Pi)
	fmt.Printf("%T %T %T %T\n", 'x', 1.0, 2i, 1<<3)
}
