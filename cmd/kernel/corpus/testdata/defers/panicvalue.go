package main

import "fmt"

type code int

type failure struct {
	code code
	why  string
}

func run(f func()) {
	defer func() {
		switch r := recover().(type) {
		case nil:
			fmt.Println("fine")
		case code:
			fmt.Println("code", int(r))
		case failure:
			fmt.Println("failure", int(r.code), r.why)
		default:
			panic(r)
		}
	}()
	f()
}

func main() {
	run(func() {})
	run(func() { panic(code(3)) })
	run(func() { panic(failure{4, "because"}) })
	defer func() { fmt.Println("last", recover()) }()
	run(func() { panic(1.5) })
}
