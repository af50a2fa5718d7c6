package main

import (
	"errors"
	"fmt"
	"log"
	"os"
)

type color int

func (c color) String() string { return "red" }

type names []string

type key string

type point struct{ x, y int }

type shape interface{ area() int }

func (p point) area() int { return p.x * p.y }

type missing struct{ what string }

func (m missing) Error() string { return m.what + " is missing" }

type list []error

func (l list) Error() string { return fmt.Sprint(len(l), " errors") }

func pair() (string, int) { return "%d\n", 3 }

func main() {
	m := map[string]any{"a": []byte("x"), "b": []rune("y"), "c": point{}}
	fmt.Printf("%T %T %T %T\n", m["a"], m["b"], m["c"], m["d"])
	fmt.Printf("%T %T\n", map[key][]byte{"a": nil}, map[key]names{})
	fmt.Printf("%T %v\n", struct {
		b []byte
		r rune
		P point
	}{}, struct{ b []byte }{[]byte("z")})
	fmt.Printf("%T %T %T\n", func([]byte, key) (color, error) { return 0, nil }, make(chan point), (<-chan []color)(nil))
	fmt.Printf("%[1]T %[1]v %[1]d|%[3]T %[2]T %[3]q\n", color(1), point{1, 2}, key("k"))
	fmt.Printf("%*d|%.*T|%T\n", 5, 42, 99, point{}, names{})
	fmt.Printf("%T %d %T\n", color(1), point{1, 2}, key("k"))
	fmt.Printf("%T %v\n", color(1))
	fmt.Printf("%T\n", color(1), point{})
	fmt.Printf("100%% %T %%T\n", names{})
	var s shape = point{2, 3}
	var none shape
	var err error = missing{"a"}
	var nothing error
	fmt.Printf("%T %v %+v %T %v %T %v %T %v\n", s, s, s, none, none, err, err, nothing, nothing)
	fmt.Printf("%[1]T %[2]T %[2]v\n", &s, &err == nil)
	p := &point{3, 4}
	fmt.Println(fmt.Sprintf("%p", p) == fmt.Sprintf("%p", p), fmt.Sprintf("%p", p)[:2], fmt.Sprintf("%[1]p %[1]T", p) == fmt.Sprintf("%p %T", p, p))
	fmt.Printf("%p %p\n", 3, point{})
	fmt.Printf("%d %s %x %v\n", key("k"), 3, names{"a"}, list{})
	fmt.Printf(pair())
	format, all := "%T %T %v\n", []any{color(2), key("u"), p}
	fmt.Printf(format, all...)
	fmt.Fprintf(os.Stdout, format, s, &s == nil, none)
	log.SetFlags(0)
	log.SetOutput(os.Stdout)
	log.Printf("%T %v %T", p, color(1), err)

	wrapped := fmt.Errorf("%T %[1]v: %w, %w", names{"x"}, err, list{err})
	fmt.Println(wrapped)
	var found missing
	var l list
	fmt.Println(errors.As(wrapped, &found), found.what, errors.As(wrapped, &l), len(l), errors.Is(wrapped, err))
	fmt.Println(fmt.Errorf("%d %v %s %w", color(1), point{5, 6}, key("t"), nil))
	fmt.Println(errors.Unwrap(fmt.Errorf("%w", s)), fmt.Errorf("%w", s))
	fmt.Println(fmt.Errorf("%T %q", err, err), fmt.Errorf("all: %v", []any{color(1), err}))
}
