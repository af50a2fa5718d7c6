package main

import "fmt"

func main() {
	graph := map[string]map[string]bool{}
	add := func(a, b string) {
		if graph[a] == nil {
			graph[a] = map[string]bool{}
		}
		graph[a][b] = true
	}
	add("a", "b")
	add("a", "c")
	add("b", "c")
	fmt.Println(graph["a"]["c"], graph["c"]["a"], len(graph["a"]), graph)
	groups := map[int][]string{}
	for _, s := range []string{"x", "yy", "z", "ww"} {
		groups[len(s)] = append(groups[len(s)], s)
	}
	fmt.Println(groups)
}
