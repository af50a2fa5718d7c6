package main

import "fmt"

func kinds(values ...interface{}) {
	for _, v := range values {
		switch v.(type) {
		case int, int64:
			fmt.Print("integer ")
		case float64:
			fmt.Print("float ")
		case []any:
			fmt.Print("list ")
		case bool:
			fmt.Print("bool ")
		default:
			fmt.Print("? ")
		}
	}
	fmt.Println()
}

func main() {
	kinds(1, int64(2), 2.5, []any{1, "a"}, true, 'r', nil)
	kinds()
	kinds([]any{1, true}...)
	var x any = 5
	x = x.(int) + 1
	fmt.Println(x, x == 6, x == int64(6))
}
