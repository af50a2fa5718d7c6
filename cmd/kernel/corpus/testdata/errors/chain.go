package main

import (
	"errors"
	"fmt"
	"io"
)

var errNotFound = errors.New("not found")

type keyError struct {
	key string
	err error
}

func (k *keyError) Error() string {
	if k == nil {
		return "nil"
	}
	return k.key + ": " + k.err.Error()
}
func (k *keyError) Unwrap() error { return k.err }

type code int

func (c code) Error() string { return fmt.Sprintf("code %d", int(c)) }
func find(k string) error    { return fmt.Errorf("find: %w", &keyError{k, errNotFound}) }

func main() {
	err := find("a")
	fmt.Println(err, errors.Is(err, errNotFound), errors.Is(err, io.EOF))
	var ke *keyError
	if errors.As(err, &ke) {
		fmt.Println("as", ke.key, ke)
	}
	var c code = 3
	err = fmt.Errorf("outer: %w", c)
	var got code
	fmt.Println(errors.As(err, &got), got, int(got), err)
	j := errors.Join(errNotFound, c, nil)
	fmt.Println(j, errors.Is(j, errNotFound), errors.Is(j, code(3)), errors.Is(j, code(4)))
	fmt.Println(errors.Unwrap(err) == error(c))
	var nilErr *keyError
	var e error = nilErr
	fmt.Println(e == nil, nilErr == nil)
	fmt.Printf("%v %T %q\n", c, c, c)
	fmt.Printf("%T %T\n", err, ke)
}
