package main

import (
	"container/list"
	"fmt"
)

func main() {
	l := list.New()
	e := l.PushBack(1)
	l.PushFront(0)
	l.InsertAfter("x", e)
	for e := l.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	l.Remove(e)
	fmt.Println(l.Len())
}
