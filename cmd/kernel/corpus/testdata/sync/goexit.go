package main

import (
	"fmt"
	"runtime"
	"sync"
)

type bad struct{ n int }

func (b bad) Error() string { return fmt.Sprint("bad ", b.n) }

func main() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer fmt.Println("deferred", recover())
		runtime.Goexit()
	}()
	wg.Wait()
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer func() { fmt.Println("recovered", recover()) }()
		func() {
			defer fmt.Println("inner")
			runtime.Goexit()
		}()
	}()
	wg.Wait()
	func() {
		defer func() {
			r := recover()
			fmt.Println(r)
			_, ok := r.(*runtime.PanicNilError)
			fmt.Println(ok)
		}()
		panic(nil)
	}()
	func() {
		defer func() {
			r := recover()
			b, ok := r.(bad)
			fmt.Println(b.n, ok, r)
			err, ok := r.(error)
			fmt.Println(err, ok)
			switch r := r.(type) {
			case bad:
				fmt.Println("bad", r.n)
			case error:
				fmt.Println("error", r)
			}
			fmt.Printf("%T %v %+v\n", r, r, r)
		}()
		panic(bad{3})
	}()
	func() {
		defer func() {
			r := recover()
			b, ok := r.(*bad)
			fmt.Println(b.n, ok, r)
		}()
		panic(&bad{4})
	}()
	panic(bad{5})
}
