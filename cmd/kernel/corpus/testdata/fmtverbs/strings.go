package main

import "fmt"

func main() {
	fmt.Printf("%s|%q|%10s|%-10s|%.2s|%x|% x\n", "go", "a\tb", "r", "l", "cut", "hex", "hex")
	fmt.Printf("%v %s %q %v\n", []string{"a", "b"}, []string{"a"}, []string{"x y"}, []byte("ab"))
	fmt.Printf("%c %q %d %s\n", 'x', 'y', 'z', string('w'))
	fmt.Printf("%d %s\n", "text", 5)
	fmt.Printf("%d\n", 1, 2)
	fmt.Printf("%d %d\n", 1)
	fmt.Println(fmt.Sprint("a", 1, 2, "b", "c", 3.0), fmt.Sprintln("end", true))
}
