package main

import (
	"encoding/json"
	"fmt"
)

type Address struct {
	City string `json:"city"`
	Zip  string `json:"zip,omitempty"`
}

type Person struct {
	Name    string         `json:"name"`
	Age     int            `json:"age"`
	Emails  []string       `json:"emails"`
	Address *Address       `json:"address,omitempty"`
	Meta    map[string]any `json:"meta"`
	secret  string
	Skip    string `json:"-"`
}

func main() {
	p := Person{Name: "Ann", Age: 30, Emails: []string{"a@b"}, Address: &Address{City: "X"}, Meta: map[string]any{"k": 1.5, "a": nil}, secret: "s", Skip: "t"}
	data, err := json.Marshal(p)
	fmt.Println(string(data), err)
	data, _ = json.MarshalIndent(Person{Name: "Bob"}, "", "  ")
	fmt.Println(string(data))
}
