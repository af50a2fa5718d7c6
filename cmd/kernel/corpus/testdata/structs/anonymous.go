package main

import "fmt"

func main() {
	p := struct {
		Name string
		Age  int
	}{"ann", 30}
	list := []struct{ in, want string }{{"a", "A"}, {in: "b"}}
	for _, c := range list {
		fmt.Printf("%q %q\n", c.in, c.want)
	}
	q := &p
	q.Age++
	fmt.Println(p.Age, p)
	var e struct{}
	fmt.Println(e)
	r := &struct{ n int }{1}
	r.n += 2
	fmt.Println(r.n)
}
