package main

import (
	"errors"
	"fmt"
)

var ErrNotFound = errors.New("not found")

func find(m map[string]int, k string) (int, error) {
	if v, ok := m[k]; ok {
		return v, nil
	}
	return 0, fmt.Errorf("find %q: %w", k, ErrNotFound)
}

func main() {
	v, err := find(map[string]int{"a": 1}, "a")
	fmt.Println(v, err)
	_, err = find(nil, "b")
	fmt.Println(err, err == ErrNotFound, errors.Is(err, ErrNotFound), errors.Unwrap(err) == ErrNotFound)
}
