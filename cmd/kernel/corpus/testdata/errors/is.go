package main

import (
	"errors"
	"fmt"
)

type netError struct{ op string }

func (e netError) Error() string        { return e.op + " failed" }
func (e netError) Is(target error) bool { return target == errTemporary }

var errTemporary = errors.New("temporary")

func main() {
	err := fmt.Errorf("wrapped: %w", netError{"dial"})
	fmt.Println(err, errors.Is(err, errTemporary), errors.Is(err, netError{"dial"}), errors.Is(err, netError{"read"}))
}
