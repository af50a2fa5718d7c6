package main

import (
	"errors"
	"fmt"
)

type Code int

func (c Code) Error() string { return fmt.Sprintf("code %d", int(c)) }

func run() error { return Code(404) }

func main() {
	err := run()
	fmt.Println(err)
	fmt.Println(err == Code(404), errors.Is(fmt.Errorf("x: %w", err), Code(404)), errors.Is(err, Code(1)))
	var c Code
	fmt.Println(errors.As(err, &c), int(c))
	if e, ok := err.(Code); ok {
		fmt.Println(e + 1)
	}
}
