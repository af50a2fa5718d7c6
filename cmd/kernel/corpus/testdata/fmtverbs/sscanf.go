package main

import (
	"bufio"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

type celsius float64

func main() {
	var a, b int
	var s string
	n, err := fmt.Sscanf("10-20 abc", "%d-%d %s", &a, &b, &s)
	fmt.Println(n, err, a, b, s)
	n, err = fmt.Sscan("1 2.5 x", &a, new(float64), &s)
	fmt.Println(n, err, a, s)
	n, err = fmt.Sscanf("x", "%d", &a)
	fmt.Println(n, err)
	var c celsius
	fmt.Sscan("36.6", &c)
	fmt.Println(c)
	x, err := strconv.Atoi("12a")
	fmt.Println(x, err)
	var ne *strconv.NumError
	fmt.Println(errors.As(err, &ne), ne.Func, ne.Num, errors.Is(err, strconv.ErrSyntax))
	f, _ := strconv.ParseFloat("1e3", 64)
	bb, _ := strconv.ParseBool("true")
	fmt.Println(f, bb, strconv.Quote("a\n"), strconv.FormatInt(255, 2), strconv.Itoa(-5))
	r := bufio.NewReader(strings.NewReader("line 1\nline 2"))
	l, err := r.ReadString('\n')
	fmt.Printf("%q %v\n", l, err)
	l, err = r.ReadString('\n')
	fmt.Printf("%q %v\n", l, err)
	sc := bufio.NewScanner(strings.NewReader("a bb  c"))
	sc.Split(bufio.ScanWords)
	words := 0
	for sc.Scan() {
		words++
	}
	fmt.Println(words)
}
