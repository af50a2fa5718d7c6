package main

import (
	"cmp"
	"fmt"
)

type Tree[K cmp.Ordered, V any] struct {
	root *branch[K, V]
}

type branch[K cmp.Ordered, V any] struct {
	key         K
	value       V
	left, right *branch[K, V]
}

func (t *Tree[K, V]) Put(k K, v V) { t.root = t.root.put(k, v) }

func (b *branch[K, V]) put(k K, v V) *branch[K, V] {
	switch {
	case b == nil:
		return &branch[K, V]{key: k, value: v}
	case k < b.key:
		b.left = b.left.put(k, v)
	case k > b.key:
		b.right = b.right.put(k, v)
	default:
		b.value = v
	}
	return b
}

func (b *branch[K, V]) walk(f func(K, V)) {
	if b != nil {
		b.left.walk(f)
		f(b.key, b.value)
		b.right.walk(f)
	}
}

func main() {
	var t Tree[string, int]
	for i, w := range []string{"m", "c", "x", "c"} {
		t.Put(w, i)
	}
	t.root.walk(func(k string, v int) { fmt.Print(k, "=", v, " ") })
	fmt.Println(cmp.Compare(1, 2), cmp.Compare("b", "a"))
}
