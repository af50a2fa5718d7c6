package main

import (
	"errors"
	"fmt"
)

type temporary interface{ Temporary() bool }

type flaky struct{ n int }

func (f flaky) Error() string   { return fmt.Sprint("flaky ", f.n) }
func (f flaky) Temporary() bool { return f.n < 3 }

func attempt(n int) error {
	if n >= 4 {
		return nil
	}
	return fmt.Errorf("attempt: %w", flaky{n})
}

func main() {
	for i := 1; i < 5; i++ {
		err := attempt(i)
		var t temporary
		if errors.As(err, &t) {
			fmt.Println(i, "temporary", t.Temporary(), err)
			continue
		}
		fmt.Println(i, err)
	}
}
