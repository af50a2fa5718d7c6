package main

import (
	"fmt"
	"runtime"
	"sort"
	"strings"
	"sync"
)

func inner() { runtime.Goexit() }

func deferring() {
	defer fmt.Println("deferring's")
	runtime.Goexit()
}

func outer(f func()) {
	defer func() { r := recover(); fmt.Println("recovered", r) }()
	f()
	fmt.Println("not here")
}

func outer2(f func()) {
	defer func() {
		if r := recover(); r != nil {
			fmt.Println("recovered", r)
		}
	}()
	f()
	fmt.Println("not here")
}

func again(f func()) {
	defer func() { recover() }()
	outer(f)
	fmt.Println("not here either")
}

func panics(f func()) {
	defer func() { fmt.Println("r", recover()) }()
	defer func() { panic("in defer") }()
	f()
}

func inDefer() {
	defer func() { fmt.Println("r2", recover()) }()
	defer runtime.Goexit()
	panic("lost")
}

func guard(f func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("recovered %v", r)
		}
	}()
	f()
	return nil
}

type loud struct{}

func (loud) String() string { deferring(); return "loud" }

func run(name string, f func()) {
	var w sync.WaitGroup
	w.Add(1)
	go func() {
		defer w.Done()
		defer func() { fmt.Println(name, "ends") }()
		f()
		fmt.Println(name, "goes on")
	}()
	w.Wait()
}

func main() {
	run("a", func() { outer(inner) })
	run("b", func() { outer(deferring) })
	run("c", func() { outer2(inner) })
	run("d", func() { outer2(deferring) })
	run("e", func() { again(inner) })
	run("f", func() { again(deferring) })
	run("g", func() { panics(inner) })
	run("h", func() { panics(deferring) })
	run("i", inDefer)
	run("j", func() { again(inDefer) })
	var once sync.Once
	run("k", func() { once.Do(deferring); fmt.Println("x") })
	run("l", func() {
		fmt.Println(guard(func() { sort.Slice([]int{3, 2, 1}, func(i, j int) bool { deferring(); return false }) }))
	})
	run("m", func() { fmt.Println(guard(func() { strings.Map(func(r rune) rune { deferring(); return r }, "abc") })) })
	run("n", func() { fmt.Println(guard(deferring)); fmt.Println(guard(deferring)) })
	run("o", func() {
		for range 3 {
			func() {
				defer func() { fmt.Println("r", recover()) }()
				func() {
					defer func() { fmt.Println("r2", recover()) }()
					deferring()
				}()
				fmt.Println("no")
			}()
			fmt.Println("no")
		}
	})
	run("p", func() {
		defer func() {
			defer func() { fmt.Println("inner", recover()) }()
			defer fmt.Println("x")
			func() {
				defer func() { fmt.Println("still", recover()) }()
				panic("in the defer")
			}()
			fmt.Println("after")
		}()
		deferring()
	})
	run("q", func() {
		defer func() { recover(); deferring() }()
		panic("x")
	})
	run("r", func() {
		defer func() { fmt.Println("outer", recover()) }()
		defer func() { fmt.Println("r", recover()); deferring() }()
		panic("x")
	})
	run("s", func() {
		fmt.Println(guard(func() {
			defer func() { deferring() }()
			panic("x")
		}))
	})
	run("t", func() { fmt.Println(guard(func() { fmt.Println(loud{}) })) })
	run("u", func() {
		m := map[string]func(){"a": deferring}
		defer func() {
			if r := recover(); r != nil {
				fmt.Println("r", r)
				return
			}
			fmt.Println("none")
		}()
		func() { defer m["a"](); m["a"]() }()
	})
	run("v", func() {
		func() { defer func() { fmt.Println("k", recover()) }(); panic("one") }()
		defer func() { fmt.Println("k2", recover()) }()
		deferring()
	})
}
