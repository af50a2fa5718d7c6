package main

import (
	"fmt"
	"unicode/utf8"
)

func main() {
	s := "naïve 世界"
	fmt.Println(len(s), utf8.RuneCountInString(s), len([]rune(s)))
	for i, r := range "aé世" {
		fmt.Println(i, string(r), r)
	}
	fmt.Println(s[0], s[2], s[:2], s[6:])
	for i := 0; i < 3; i++ {
		fmt.Printf("%x ", s[i])
	}
	fmt.Println()
	for _, r := range "a\xffb" {
		fmt.Printf("%U ", r)
	}
	fmt.Println()
}
