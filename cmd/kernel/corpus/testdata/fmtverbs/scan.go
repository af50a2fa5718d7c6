package main

import (
	"fmt"
	"strings"
)

func main() {
	var name string
	var n int
	var f float64
	c, err := fmt.Sscanf("ann 3 2.5", "%s %d %f", &name, &n, &f)
	fmt.Println(c, err, name, n, f)
	c, err = fmt.Sscan("7 x", &n, &f)
	fmt.Println(c, err != nil, n)
	r := strings.NewReader("10 20\n30")
	var a, b int
	for {
		if _, err := fmt.Fscan(r, &a); err != nil {
			fmt.Println(err)
			break
		}
		b += a
	}
	fmt.Println(b)
	fmt.Println(string(fmt.Appendf(nil, "%d-%d", 1, 2)))
}
