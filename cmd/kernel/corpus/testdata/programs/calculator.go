package main

import (
	"fmt"
	"strconv"
)

type parser struct {
	text string
	pos  int
}

func (p *parser) peek() byte {
	for p.pos < len(p.text) && p.text[p.pos] == ' ' {
		p.pos++
	}
	if p.pos == len(p.text) {
		return 0
	}
	return p.text[p.pos]
}

func (p *parser) expr() float64 {
	v := p.term()
	for {
		switch p.peek() {
		case '+':
			p.pos++
			v += p.term()
		case '-':
			p.pos++
			v -= p.term()
		default:
			return v
		}
	}
}

func (p *parser) term() float64 {
	v := p.factor()
	for {
		switch p.peek() {
		case '*':
			p.pos++
			v *= p.factor()
		case '/':
			p.pos++
			d := p.factor()
			if d == 0 {
				panic("division by zero")
			}
			v /= d
		default:
			return v
		}
	}
}

func (p *parser) factor() float64 {
	switch c := p.peek(); {
	case c == '(':
		p.pos++
		v := p.expr()
		if p.peek() != ')' {
			panic("missing )")
		}
		p.pos++
		return v
	case c == '-':
		p.pos++
		return -p.factor()
	}
	start := p.pos
	for p.pos < len(p.text) && (p.text[p.pos] >= '0' && p.text[p.pos] <= '9' || p.text[p.pos] == '.') {
		p.pos++
	}
	v, err := strconv.ParseFloat(p.text[start:p.pos], 64)
	if err != nil {
		panic(err)
	}
	return v
}

func eval(s string) (v float64, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case error:
			err = r
		default:
			err = fmt.Errorf("%q: %v", s, r)
		}
	}()
	p := &parser{text: s}
	return p.expr(), nil
}

func main() {
	for _, s := range []string{"1+2*3", "(1+2)*-3", "8/4/2", "1/0", "(1", "x"} {
		fmt.Println(eval(s))
	}
}
