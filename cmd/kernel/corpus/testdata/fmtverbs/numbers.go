package main

import "fmt"

func main() {
	fmt.Printf("%d|%5d|%-5d|%05d|%+d|%x|%X|%o|%b|%c|%U\n", 42, 42, 42, 42, 42, 255, 255, 8, 5, 'A', 'é')
	fmt.Printf("%f|%.2f|%8.3f|%e|%g|%6.2f%%\n", 3.14159, 3.14159, 3.14159, 1234.5, 1e21, 99.5)
	fmt.Printf("%t|%v|%p|%08b|%#x|%#o\n", true, nil, nil, 5, 255, 8)
	fmt.Printf("%*d|%-*d|%[2]d %[1]d\n", 5, 1, 4, 2)
}
