package main

import (
	"container/heap"
	"fmt"
	"math"
)

type edge struct {
	to   string
	cost int
}

type graph map[string][]edge

type entry struct {
	node string
	dist int
}

type frontier []entry

func (f frontier) Len() int           { return len(f) }
func (f frontier) Less(i, j int) bool { return f[i].dist < f[j].dist }
func (f frontier) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *frontier) Push(x any)        { *f = append(*f, x.(entry)) }
func (f *frontier) Pop() (x any) {
	n := len(*f) - 1
	x, *f = (*f)[n], (*f)[:n]
	return x
}

func (g graph) shortest(from, to string) (int, []string) {
	dist := map[string]int{from: 0}
	prev := map[string]string{}
	f := &frontier{{from, 0}}
	for f.Len() > 0 {
		e := heap.Pop(f).(entry)
		if e.node == to {
			break
		}
		for _, next := range g[e.node] {
			d := e.dist + next.cost
			if old, ok := dist[next.to]; !ok || d < old {
				dist[next.to], prev[next.to] = d, e.node
				heap.Push(f, entry{next.to, d})
			}
		}
	}
	d, ok := dist[to]
	if !ok {
		return math.MaxInt, nil
	}
	path := []string{to}
	for path[0] != from {
		path = append([]string{prev[path[0]]}, path...)
	}
	return d, path
}

func main() {
	g := graph{"a": {{"b", 7}, {"c", 3}}, "c": {{"b", 1}, {"d", 8}}, "b": {{"d", 2}}}
	fmt.Println(g.shortest("a", "d"))
	d, path := g.shortest("d", "a")
	fmt.Println(d == math.MaxInt, path)
}
