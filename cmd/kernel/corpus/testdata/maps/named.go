package main

import "fmt"

type key string

type id int

func main() {
	m := map[any]string{key("a"): "key", "a": "string", id(1): "id", 1: "int"}
	fmt.Println(len(m), m[key("a")], m["a"], m[id(1)], m[1])
}
