package main

import "fmt"

type Expr interface{ Accept(Visitor) float64 }

type Visitor interface {
	Num(Num) float64
	Bin(Bin) float64
}

type Num float64

type Bin struct {
	Op   byte
	L, R Expr
}

func (n Num) Accept(v Visitor) float64 { return v.Num(n) }
func (b Bin) Accept(v Visitor) float64 { return v.Bin(b) }

type eval struct{}

func (eval) Num(n Num) float64 { return float64(n) }
func (e eval) Bin(b Bin) float64 {
	l, r := b.L.Accept(e), b.R.Accept(e)
	switch b.Op {
	case '+':
		return l + r
	case '*':
		return l * r
	}
	return 0
}

func main() {
	e := Bin{'+', Num(1), Bin{'*', Num(2), Num(3)}}
	fmt.Println(e.Accept(eval{}))
}
