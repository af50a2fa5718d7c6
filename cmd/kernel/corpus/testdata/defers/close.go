package main

import (
	"errors"
	"fmt"
)

type file struct{ name string }

func (f *file) Close() error {
	fmt.Println("close", f.name)
	return errors.New("close failed")
}

func open(name string) (*file, error) {
	if name == "" {
		return nil, errors.New("no name")
	}
	return &file{name}, nil
}

func use(name string) (err error) {
	f, err := open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if name == "bad" {
		return errors.New("bad name")
	}
	return nil
}

func main() {
	for _, n := range []string{"", "a", "bad"} {
		fmt.Printf("%q\n", fmt.Sprint(use(n)))
	}
}
