package main

import (
	"errors"
	"fmt"
)

var errX = errors.New("x")

type T struct{ n int }
type kind int

func safe(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				err = fmt.Errorf("error: %w", e)
				return
			}
			err = fmt.Errorf("value: %v %T", r, r)
		}
	}()
	f()
	return nil
}
func named() (n int) { defer func() { n *= 2 }(); n = 1; return n + 4 }
func order() (s string) {
	defer func() { s += "1" }()
	defer func() { s += "2"; recover() }()
	s = "0"
	panic("x")
}
func nested() (s string) {
	defer func() { s = fmt.Sprint("outer ", recover()) }()
	defer func() { panic(fmt.Sprint("second after ", recover())) }()
	panic("first")
}

func main() {
	fmt.Println(safe(func() { panic("boom") }))
	fmt.Println(safe(func() { var m map[string]int; m["a"] = 1 }))
	fmt.Println(safe(func() { panic(fmt.Errorf("wrapped: %w", errX)) }))
	fmt.Println(safe(func() { a := []int{1}; i := 5; fmt.Println(len(a)); _ = a[:i] }) != nil)
	fmt.Println(safe(func() { var p *T; p.n++ }))
	fmt.Println(safe(func() { x := 0; fmt.Println(1 / x) }))
	fmt.Println(safe(func() { var a any = "s"; fmt.Println(a.(int)) }))
	fmt.Println(safe(func() { var a any = kind(1); fmt.Println(a.(int)) }))
	fmt.Println(safe(func() { var a any; fmt.Println(a.(int)) }))
	fmt.Println(safe(func() { var a any = T{1}; fmt.Println(a.(*T)) }))
	fmt.Println(safe(func() { panic(kind(3)) }))
	fmt.Println(safe(func() { panic(T{4}) }))
	fmt.Println(named())
	fmt.Println(order())
	for i := 0; i < 3; i++ {
		defer func() { fmt.Print("d", i, " ") }()
	}
	func() {
		defer fmt.Println("inner")
		defer func() { recover() }()
		panic(1)
	}()
	fmt.Println(nested())
}
