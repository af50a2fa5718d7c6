package main

import (
	"fmt"
	"maps"
	"slices"
)

func main() {
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	keys := slices.Sorted(maps.Keys(m))
	fmt.Println(keys)
	c := maps.Clone(m)
	delete(c, "a")
	fmt.Println(len(m), len(c), maps.Equal(m, c))
	maps.DeleteFunc(m, func(k string, v int) bool { return v > 1 })
	maps.Copy(m, map[string]int{"z": 26})
	fmt.Println(m)
	values := slices.Collect(maps.Values(c))
	slices.Sort(values)
	fmt.Println(values)
}
