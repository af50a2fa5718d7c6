// Package slices is for cells what the interpreter can't run of Go's slices, or not as fast.
package slices

import (
	"cmp"
	"sort"
)

// Insert is slices.Insert.
func Insert[S ~[]E, E any](s S, i int, v ...E) S {
	_ = s[i:]
	if len(v) == 0 {
		return s
	}
	return Replace(s, i, i, v...)
}

// Replace is slices.Replace.
func Replace[S ~[]E, E any](s S, i, j int, v ...E) S {
	_ = s[i:j]
	before := len(s)
	if before-(j-i)+len(v) > cap(s) {
		return append(append(append(S(nil), s[:i]...), v...), s[j:]...)
	}
	v = append([]E(nil), v...) // it may be a part of s
	rest := append([]E(nil), s[j:]...)
	all := append(append(s[:i], v...), rest...)
	if len(all) < before {
		clear(s[len(all):before])
	}
	return all
}

// Sort is slices.Sort.
func Sort[S ~[]E, E cmp.Ordered](x S) {
	sort.Slice(x, func(i, j int) bool { return x[i] < x[j] || x[i] != x[i] && x[j] == x[j] })
}

// SortFunc is slices.SortFunc.
func SortFunc[S ~[]E, E any](x S, cmp func(a, b E) int) {
	sort.Slice(x, func(i, j int) bool { return cmp(x[i], x[j]) < 0 })
}

// SortStableFunc is slices.SortStableFunc.
func SortStableFunc[S ~[]E, E any](x S, cmp func(a, b E) int) {
	sort.SliceStable(x, func(i, j int) bool { return cmp(x[i], x[j]) < 0 })
}
