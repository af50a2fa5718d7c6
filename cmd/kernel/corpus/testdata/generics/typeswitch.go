package main

import "fmt"

type id int

func Describe[T any](v T) string {
	switch x := any(v).(type) {
	case int:
		return fmt.Sprint("int ", x)
	case string:
		return "string " + x
	case []T:
		return "slice"
	}
	var zero T
	return fmt.Sprintf("other %v %v", v, zero)
}

func Zero[T any]() T {
	var z T
	return z
}

func Ptr[T any](v T) *T { return &v }

func main() {
	fmt.Println(Describe(1), Describe("s"), Describe(2.5), Describe(true))
	fmt.Println(Zero[int](), Zero[string]() == "", Zero[*int]() == nil, Zero[[2]int]())
	fmt.Println(*Ptr(3), *Ptr("x"), *Ptr(id(2)))
}
