package main

import (
	"encoding/json"
	"fmt"
)

type Base struct {
	ID int `json:"id"`
}

type User struct {
	Base
	Name string          `json:"name"`
	Raw  json.RawMessage `json:"raw"`
}

func main() {
	data, err := json.Marshal(User{Base{1}, "a", json.RawMessage(`[1]`)})
	fmt.Println(string(data), err)
	var u User
	err = json.Unmarshal([]byte(`{"id":7,"name":"z","raw":{"x":1}}`), &u)
	fmt.Println(u.ID, u.Name, string(u.Raw), err)
}
