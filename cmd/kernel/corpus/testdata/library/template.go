package main

import (
	"fmt"
	"os"
	"regexp"
	"text/tabwriter"
)

func main() {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "a\tbbb\tc")
	fmt.Fprintln(w, "aaa\tb\tc")
	w.Flush()
	re := regexp.MustCompile(`(\w+)@(\w+)`)
	fmt.Println(re.FindStringSubmatch("mail ann@host now"))
	fmt.Println(re.ReplaceAllStringFunc("a@b c@d", func(s string) string { return "<" + s + ">" }))
}
