package main

import (
	"errors"
	"fmt"
	"strings"
)

type expr interface {
	fmt.Stringer
	eval(env env) (expr, error)
	args(more ...expr) []expr
}

type env map[string]expr

type lit int

func (l lit) String() string             { return fmt.Sprint(int(l)) }
func (l lit) eval(env env) (expr, error) { return l, nil }
func (l lit) args(more ...expr) []expr   { return more }

type name string

func (n name) String() string { return string(n) }
func (n name) eval(e env) (expr, error) {
	if v, ok := e[string(n)]; ok {
		return v, nil
	}
	return nil, errors.New("undefined: " + string(n))
}
func (n name) args(more ...expr) []expr { return append([]expr{n}, more...) }

type list []expr

func (l list) String() string {
	var all []string
	for _, e := range l {
		all = append(all, e.String())
	}
	return "(" + strings.Join(all, " ") + ")"
}
func (l list) eval(e env) (expr, error) {
	sum := lit(0)
	for _, x := range l {
		v, err := x.eval(e)
		if err != nil {
			return nil, fmt.Errorf("in %v: %w", l, err)
		}
		sum += v.(lit)
	}
	return sum, nil
}
func (l list) args(more ...expr) []expr { return l }

type named struct {
	expr
	label string
}

type emitter func(string) emitter

type node interface{ children() []node }
type leaf struct{ v int }
type branch struct{ kids []node }

func (*leaf) children() []node     { return nil }
func (b *branch) children() []node { return b.kids }

func count(n node) int {
	if n == nil {
		return 0
	}
	total := 1
	for _, k := range n.children() {
		total += count(k)
	}
	return total
}

func main() {
	var e expr = list{lit(1), name("x"), list{lit(2), name("y")}}
	fmt.Println(e, e.String())
	v, err := e.eval(env{"x": lit(10), "y": lit(20)})
	fmt.Println(v, err)
	_, err = e.eval(env{"x": lit(10)})
	fmt.Println(err)
	l, ok := e.(list)
	fmt.Println(len(l), ok)
	_, ok = e.(lit)
	fmt.Println(ok)
	var s fmt.Stringer = e
	fmt.Println(s.String(), len(e.args()), len(lit(1).args(e, v)))
	n := named{lit(5), "five"}
	fmt.Println(n.String(), n.label)
	e = n
	v, _ = e.eval(nil)
	fmt.Printf("%v %T %T\n", v, v, e)
	var none expr
	fmt.Println(none == nil, none != e, v == expr(lit(5)))
	for _, x := range []any{lit(1), 2, list{}, name("q"), &branch{}} {
		switch x := x.(type) {
		case expr:
			fmt.Println("expr", x)
		case node:
			fmt.Println("node", count(x))
		default:
			fmt.Println("other", x)
		}
	}
	f := e.eval
	r, _ := f(nil)
	fmt.Println(r)
	fmt.Println(count(&branch{[]node{&leaf{1}, &branch{[]node{&leaf{2}}}}}), count(nil))
	func() {
		defer func() { fmt.Println(recover()) }()
		none.eval(nil)
	}()
	done := make(chan expr, 1)
	go func() { done <- lit(3) }()
	fmt.Println(<-done)
}
