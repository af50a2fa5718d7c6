package main

import (
	"encoding/json"
	"fmt"
)

type Level int
type Person struct {
	Name   string   `json:"name"`
	Age    int      `json:",omitempty"`
	Tags   []string `json:"tags,omitempty"`
	Levels map[string]Level
}

func main() {
	b, err := json.Marshal(Person{"Ann", 30, []string{"a"}, map[string]Level{"x": 1}})
	fmt.Println(string(b), err)
	var p Person
	err = json.Unmarshal([]byte(`{"name":"Bob","Age":5,"tags":["q"],"Levels":{"k":3}}`), &p)
	fmt.Printf("%+v %v\n", p, err)
	var a any
	json.Unmarshal([]byte(`{"a":[1,"x",null,true]}`), &a)
	fmt.Println(a)
	err = json.Unmarshal([]byte(`{"name":5}`), &p)
	fmt.Println(err != nil)
	var raw json.RawMessage = json.RawMessage(`{"z":1}`)
	b, _ = json.Marshal(map[string]any{"r": raw, "l": Level(2), "p": &Person{Name: "C"}})
	fmt.Println(string(b))
	b, _ = json.MarshalIndent(struct {
		A int `json:"a"`
	}{1}, "", " ")
	fmt.Println(string(b))
}
