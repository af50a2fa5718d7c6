package main

import (
	"fmt"
)

const (
	a = iota * 10
	b
	_
	c = "s"
	d
)
const (
	_ = 1 << (10 * iota)
	KB
	MB
)

type day int

const (
	Sunday day = iota
	Monday
	Tuesday
	Wednesday
	Thursday
	Friday
	Saturday
)

func (d day) String() string {
	if d > Saturday {
		return fmt.Sprintf("day(%d)", int(d))
	}
	return [...]string{"Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"}[d]
}

type perm uint8

const (
	read perm = 1 << iota
	write
)

func main() {
	fmt.Println(a, b, c, d, KB, MB, Sunday, Monday, Saturday)
	fmt.Printf("%v %d %s %q %x\n", Monday, Monday, Monday, Monday, Monday)
	fmt.Println(read|write, perm(3), perm(3)&write != 0, []day{0, 1}, map[day]int{1: 2})
	var x day = 6
	x++
	fmt.Println(x, x%7 == Sunday)
	switch day(1) {
	case Sunday:
		fmt.Println("sun")
	case Monday:
		fmt.Println("mon")
		fallthrough
	case Saturday:
		fmt.Println("sat")
	default:
		fmt.Println("none")
	}
}
