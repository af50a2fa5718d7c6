package main

import (
	"fmt"
	"strings"
)

func main() {
	s := " a,b,,c "
	fmt.Printf("%q\n", strings.Split(strings.TrimSpace(s), ","))
	fmt.Println(strings.Repeat("ab", 3), strings.Contains("seafood", "foo"), strings.Index("chicken", "ken"))
	before, after, found := strings.Cut("key=value=x", "=")
	fmt.Println(before, after, found)
	fmt.Println(strings.Map(func(r rune) rune {
		if r == 'a' {
			return 'A'
		}
		if r == 'x' {
			return -1
		}
		return r
	}, "banaxna"))
	fmt.Println(strings.Join([]string{"x", "y"}, "-"), strings.ToUpper("go"), strings.Title("go"))
	r := strings.NewReplacer("<", "&lt;", ">", "&gt;")
	fmt.Println(r.Replace("<b>"), strings.EqualFold("Go", "GO"), strings.TrimLeft("xxabc", "x"))
	fmt.Println(strings.FieldsFunc("a1b2c", func(r rune) bool { return r >= '0' && r <= '9' }))
}
