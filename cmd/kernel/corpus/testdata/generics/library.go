package main

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
)

type point struct{ x, y int }

type names []string

// say prints what a function returns, or panics with.
func say(name string, f func() any) {
	defer func() {
		if r := recover(); r != nil {
			text, _, _ := strings.Cut(fmt.Sprint(r), " [")
			fmt.Println(name, "panics:", text)
		}
	}()
	fmt.Println(name, f())
}

func spread(n, found any) any { return []any{n, found} }

func main() {
	by := func(a, b int) int { return cmp.Compare(a/3, b/3) }
	same := func(a, b int) bool { return a/2 == b/2 }
	odd := func(n int) bool { return n%2 != 0 }
	for _, list := range [][]int{nil, {3}, {5, 1, 4, 1, 5, 2, 0}, {2, 2, 2}, {0, 1, 2, 3}} {
		s := func() []int { return append(make([]int, 0, 9), list...) }
		sorted := slices.Sorted(slices.Values(list))
		for _, at := range [][2]int{{0, 1}, {1, 2}, {2, 1}, {-1, 0}, {0, 3}} {
			i, j := at[0], at[1]
			say("Insert", func() any { return slices.Insert(s(), i, 7, 8) })
			say("Delete", func() any { return slices.Delete(s(), max(i, 0), j) })
			say("Replace", func() any { return slices.Replace(s(), max(i, 0), j, 9) })
			say("Grow", func() any { return cap(slices.Grow(s(), i)) >= 9 })
			say("Repeat", func() any { return slices.Repeat(s(), i) })
			say("Chunk", func() any { return slices.Collect(slices.Chunk(s(), j)) })
			say("BinarySearch", func() any { return spread(slices.BinarySearch(sorted, i)) })
		}
		say("DeleteFunc", func() any { return slices.DeleteFunc(s(), odd) })
		say("Compact", func() any { return slices.Compact(s()) })
		say("CompactFunc", func() any { return slices.CompactFunc(s(), same) })
		say("Clone", func() any { return slices.Clone(s()) })
		say("Clip", func() any { return cap(slices.Clip(s())) })
		say("Reverse", func() any { all := s(); slices.Reverse(all); return all })
		say("Concat", func() any { return slices.Concat(s(), nil, s()) })
		say("Sort", func() any { all := s(); slices.Sort(all); return all })
		say("SortStableFunc", func() any { all := s(); slices.SortStableFunc(all, by); return all })
		say("SortedStableFunc", func() any { return slices.SortedStableFunc(slices.Values(s()), by) })
		say("SortedFunc", func() any { return slices.SortedFunc(slices.Values(s()), cmp.Compare[int]) })
		say("IsSorted", func() any { return []bool{slices.IsSorted(s()), slices.IsSortedFunc(s(), by)} })
		say("Min", func() any { return slices.Min(s()) })
		say("Max", func() any { return slices.Max(s()) })
		say("MinFunc", func() any { return slices.MinFunc(s(), by) })
		say("MaxFunc", func() any { return slices.MaxFunc(s(), by) })
		say("Index", func() any { return []int{slices.Index(s(), 1), slices.IndexFunc(s(), odd)} })
		say("Contains", func() any { return []bool{slices.Contains(s(), 4), slices.ContainsFunc(s(), odd)} })
		say("Compare", func() any { return []int{slices.Compare(s(), sorted), slices.CompareFunc(s(), s()[:len(list)/2], by)} })
		say("Equal", func() any { return []bool{slices.Equal(s(), sorted), slices.EqualFunc(s(), sorted, same)} })
		say("Backward", func() any { return maps.Collect(slices.Backward(s())) })
		say("All", func() any { return maps.Collect(slices.All(s())) })
		say("AppendSeq", func() any { return slices.AppendSeq(s(), slices.Values(list)) })
		say("BinarySearchFunc", func() any {
			return spread(slices.BinarySearchFunc(sorted, "2", func(n int, s string) int { return strings.Compare(fmt.Sprint(n), s) }))
		})
	}
	floats := []float64{2, math.NaN(), math.Inf(-1), 1}
	slices.Sort(floats)
	fmt.Println(floats, slices.Max(floats), slices.Min(floats), slices.IsSorted(floats))
	fmt.Println(cmp.Compare(math.NaN(), 1), cmp.Less(1, math.NaN()), cmp.Or("", "b", "c"), cmp.Or[int]())
	n := names{"b", "a", "b"}
	slices.Sort(n)
	n = slices.Compact(n)
	fmt.Printf("%T %v %v\n", n, n, slices.Contains(n, "a"))
	points := []point{{2, 1}, {1, 1}}
	slices.SortFunc(points, func(a, b point) int { return a.x - b.x })
	fmt.Println(points, slices.Index(points, point{2, 1}))

	m := map[string]int{"a": 1, "b": 2, "c": 3}
	c := maps.Clone(m)
	c["d"] = 4
	maps.DeleteFunc(c, func(k string, v int) bool { return v < 3 })
	maps.Copy(c, map[string]int{"e": 5})
	fmt.Println(c, len(m), maps.Clone(map[string]int(nil)) == nil)
	maps.Insert(c, maps.All(m))
	fmt.Println(c, maps.Equal(m, c), maps.EqualFunc(m, m, func(a, b int) bool { return a == b }))
	fmt.Println(slices.Sorted(maps.Keys(m)), slices.Sorted(maps.Values(m)))
	for range maps.Keys(m) {
		break
	}
	next, stop := iter.Pull2(slices.All(n))
	defer stop()
	fmt.Println(next())
}
