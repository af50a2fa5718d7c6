package limits

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Each row is a notebook; --- stands between its cells. The places are those of
// the findings, cell:line, both counted from 1, and a part of what is said.
func TestCheck(t *testing.T) {
	cases := []struct {
		name   string
		cells  string
		places string
		says   string
	}{
		{"loops over what has elements", "for i, c := range \"text\" { _, _ = i, c }\nfor k := range map[string]int{} { _ = k }\nfor v := range make(chan int) { _ = v }", "", ""},
		{"a loop over what another package gives", "import \"strings\"\n---\nfor _, f := range strings.Fields(\"a b\") { _ = f }", "", ""},

		{"a min of the notebook's own", "func min(a, b int) int {\n\tif a < b {\n\t\treturn a\n\t}\n\treturn b\n}\n---\nmin(1, 2)", "", ""},
		{"a method of that name", "type y struct{}\nfunc (y) max(a, b int) int { return a }\n---\ny{}.max(1, 2)", "", ""},

		{"a call of an element", "table := map[int]func(){}\ni := 1\ntable[i]()\ntable[2]()", "", ""},

		{"return outside of a function", "x := 1\nif x > 0 {\n\treturn\n}", "1:3", "return is not in a function"},
		{"goto outside of a function", "goto end", "1:1", "label end not defined"},
		{"all of them inside a function literal", "f := func() int {\n\tdefer println()\n\tselect {}\nend:\n\tgoto end\n\treturn 1\n}", "", ""},
		{"return from a function that a statement calls", "go func() {\n\treturn\n}()", "", ""},
		{"break and continue", "loop:\nfor {\n\tif true {\n\t\tcontinue loop\n\t}\n\tbreak\n}", "", ""},
		{"a select with a case", "c := make(chan int, 1)\nselect {\ncase c <- 1:\ndefault:\n}", "", ""},

		{"a function of a later cell", "func f() int { return g() }\n---\nfunc g() int { return 1 }", "1:1", "undefined: g"},
		{"a type of a later cell", "func f(p *point) {}\n---\ntype point struct{ x int }", "1:1", "undefined: point"},
		{"a variable of a later cell", "func f() int {\n\treturn limit\n}\n---\nlimit := 5", "1:2", "undefined: limit"},
		{"a function further down in the same cell", "func f() int { return g() }\nfunc g() int { return 1 }\nf()", "", ""},
		{"names inside a function that a later cell uses again", "func f(g int) (h int) { l := g; return l }\n---\ng, h, l := 1, 2, 3", "", ""},
		{"fields, keys, methods and labels of those names", "type p struct{ g int }\nv := p{g: 1}\nv.g = 2\ng:\nfor { break g }\n---\ng := 1", "", ""},
		{"a package that has the name of a later function", "import \"stepwise/pkg/fetch\"\n---\nfetch.Get(nil, \"\")\n---\nfunc fetch() {}", "", ""},
		{"the variable of a type switch", "var v any\nswitch y := v.(type) {\ncase int:\n\t_ = y\n}\n---\ny := 1", "", ""},
		{"a function that is defined again", "func f() int { return 1 }\nf()\n---\nfunc f() int { return 2 }", "", ""},
		{"a variable named as this package calls its own", "import \"fmt\"\n---\nfmt.Println(1)\n---\np := 1", "", ""},

		{"a type assertion as the only argument", "import \"fmt\"\n---\nvar v any = 1\nfmt.Println(v.(int))", "", ""},

		{"a million rounds outside of a function", "sum := 0\nfor i := 0; i < 1000000; i++ {\n\tsum += i\n}", "1:2", "1000000 rounds"},
		{"the same, downwards", "for i := 1 << 20; i > 0; i-- {\n}", "", ""},
		{"the limit is a constant of the notebook", "const many = 1_000_000\n---\nfor i := 0; i < many; i++ {}", "2:1", "rounds"},
		{"a thousand rounds", "for i := 0; i < 1000; i++ {}", "", ""},
		{"a million rounds in a function", "func f() {\n\tfor i := 0; i < 1000000; i++ {}\n}", "", ""},

		{"a method in another cell than its type", "type count struct{ n int }\n---\nfunc (c *count) add() { c.n++ }", "", ""},

		{"commands above the code keep the lines right", "$ ls -l\n%cd /tmp\n\nfor i := 0; i < 1000000; i++ {}", "1:4", "rounds"},
		{"semicolons in the head of a statement", "if x := 1; x > 0 {\n} else if y := 2; y > 0 {\n}\nswitch z := 3; z {\n}\nfor i := 0; i < 1000000; i++ {}", "1:6", "rounds"},
		{"several statements on a line", "x := 1; for i := 0; i < 1000000; i++ {}; y := 2", "1:1", "rounds"},
		{"what is no Go hides nothing in the next cell", "func {\n---\nfor i := 0; i < 1000000; i++ {}", "1:1 2:1", ""},
		{"a variable that is not used in a function", "func f() {\n\tx := 1\n}", "1:2", "declared and not used"},
		{"an empty cell", "\n---\n// nothing\n---\nx := 1", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var places []string
			var cells []Cell
			for _, source := range strings.Split(c.cells, "\n---\n") {
				cells = append(cells, Cell{Source: source})
			}
			for _, f := range Notebook(cells) {
				places = append(places, fmt.Sprintf("%d:%d", f.Cell+1, f.Line))
				assert.Contains(t, f.Text, c.says)
			}
			assert.Equal(t, c.places, strings.Join(places, " "))
		})
	}
}
