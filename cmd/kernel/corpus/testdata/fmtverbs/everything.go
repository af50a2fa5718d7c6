package main

import (
	"errors"
	"fmt"
)

func main() {
	type P struct {
		X, Y int
		n    string
		p    *int
		s    []int
		m    map[string]int
		f    float64
		e    error
		a    any
	}
	v := P{1, 2, "n", nil, []int{1}, map[string]int{"b": 2, "a": 1}, 1.5, nil, 3}
	fmt.Printf("%v\n%+v\n%s\n%d\n", v, v, v, v)
	fmt.Printf("%v %+v\n", &v, &[]P{v}[0].X != nil)
	fmt.Printf("%5d|%-5d|%05d|%x|%X|%o|%b|%c|%U|%e|%8.3f|%+d|%t|%p\n", 42, 42, 42, 255, 255, 8, 5, 'x', 'x', 1234.5, 3.14159, 7, true, nil)
	fmt.Printf("%q %v %s %x %10s|%-10s|%.2s\n", "a\"b", "x", "y", "hi", "r", "l", "cut")
	fmt.Printf("%v %v %v %v\n", []string{"a", "b"}, map[int]bool{2: true, 1: false}, [2]bool{true}, struct{}{})
	fmt.Printf("%d %s %v\n", "str", 5, nil)
	fmt.Printf("%d\n", 1, 2)
	fmt.Printf("%d %d\n", 1)
	fmt.Printf("%!\n")
	fmt.Printf("%[2]d %[1]d %*d\n", 1, 2, 5, 3)
	fmt.Println(fmt.Sprint("a", 1, 2, "b", "c", 3.0), fmt.Sprintln("x", 1))
	fmt.Printf("%T %T %T %T %T %T %T\n", 1, "s", 1.5, nil, []any{}, map[string]*int{}, func(int) error { return nil })
	fmt.Printf("%T %T %T %T\n", make(chan int), struct{ A int }{}, [3]byte{}, errors.New("x"))
	fmt.Printf("%v %v %s\n", errors.New("e"), []error{errors.New("f")}, []byte("bytes"))
	fmt.Printf("%6.2f%% %g %g %v\n", 12.345, 1e21, 1e-7, float32(0.1))
	fmt.Printf("%v %v %v\n", 1+2i, int8(-5), uint8(200))
	fmt.Printf("%08b %#x %#o %+v %x\n", 13, 255, 8, struct{ A, B any }{1, "x"}, -255)
	var np *P
	var ne error
	var nm map[string]int
	fmt.Println(np, ne, nm, []int(nil), any(nil))
	fmt.Printf("%v %+v %s %d\n", np, ne, ne, nm)
}
