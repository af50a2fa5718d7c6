package main

import "fmt"

const poem = `roses
	"red" \n
`

func main() {
	fmt.Print(poem)
	fmt.Println(len(poem), "tab\tnew", 'a', '\'', "\u00e9", "\x41", '\n')
	fmt.Println("a"+"b" < "b", "abc"[1:], "x" == "y")
}
