package main

import (
	"errors"
	"fmt"
)

type ParseError struct {
	Line int
	Err  error
}

func (e *ParseError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }
func (e *ParseError) Unwrap() error { return e.Err }

var errSyntax = errors.New("syntax")

func parse(n int) error {
	if n > 1 {
		return &ParseError{n, errSyntax}
	}
	return nil
}

func main() {
	err := fmt.Errorf("parse: %w", parse(3))
	fmt.Println(err)
	var pe *ParseError
	if errors.As(err, &pe) {
		fmt.Println(pe.Line, pe.Err)
	}
	fmt.Println(errors.Is(err, errSyntax), parse(1) == nil)
}
