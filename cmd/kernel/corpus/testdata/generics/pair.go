package main

import "fmt"

type Pair[K comparable, V any] struct {
	Key   K
	Value V
}

func MakePair[K comparable, V any](k K, v V) Pair[K, V] { return Pair[K, V]{k, v} }

func (p Pair[K, V]) Swap() Pair[string, K] { return Pair[string, K]{fmt.Sprint(p.Value), p.Key} }

func main() {
	p := MakePair("a", 1)
	fmt.Println(p, p.Swap(), p == MakePair("a", 1))
	fmt.Printf("%v %+v\n", p, p)
	list := []Pair[int, bool]{{1, true}, {Key: 2}}
	fmt.Println(list, list[0].Value)
}
