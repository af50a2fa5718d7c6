package main

import "fmt"

func main() {
	ops := map[string]func(a, b int) (int, error){
		"+": func(a, b int) (int, error) { return a + b, nil },
		"/": func(a, b int) (int, error) {
			if b == 0 {
				return 0, fmt.Errorf("%d / 0", a)
			}
			return a / b, nil
		},
	}
	fmt.Println(ops["+"](1, 2))
	fmt.Println(ops["/"](6, 3))
	fmt.Println(ops["/"](6, 0))
	if op, ok := ops["-"]; !ok {
		fmt.Println("no -", op == nil)
	}
	type pair struct{ n int }
	m := map[string]*pair{"a": {1}}
	m["a"].n++
	fmt.Println(m["a"].n)
}
