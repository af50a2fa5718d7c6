package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

func main() {
	a, b := errors.New("a"), io.EOF
	err := errors.Join(a, nil, b)
	fmt.Println(errors.Is(err, io.EOF), errors.Is(err, a), errors.Join(nil, nil) == nil)
	fmt.Println(err)
	both := fmt.Errorf("%w and %w", a, b)
	fmt.Println(both, errors.Is(both, b))
	_, err = os.Open("/no/such/file")
	var pathErr *os.PathError
	fmt.Println(errors.As(err, &pathErr), errors.Is(err, os.ErrNotExist), pathErr.Op)
}
