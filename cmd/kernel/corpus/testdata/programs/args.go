package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	fs := flag.NewFlagSet("tool", flag.ContinueOnError)
	n := fs.Int("n", 1, "times")
	fmt.Println(fs.Parse([]string{"-n", "3", "rest"}), *n, fs.Args(), len(os.Args) > 0)
}
