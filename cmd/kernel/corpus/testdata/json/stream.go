package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct {
	Kind string `json:"kind"`
	N    int    `json:"n"`
}

func main() {
	dec := json.NewDecoder(strings.NewReader("{\"kind\":\"a\",\"n\":1}\n{\"kind\":\"b\",\"n\":2}"))
	total := 0
	for dec.More() {
		var e event
		if err := dec.Decode(&e); err != nil {
			panic(err)
		}
		total += e.N
		fmt.Println(e.Kind)
	}
	fmt.Println(total)
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", " ")
	if err := enc.Encode(event{"c", total}); err != nil {
		fmt.Println(err)
	}
}
