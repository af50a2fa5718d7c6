package main

import (
	"encoding/json"
	"fmt"
)

type Suit uint8

func (s Suit) MarshalText() ([]byte, error) { return []byte{"SH"[s]}, nil }

type point struct{ X, Y int }

func main() {
	data, err := json.Marshal(map[Suit]point{0: {1, 2}, 1: {}})
	fmt.Println(string(data), err)
	data, err = json.Marshal(struct {
		Name string
		on   bool
		List []point
	}{"n", true, []point{{3, 4}}})
	fmt.Println(string(data), err)
}
