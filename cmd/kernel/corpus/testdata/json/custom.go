package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

type Level int

func (l Level) MarshalJSON() ([]byte, error) {
	return json.Marshal([]string{"low", "high"}[l])
}

func (l *Level) UnmarshalJSON(b []byte) error {
	var s string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	if strings.EqualFold(s, "high") {
		*l = 1
	}
	return nil
}

type Alarm struct {
	Level Level `json:"level"`
}

func main() {
	data, err := json.Marshal([]Alarm{{0}, {1}})
	fmt.Println(string(data), err)
	var a Alarm
	fmt.Println(json.Unmarshal([]byte(`{"level":"HIGH"}`), &a), int(a.Level))
}
