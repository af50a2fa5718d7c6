package lower_test

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	ourcmp "stepwise/cmd/kernel/lower/library/cmp"
	ouriter "stepwise/cmd/kernel/lower/library/iter"
	ourmaps "stepwise/cmd/kernel/lower/library/maps"
	ourslices "stepwise/cmd/kernel/lower/library/slices"
	oursync "stepwise/cmd/kernel/lower/library/sync"
	ouratomic "stepwise/cmd/kernel/lower/library/sync/atomic"
)

// outcome is what a function returns, or panics with.
func outcome(f func() any) (s string) {
	defer func() {
		if r := recover(); r != nil {
			s = fmt.Sprint("panic: ", r)
		}
	}()
	return fmt.Sprint(f())
}

// TestLibrarySlices: the library's functions do what Go's do, with the array beneath too.
func TestLibrarySlices(t *testing.T) {
	by := func(a, b int) int { return cmp.Compare(a/3, b/3) }
	same := func(a, b int) bool { return a/2 == b/2 }
	odd := func(n int) bool { return n%2 != 0 }
	r := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		list := make([]int, r.IntN(7), 9)
		for i := range list {
			list[i] = r.IntN(6)
		}
		sorted := slices.Sorted(slices.Values(list))
		i, j, v := r.IntN(9)-1, r.IntN(9)-1, r.IntN(6)
		compare := func(name string, gos, ours func(s []int) any) {
			t.Helper()
			s1, s2 := append(make([]int, 0, 9), list...), append(make([]int, 0, 9), list...)
			want := outcome(func() any { return gos(s1) })
			assert.Equal(t, want, outcome(func() any { return ours(s2) }), "%s %v %d %d %d", name, list, i, j, v)
			if want[0] != 'p' {
				assert.Equal(t, s1[:9], s2[:9], "%s %v %d %d %d: the array", name, list, i, j, v)
			}
		}
		compare("Insert", func(s []int) any { return slices.Insert(s, i, v, v+1) }, func(s []int) any { return ourslices.Insert(s, i, v, v+1) })
		compare("Insert a part of itself", func(s []int) any { return slices.Insert(s, min(1, len(s)), s...) }, func(s []int) any { return ourslices.Insert(s, min(1, len(s)), s...) })
		compare("Delete", func(s []int) any { return slices.Delete(s, i, j) }, func(s []int) any { return ourslices.Delete(s, i, j) })
		compare("DeleteFunc", func(s []int) any { return slices.DeleteFunc(s, odd) }, func(s []int) any { return ourslices.DeleteFunc(s, odd) })
		compare("Replace", func(s []int) any { return slices.Replace(s, i, j, v) }, func(s []int) any { return ourslices.Replace(s, i, j, v) })
		compare("Compact", func(s []int) any { return slices.Compact(s) }, func(s []int) any { return ourslices.Compact(s) })
		compare("CompactFunc", func(s []int) any { return slices.CompactFunc(s, same) }, func(s []int) any { return ourslices.CompactFunc(s, same) })
		compare("Clone", func(s []int) any { return slices.Clone(s) }, func(s []int) any { return ourslices.Clone(s) })
		compare("Grow", func(s []int) any { return cap(slices.Grow(s, i)) >= 9 }, func(s []int) any { return cap(ourslices.Grow(s, i)) >= 9 })
		compare("Clip", func(s []int) any { return cap(slices.Clip(s)) }, func(s []int) any { return cap(ourslices.Clip(s)) })
		compare("Reverse", func(s []int) any { slices.Reverse(s); return s }, func(s []int) any { ourslices.Reverse(s); return s })
		compare("Concat", func(s []int) any { return slices.Concat(s, nil, s) }, func(s []int) any { return ourslices.Concat(s, nil, s) })
		compare("Repeat", func(s []int) any { return slices.Repeat(s, i) }, func(s []int) any { return ourslices.Repeat(s, i) })
		compare("Sort", func(s []int) any { slices.Sort(s); return s }, func(s []int) any { ourslices.Sort(s); return s })
		compare("SortStableFunc", func(s []int) any { slices.SortStableFunc(s, by); return s }, func(s []int) any { ourslices.SortStableFunc(s, by); return s })
		compare("SortedStableFunc", func(s []int) any { return slices.SortedStableFunc(slices.Values(s), by) }, func(s []int) any { return ourslices.SortedStableFunc(ourslices.Values(s), by) })
		compare("IsSorted", func(s []int) any { return slices.IsSorted(s) }, func(s []int) any { return ourslices.IsSorted(s) })
		compare("Min", func(s []int) any { return slices.Min(s) }, func(s []int) any { return ourslices.Min(s) })
		compare("Max", func(s []int) any { return slices.Max(s) }, func(s []int) any { return ourslices.Max(s) })
		compare("MinFunc", func(s []int) any { return slices.MinFunc(s, by) }, func(s []int) any { return ourslices.MinFunc(s, by) })
		compare("MaxFunc", func(s []int) any { return slices.MaxFunc(s, by) }, func(s []int) any { return ourslices.MaxFunc(s, by) })
		compare("Index", func(s []int) any { return slices.Index(s, v) }, func(s []int) any { return ourslices.Index(s, v) })
		compare("ContainsFunc", func(s []int) any { return slices.ContainsFunc(s, odd) }, func(s []int) any { return ourslices.ContainsFunc(s, odd) })
		compare("Compare", func(s []int) any { return slices.Compare(s, sorted) }, func(s []int) any { return ourslices.Compare(s, sorted) })
		compare("Compare with a part", func(s []int) any { return slices.Compare(s, s[:len(s)/2]) }, func(s []int) any { return ourslices.Compare(s, s[:len(s)/2]) })
		compare("EqualFunc", func(s []int) any { return slices.EqualFunc(s, sorted, same) }, func(s []int) any { return ourslices.EqualFunc(s, sorted, same) })
		compare("Chunk", func(s []int) any { return slices.Collect(slices.Chunk(s, i)) }, func(s []int) any { return ourslices.Collect(ourslices.Chunk(s, i)) })
		compare("Backward", func(s []int) any { return ourmaps.Collect(slices.Backward(s)) }, func(s []int) any { return maps.Collect(ourslices.Backward(s)) })
		compare("All", func(s []int) any { return ourmaps.Collect(slices.All(s)) }, func(s []int) any { return maps.Collect(ourslices.All(s)) })
		n1, ok1 := slices.BinarySearch(sorted, v)
		n2, ok2 := ourslices.BinarySearch(sorted, v)
		assert.Equal(t, n1, n2)
		assert.Equal(t, ok1, ok2)
	}
}

// TestLibraryIterators: a loop that ends early ends the sequence.
func TestLibraryIterators(t *testing.T) {
	list, m := []int{1, 2, 3}, map[string]int{"a": 1, "b": 2}
	for name, seq := range map[string]iter.Seq[int]{"Values": ourslices.Values(list), "maps.Values": ourmaps.Values(m)} {
		rounds := 0
		for range seq {
			rounds++
			break
		}
		assert.Equal(t, 1, rounds, name)
	}
	for range ourmaps.Keys(m) {
		break
	}
	for range ourmaps.All(m) {
		break
	}
	next, stop := ouriter.Pull(ourslices.Values(list))
	v, ok := next()
	assert.Equal(t, 1, v)
	assert.True(t, ok)
	stop()
	stop()
	v, ok = next()
	assert.Zero(t, v)
	assert.False(t, ok)
	next2, stop2 := ouriter.Pull2(ourslices.All([]string{"x"}))
	defer stop2()
	i, s, ok := next2()
	assert.Equal(t, []any{0, "x", true}, []any{i, s, ok})
	_, _, ok = next2()
	assert.False(t, ok)
	next, _ = ouriter.Pull(func(func(int) bool) { panic("broken") })
	assert.PanicsWithValue(t, "broken", func() { next() })
}

// TestLibraryRest: maps, cmp, sync and atomic.
func TestLibraryRest(t *testing.T) {
	m := map[string]int{"a": 1, "b": 2}
	c := ourmaps.Clone(m)
	assert.True(t, ourmaps.Equal(m, c))
	c["c"] = 3
	assert.False(t, ourmaps.Equal(m, c))
	assert.Nil(t, ourmaps.Clone(map[string]int(nil)))
	ourmaps.DeleteFunc(c, func(_ string, v int) bool { return v > 1 })
	assert.Equal(t, map[string]int{"a": 1}, c)
	assert.False(t, ourmaps.Equal(map[string]int{"a": 1}, map[string]int{"b": 1}))
	for _, a := range []float64{1, 2, math.NaN()} {
		for _, b := range []float64{1, 2, math.NaN()} {
			assert.Equal(t, cmp.Compare(a, b), ourcmp.Compare(a, b), "%v %v", a, b)
			assert.Equal(t, cmp.Less(a, b), ourcmp.Less(a, b), "%v %v", a, b)
		}
	}
	assert.Equal(t, 3, ourcmp.Or(0, 3, 4))
	assert.Zero(t, ourcmp.Or[int]())
	calls := 0
	both := oursync.OnceValues(func() (int, error) { calls++; return 5, nil })
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { both() })
	}
	group.Wait()
	n, err := both()
	assert.Equal(t, []any{5, error(nil), 1}, []any{n, err, calls})
	fails := oursync.OnceValue(func() int { panic("no value") })
	for range 2 {
		assert.PanicsWithValue(t, "no value", func() { fails() })
	}
	x, y := 1, 2
	var gos atomic.Pointer[int]
	var ours ouratomic.Pointer[int]
	for _, p := range []interface {
		Load() *int
		Store(*int)
		Swap(*int) *int
		CompareAndSwap(old, new *int) bool
	}{&gos, &ours} {
		assert.Nil(t, p.Load())
		assert.False(t, p.CompareAndSwap(&x, &y))
		assert.True(t, p.CompareAndSwap(nil, &x))
		assert.Same(t, &x, p.Swap(nil))
		assert.True(t, p.CompareAndSwap(nil, &y))
		assert.False(t, p.CompareAndSwap(nil, &x))
		p.Store(&x)
		assert.Same(t, &x, p.Load())
	}
}
