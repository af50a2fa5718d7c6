package main

import "fmt"

type sink struct{ data []byte }

func (s *sink) Write(p []byte) (int, error) {
	s.data = append(s.data, p...)
	return len(p), nil
}

func main() {
	s := &sink{}
	fmt.Fprintf(s, "%d-%s", 1, "a")
	fmt.Fprintln(s, "!")
	fmt.Printf("%q\n", s.data)
}
