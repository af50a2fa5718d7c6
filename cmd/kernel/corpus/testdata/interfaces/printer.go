package main

import (
	"fmt"
)

type visitor interface {
	visitNum(*num) int
	visitAdd(*add) int
}
type node interface{ accept(visitor) int }
type num struct{ v int }
type add struct{ l, r node }

func (n *num) accept(v visitor) int { return v.visitNum(n) }
func (a *add) accept(v visitor) int { return v.visitAdd(a) }

type eval struct{}

func (*eval) visitNum(n *num) int   { return n.v }
func (e *eval) visitAdd(a *add) int { return a.l.accept(e) + a.r.accept(e) }

type printer struct{ out string }

func (p *printer) visitNum(n *num) int { p.out += fmt.Sprint(n.v); return 0 }
func (p *printer) visitAdd(a *add) int {
	p.out += "("
	a.l.accept(p)
	p.out += "+"
	a.r.accept(p)
	p.out += ")"
	return 0
}

func main() {
	var n node = &add{&num{1}, &add{&num{2}, &num{3}}}
	fmt.Println(n.accept(&eval{}))
	p := &printer{}
	n.accept(p)
	fmt.Println(p.out)
}
