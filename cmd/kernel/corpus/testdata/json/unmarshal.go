package main

import (
	"encoding/json"
	"errors"
	"fmt"
)

type Item struct {
	ID    int
	Title string `json:"title"`
	Tags  []string
	Sub   struct{ N float64 }
}

func main() {
	var it Item
	err := json.Unmarshal([]byte(`{"id": 3, "title": "t", "Tags": ["a","b"], "sub": {"n": 2.5}, "extra": 1}`), &it)
	fmt.Println(it, err)
	var v any
	fmt.Println(json.Unmarshal([]byte(`{"a":[1,"x",null,true]}`), &v), v)
	for k, e := range v.(map[string]any) {
		fmt.Println(k, e.([]any)[0].(float64))
	}
	err = json.Unmarshal([]byte(`{"ID": "no"}`), &it)
	var te *json.UnmarshalTypeError
	fmt.Println(errors.As(err, &te), te.Field, te.Value)
	fmt.Println(json.Unmarshal([]byte(`{`), &it))
}
