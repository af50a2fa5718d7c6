package main

import "fmt"

type dog struct{}

func (dog) bark() string { return "woof" }

type barker interface{ bark() string }

func main() {
	var v any = dog{}
	b, ok := v.(barker)
	fmt.Println(ok, b.bark())
	_, ok = v.(fmt.Stringer)
	fmt.Println(ok)
	n, ok := v.(int)
	fmt.Println(n, ok)
	fmt.Println(v.(dog).bark(), v == dog{})
	defer func() {
		err := recover().(error)
		fmt.Println(err)
	}()
	v = 3
	fmt.Println(v.(string))
}
