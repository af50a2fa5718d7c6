package main

import (
	"fmt"
)

type point struct{ X, Y int }

func sum(p point) int { return p.X + p.Y }

func main() {
	points := []struct{ X, Y int }{{1, 2}, {3, 4}}
	for _, p := range points {
		fmt.Print(p.X+p.Y, " ")
	}
	tests := []struct {
		name string
		f    func(int) int
		want int
	}{{"double", func(n int) int { return n * 2 }, 4}, {"square", func(n int) int { return n * n }, 4}}
	for _, t := range tests {
		fmt.Println(t.name, t.f(2) == t.want)
	}
	cfg := struct {
		Name string
		Opts struct {
			Debug bool
			level int
		}
	}{Name: "x"}
	cfg.Opts.Debug = true
	fmt.Printf("%v %+v\n", cfg, cfg)
	m := map[string]struct{ a, b int }{"k": {1, 2}}
	fmt.Println(m["k"].b, m)
	set := map[string]struct{}{"a": {}}
	_, ok := set["a"]
	fmt.Println(ok, set)
	var i any = struct{ X int }{5}
	s, ok := i.(struct{ X int })
	fmt.Println(s, ok)
	type local struct {
		n    int
		next *local
	}
	l := &local{1, &local{2, nil}}
	for c := l; c != nil; c = c.next {
		fmt.Print(c.n)
	}
	fmt.Println()
	pt := point(points[0])
	pt.X = 8
	points[1] = pt
	fmt.Println(points, pt, sum(points[1]), []point{points[0]})
	f := func() (p point) { p = points[1]; return }
	fmt.Println(f())
	var pp *point = &point{1, 1}
	q := *pp
	q.X++
	fmt.Println(*pp, q, pp.X == q.X-1)
	ch := make(chan point, 1)
	ch <- points[0]
	fmt.Println(<-ch)
}
