package main

import "fmt"

func main() {
	ages := map[string]int{"ann": 30, "bob": 0}
	for _, name := range []string{"ann", "bob", "eve"} {
		if age, ok := ages[name]; ok {
			fmt.Println(name, age)
		} else {
			fmt.Println(name, "unknown", age)
		}
	}
	_, ok := ages["bob"]
	delete(ages, "bob")
	delete(ages, "nobody")
	_, still := ages["bob"]
	fmt.Println(ok, still, len(ages))
}
