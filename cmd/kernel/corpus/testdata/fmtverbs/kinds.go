package main

import (
	"errors"
	"fmt"
)

type name string
type kind int
type ok bool
type temp float64
type names []string
type errs []error

func (e errs) Error() string { return fmt.Sprint(len(e), " errors") }

type level int

func (l level) String() string { return fmt.Sprintf("lvl%d", int(l)) }

func main() {
	fmt.Println(name("a"), name("b"), 1, kind(2), kind(3))
	fmt.Print(name("a"), name("b"), 1, kind(2), "x", kind(3), "\n")
	fmt.Printf("%s %d %v %x %08.3f %t\n", kind(1), name("n"), ok(true), name("hex"), temp(1.5), ok(false))
	fmt.Printf("%5d|%-5v|%q|%c|%U|%5s|%t\n", kind(7), kind(8), name("q"), kind('c'), kind('u'), name("w"), 1)
	fmt.Println([]name{"x"}, map[name]kind{"k": 1}, []ok{true}, [2]temp{1, 2}, struct{ N name }{"f"})
	var p *kind
	var n names
	fmt.Println(p == nil, n == nil, n, p)
	fmt.Printf("%v %d %s %q\n", names{"a", "b"}, []kind{1}, names{"c"}, names{"d"})
	fmt.Println(errs{errors.New("x")}, error(errs{}))
	fmt.Println(level(1), []level{0, 1}, fmt.Sprint(level(0)) == "lvl0", fmt.Sprintf("%d %v %x", level(1), level(1), level(1)))
	fmt.Printf("%6.2v|%6v|%-8v|\n", temp(3.14159), level(1), name("x"))
}
