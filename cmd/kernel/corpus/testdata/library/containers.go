package main

import (
	"container/heap"
	"container/list"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

type point struct{ X, Y int }
type kind int
type names []string
type item struct {
	name string
	n    int
}
type pq []item

func (p pq) Len() int           { return len(p) }
func (p pq) Less(i, j int) bool { return p[i].n < p[j].n }
func (p pq) Swap(i, j int)      { p[i], p[j] = p[j], p[i] }
func (p *pq) Push(x any)        { *p = append(*p, x.(item)) }
func (p *pq) Pop() any          { o := *p; x := o[len(o)-1]; *p = o[:len(o)-1]; return x }

func main() {
	l := list.New()
	l.PushBack(point{1, 2})
	l.PushBack(kind(3))
	l.PushFront(names{"a"})
	for e := l.Front(); e != nil; e = e.Next() {
		switch v := e.Value.(type) {
		case point:
			fmt.Println("point", v.X)
		case kind:
			fmt.Println("kind", v)
		case names:
			fmt.Println("names", v[0])
		default:
			fmt.Printf("other %T\n", v)
		}
	}
	var m sync.Map
	m.Store(kind(1), "k")
	m.Store(1, "i")
	m.Store("p", &point{5, 6})
	v, ok := m.Load(kind(1))
	w, _ := m.Load(1)
	p, _ := m.Load("p")
	fmt.Println(v, ok, w, p.(*point).Y)
	pool := sync.Pool{New: func() any { return new(point) }}
	pt := pool.Get().(*point)
	pt.X = 9
	fmt.Println(*pt)
	var av atomic.Value
	av.Store(point{7, 8})
	fmt.Println(av.Load().(point).Y)
	ap := atomic.Pointer[point]{}
	ap.Store(&point{1, 1})
	fmt.Println(ap.Load().X)
	ctx := context.WithValue(context.Background(), kind(1), point{2, 3})
	fmt.Println(ctx.Value(kind(1)).(point).X, ctx.Value(1))
	h := &pq{{"b", 2}, {"a", 1}}
	heap.Init(h)
	heap.Push(h, item{"c", 0})
	fmt.Println(heap.Pop(h).(item).name, h.Len())
}
