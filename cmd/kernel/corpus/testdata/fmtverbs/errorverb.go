package main

import "fmt"

type bad struct{ n int }

func (b bad) Error() string { return fmt.Sprint("bad ", b.n) }

type panicky struct{ p *int }

func (p panicky) String() string { return fmt.Sprint(*p.p) }

func main() {
	var err error = bad{1}
	fmt.Println(err, bad{2}, &bad{3})
	fmt.Printf("%v|%s|%q|%d|%+v\n", err, err, err, err, err)
	fmt.Println([]error{err, nil}, map[string]error{"k": err})
	fmt.Println(fmt.Sprintf("%v", panicky{})[:10])
}
