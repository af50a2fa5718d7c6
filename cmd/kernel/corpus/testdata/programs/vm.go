package main

import (
	"errors"
	"fmt"
)

type op int

const (
	push op = iota
	add
	mul
	jmpz
	halt
)

//go:generate stringer
var names = map[op]string{push: "push", add: "add", mul: "mul", jmpz: "jmpz", halt: "halt"}

func (o op) String() string { return names[o] }

type instr struct {
	op  op
	arg int
}

type vm struct {
	stack []int
	pc    int
	steps int
}

var errStack = errors.New("stack underflow")

func (v *vm) pop() (n int) {
	if len(v.stack) == 0 {
		panic(errStack)
	}
	n, v.stack = v.stack[len(v.stack)-1], v.stack[:len(v.stack)-1]
	return
}

func (v *vm) run(code []instr) (result int, err error) {
	defer func() {
		if e, ok := recover().(error); ok {
			err = fmt.Errorf("pc %d: %w", v.pc, e)
		}
	}()
	handlers := map[op]func(int){
		push: func(a int) { v.stack = append(v.stack, a) },
		add:  func(int) { v.stack = append(v.stack, v.pop()+v.pop()) },
		mul:  func(int) { v.stack = append(v.stack, v.pop()*v.pop()) },
		jmpz: func(a int) {
			if v.pop() == 0 {
				v.pc = a - 1
			}
		},
	}
	for ; code[v.pc].op != halt; v.pc++ {
		v.steps++
		handlers[code[v.pc].op](code[v.pc].arg)
	}
	return v.pop(), nil
}

func main() {
	var v vm
	fmt.Println(v.run([]instr{{push, 2}, {push, 3}, {add, 0}, {push, 4}, {mul, 0}, {halt, 0}}))
	v = vm{}
	_, err := v.run([]instr{{push, 0}, {jmpz, 3}, {push, 9}, {add, 0}, {halt, 0}})
	fmt.Println(err, errors.Is(err, errStack), v.steps)
	fmt.Println(push, jmpz)
}
