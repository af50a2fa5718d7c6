package main

import "fmt"

type handler func(string) (string, error)

func logged(log *[]string, h handler) handler {
	return func(s string) (out string, err error) {
		defer func() {
			*log = append(*log, fmt.Sprintf("%s -> %s %v", s, out, err))
		}()
		return h(s)
	}
}

func main() {
	var log []string
	h := logged(&log, func(s string) (string, error) {
		if s == "" {
			return "", fmt.Errorf("empty")
		}
		return s + s, nil
	})
	h("a")
	h("")
	for _, l := range log {
		fmt.Println(l)
	}
}
