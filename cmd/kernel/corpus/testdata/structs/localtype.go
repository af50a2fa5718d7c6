package main

import "fmt"

func report() {
	type row struct {
		name string
		n    int
	}
	rows := []row{{"a", 1}, {"b", 2}}
	for _, r := range rows {
		fmt.Println(r.name, r.n)
	}
}

func main() {
	report()
	type row struct{ x float64 }
	fmt.Println(row{1.5})
}
