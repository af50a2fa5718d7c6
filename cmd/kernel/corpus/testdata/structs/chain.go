package main

import (
	"fmt"
	"strings"
)

type query struct{ parts []string }

func (q *query) add(format string, args ...any) *query {
	q.parts = append(q.parts, fmt.Sprintf(format, args...))
	return q
}

func (q *query) String() string { return strings.Join(q.parts, " ") }

func main() {
	q := (&query{}).add("select %s", "*").add("limit %d", 5)
	fmt.Println(q.String())
	fmt.Println(q)
}
