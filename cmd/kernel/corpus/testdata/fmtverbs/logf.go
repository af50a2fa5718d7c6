package main

import (
	"errors"
	"fmt"
	"os"
)

type color int

func (c color) String() string { return "red" }

type point struct{ X, y int }

func logf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

func show(format string, v any) string { return fmt.Sprintf(format, v) }

type bad struct{ code int }

func (b *bad) Error() string { return fmt.Sprint("bad ", b.code) }

func wrapf(format string, args ...any) error { return fmt.Errorf(format, args...) }

func main() {
	logf("%v %d %T %5T|%-3T|%%T %q", color(1), color(2), color(3), 4, point{}, "x")
	logf("%+v %#v %v", point{1, 2}, point{3, 4}, &point{5, 6})
	logf("none")
	logf("%[2]v %[1]v %*d", color(1), 2, 4, 7)
	fmt.Println(show("%T", point{}), show("%v", []any{color(1), &bad{2}}), show("%T", nil), show("%d%%", 3))
	err := wrapf("wrap %s: %w", color(1), &bad{3})
	var b *bad
	fmt.Println(err, errors.As(err, &b), b)
	fmt.Fprintf(os.Stdout, "%T %v\n", []any{}, []any{1, color(2)})
	fmt.Fprintf(os.Stdout, "%T %T\n", []any{1}, map[string]any{"a": 1})
	var list []any
	fmt.Println(list...)
	fmt.Printf("%v %v\n", list, struct {
		a any
		B error
		c *int
	}{})
}
