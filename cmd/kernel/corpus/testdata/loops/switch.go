package main

import "fmt"

func grade(n int) string {
	switch {
	case n >= 90:
		return "A"
	case n >= 80:
		return "B"
	}
	return "C"
}

func kind(r rune) (s string) {
	switch r {
	case 'a', 'e', 'i', 'o', 'u':
		s = "vowel"
	case ' ':
		s = "space"
		fallthrough
	case '\t':
		s += " or tab"
	default:
		s = "other"
	}
	return
}

func main() {
	fmt.Println(grade(95), grade(85), grade(1))
	fmt.Println(kind('a'), kind(' '), kind('\t'), kind('x'))
	switch x := len("abc"); x {
	case 1, 2:
		fmt.Println("short")
	case 3:
		if x == 3 {
			break
		}
		fmt.Println("never")
	}
	switch f := func() bool { return true }; {
	case f():
		fmt.Println("called")
	}
	switch {
	default:
		fmt.Println("default first")
	case false:
	}
}
