package main

import (
	"fmt"
	"sync"
)

func main() {
	var m sync.Map
	m.Store("a", 1)
	v, loaded := m.LoadOrStore("a", 2)
	fmt.Println(v, loaded)
	m.LoadOrStore("b", 3)
	sum := 0
	m.Range(func(k, v any) bool {
		sum += v.(int)
		return true
	})
	fmt.Println(sum)
	m.Delete("a")
	_, ok := m.Load("a")
	fmt.Println(ok)
}
