package main

import (
	"errors"
	"fmt"
)

type list []error

func (l list) Error() string   { return fmt.Sprintf("%d errors", len(l)) }
func (l list) Unwrap() []error { return l }

func check(n int) error {
	var l list
	if n < 0 {
		l = append(l, errNegative)
	}
	if n%2 != 0 {
		l = append(l, errOdd)
	}
	if len(l) == 0 {
		return nil
	}
	return l
}

var (
	errNegative = errors.New("negative")
	errOdd      = errors.New("odd")
)

func main() {
	for _, n := range []int{2, -3} {
		err := check(n)
		fmt.Println(n, err, errors.Is(err, errOdd), errors.Is(err, errNegative))
	}
}
