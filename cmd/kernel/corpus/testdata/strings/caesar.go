package main

import "fmt"

func shift(r rune, n int) rune {
	switch {
	case 'a' <= r && r <= 'z':
		return 'a' + (r-'a'+rune(n)+26)%26
	case 'A' <= r && r <= 'Z':
		return 'A' + (r-'A'+rune(n)+26)%26
	}
	return r
}

func caesar(s string, n int) (out string) {
	for _, r := range s {
		out += string(shift(r, n))
	}
	return
}

func main() {
	secret := caesar("Hello, World", 3)
	fmt.Println(secret, caesar(secret, -3))
}
