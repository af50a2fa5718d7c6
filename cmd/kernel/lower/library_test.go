package lower_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

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
	r := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		list := make([]int, r.IntN(7), 9)
		for i := range list {
			list[i] = r.IntN(6)
		}
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
		compare("Replace", func(s []int) any { return slices.Replace(s, i, j, v) }, func(s []int) any { return ourslices.Replace(s, i, j, v) })
		compare("Sort", func(s []int) any { slices.Sort(s); return s }, func(s []int) any { ourslices.Sort(s); return s })
		compare("SortStableFunc", func(s []int) any { slices.SortStableFunc(s, by); return s }, func(s []int) any { ourslices.SortStableFunc(s, by); return s })
	}
}

// TestLibraryIterators: a loop that ends early ends the sequence.
func TestLibraryIterators(t *testing.T) {
	list := []int{1, 2, 3}
	next, stop := ouriter.Pull(slices.Values(list))
	v, ok := next()
	assert.Equal(t, 1, v)
	assert.True(t, ok)
	stop()
	stop()
	v, ok = next()
	assert.Zero(t, v)
	assert.False(t, ok)
	next2, stop2 := ouriter.Pull2(slices.All([]string{"x"}))
	defer stop2()
	i, s, ok := next2()
	assert.Equal(t, []any{0, "x", true}, []any{i, s, ok})
	_, _, ok = next2()
	assert.False(t, ok)
	next, _ = ouriter.Pull(func(func(int) bool) { panic("broken") })
	assert.PanicsWithValue(t, "broken", func() { next() })
}

// TestLibraryRest: maps, sync and atomic.
func TestLibraryRest(t *testing.T) {
	m := map[string]int{"a": 1, "b": 2}
	c := ourmaps.Clone(m)
	assert.Equal(t, m, c)
	c["c"] = 3
	assert.Len(t, m, 2)
	assert.Nil(t, ourmaps.Clone(map[string]int(nil)))
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
