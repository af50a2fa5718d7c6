package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
)

type priority int

const (
	low priority = iota
	high
)

func (p priority) String() string {
	if p == low {
		return "low"
	}
	return "high"
}

type job struct {
	id   int
	prio priority
}
type Queue[T any] struct {
	items []T
	max   int
}
type QueueError struct {
	Op   string
	Size int
}

func (e *QueueError) Error() string     { return fmt.Sprintf("%s: queue of %d is full", e.Op, e.Size) }
func NewQueue[T any](max int) *Queue[T] { return &Queue[T]{max: max} }
func (q *Queue[T]) Put(v T) error {
	if len(q.items) == q.max {
		return &QueueError{"put", q.max}
	}
	q.items = append(q.items, v)
	return nil
}
func (q *Queue[T]) Get() (v T, err error) { v, q.items = q.items[0], q.items[1:]; return v, nil }

func main() {
	q := NewQueue[job](2)
	fmt.Println(q.Put(job{1, low}), q.Put(job{2, high}), q.Put(job{3, low}))
	fmt.Printf("%v %+v\n", q.items, q.items[0])
	j, err := q.Get()
	fmt.Println(j.id, j.prio, err)
	var e *QueueError
	err = q.Put(job{})
	err = q.Put(job{})
	fmt.Println(errors.As(err, &e), err)
	fmt.Println(e.Op, e.Size)
	stats := map[priority][]int{}
	for i, p := range []priority{low, high, low} {
		stats[p] = append(stats[p], i)
	}
	fmt.Println(stats, len(stats[low]))
	keys := slices.SortedFunc(maps.Keys(stats), func(a, b priority) int { return cmp.Compare(b, a) })
	fmt.Println(keys)
}
