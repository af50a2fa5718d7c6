package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

type card struct {
	suit string
	rank int
}

func main() {
	cards := []card{{"b", 2}, {"a", 9}, {"b", 1}}
	slices.SortFunc(cards, func(x, y card) int {
		return cmp.Or(strings.Compare(x.suit, y.suit), cmp.Compare(x.rank, y.rank))
	})
	fmt.Println(cards, cmp.Less(1.5, 2), cmp.Or("", "default"), min(cards[0].rank, 3))
	fmt.Println(slices.MaxFunc(cards, func(x, y card) int { return cmp.Compare(x.rank, y.rank) }))
}
