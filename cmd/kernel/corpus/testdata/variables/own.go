package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

type celsius float64
type fahrenheit float64
type userID int64
type name string
type ok bool

func (u *userID) add(n userID)                     { *u += n }
func half(u userID) (h userID)                     { h = u / 2; return }
func apply(f func(userID) userID, u userID) userID { return f(u) }
func divmod(a, b userID) [2]userID                 { return [2]userID{a / b, a % b} }

func main() {
	var c celsius = 36.6
	f := fahrenheit(c*9/5 + 32)
	fmt.Printf("%.1f %.1f %v\n", c, f, c > 30)
	c += 1
	c++
	fmt.Println(c, -c, int(c), math.Round(float64(c)), celsius(math.Sqrt(4)))
	var id userID = 5
	id <<= 2
	id |= 1
	fmt.Println(id, id%4, ^id, id/2, uint8(id), string(rune('a'+id)))
	m := map[userID]string{1: "a", id: "b"}
	fmt.Println(m[21], len(m), m)
	for i := userID(0); i < 3; i++ {
		fmt.Print(i, " ")
	}
	for i := range userID(2) {
		fmt.Printf("%T %v ", i, i)
	}
	fmt.Println(max(id, 30), min(c, 2))
	a := [3]userID{1, 2, 3}
	s := a[:]
	sum := userID(0)
	for _, x := range s {
		sum += x
	}
	fmt.Println(sum, len(s), slices.Contains(s, 2), slices.Max(s))
	slices.Sort(s)
	p := &id
	*p = 7
	fmt.Println(id, *p == 7)
	ch := make(chan userID, 2)
	ch <- 1
	ch <- id
	close(ch)
	for v := range ch {
		fmt.Print(v, " ")
	}
	fmt.Println()
	var n name = "go" + "pher"
	fmt.Println(n, len(n), n[0], string(n[1:]), n+"s", strings.ToUpper(string(n)), n == "gopher", n < "z")
	for i, r := range n[:2] {
		fmt.Print(i, r, " ")
	}
	switch n {
	case "x", "gopher":
		fmt.Println("found")
	}
	var b name = name([]byte("bytes"))
	fmt.Println(b, []byte(b)[0], []rune(b)[1])
	const big userID = 1 << 40
	fmt.Println(big, big>>38)
	type pair [2]name
	fmt.Println(pair{"a", "b"} == pair{"a", "b"})
	n += "!"
	fmt.Println(n, f > fahrenheit(c), ok(true) && !ok(false), bool(ok(id > 3)))
	fmt.Println(half(3), apply(func(u userID) userID { return u + 1 }, 4))
	id.add(5)
	fmt.Println(id)
	var x, y userID = 3, 4
	x, y = y, x
	fmt.Println(x, y, divmod(17, 5))
}
