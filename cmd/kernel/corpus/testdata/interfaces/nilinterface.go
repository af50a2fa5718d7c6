package main

import "fmt"

type myErr struct{}

func (*myErr) Error() string { return "my error" }

func bad(fail bool) error {
	var e *myErr
	if fail {
		e = &myErr{}
	}
	return e
}

func good() error { return nil }

func main() {
	fmt.Println(bad(false) == nil, bad(true) == nil, good() == nil)
	var e error
	fmt.Println(e == nil, e)
	var s fmt.Stringer
	defer func() { fmt.Println("recovered", recover() != nil) }()
	fmt.Println(s.String())
}
