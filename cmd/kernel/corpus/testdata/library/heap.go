package main

import (
	"container/heap"
	"fmt"
)

type item struct {
	name     string
	priority int
}

type queue []*item

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].priority > q[j].priority }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(*item)) }
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}

func main() {
	q := &queue{}
	heap.Init(q)
	for i, name := range []string{"low", "high", "mid"} {
		heap.Push(q, &item{name, []int{1, 9, 5}[i]})
	}
	for q.Len() > 0 {
		it := heap.Pop(q).(*item)
		fmt.Println(it.name, it.priority)
	}
}
