package main

import (
	"errors"
	"fmt"
)

var errMissing = errors.New("missing")

type pathErr struct{ path string }

func (p *pathErr) Error() string { return "path " + p.path }

type timeoutErr struct{ after int }

func (t timeoutErr) Error() string { return fmt.Sprint("timeout after ", t.after) }
func (timeoutErr) Timeout() bool   { return true }
func open(n string) error {
	switch n {
	case "a":
		return fmt.Errorf("open: %w", errMissing)
	case "b":
		return &pathErr{n}
	}
	return timeoutErr{5}
}

func main() {
	for _, err := range []error{open("a"), open("b"), open("c"), nil} {
		var pe *pathErr
		var te timeoutErr
		var t interface{ Timeout() bool }
		switch {
		case errors.Is(err, errMissing):
			fmt.Println("missing")
		case errors.As(err, &pe):
			fmt.Println("path", pe.path, pe)
		case errors.As(err, &te):
			fmt.Println("timeout", te.after, errors.As(err, &t) && t.Timeout())
		default:
			fmt.Println("none", err == nil)
		}
		switch e := err.(type) {
		case *pathErr:
			fmt.Println("type path", e.path)
		case timeoutErr:
			fmt.Println("type timeout", e)
		case interface{ Unwrap() error }:
			fmt.Println("wraps", e.Unwrap())
		case nil:
			fmt.Println("nil")
		}
		if te, ok := err.(interface{ Timeout() bool }); ok {
			fmt.Println(te.Timeout())
		}
	}
	a, b := error(timeoutErr{1}), error(timeoutErr{1})
	fmt.Println(a == b, errors.Is(a, timeoutErr{1}), errors.Is(a, timeoutErr{2}))
	fmt.Printf("%v %s %+v %T %d\n", a, a, a, a, 1)
}
