package main

import (
	"bufio"
	"fmt"
	"strings"
)

func main() {
	s := bufio.NewScanner(strings.NewReader("one two\nthree\n\nfour"))
	n := 0
	for s.Scan() {
		n++
		fmt.Printf("%d %q\n", n, s.Text())
	}
	fmt.Println(s.Err())
	w := bufio.NewScanner(strings.NewReader("a bb ccc"))
	w.Split(bufio.ScanWords)
	for w.Scan() {
		fmt.Print(len(w.Text()), " ")
	}
	fmt.Println()
	r := bufio.NewReader(strings.NewReader("line\nrest"))
	line, _ := r.ReadString('\n')
	c, _, _ := r.ReadRune()
	fmt.Printf("%q %q %d\n", line, c, r.Buffered())
}
