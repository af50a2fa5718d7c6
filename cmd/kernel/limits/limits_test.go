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

		{"%T of all that a cell's type is a part of", "import \"fmt\"\ntype p struct{ X int }\nfmt.Printf(\"%d %T %T %[1]T\\n\", 1, struct{ P []p }{}, func(p) {})", "", ""},
		{"other verbs for a cell's type", "import \"fmt\"\ntype p struct{ X int }\nfmt.Printf(\"%v %+v %d\\n\", p{}, p{}, p{})", "", ""},
		{"json of a field with a small letter", "import \"encoding/json\"\ntype p struct{ X int; y int }\ntype q struct{ P []*p }\ndata, err := json.Marshal(q{})", "1:4", "json sees the field y"},
		{"json of an anonymous struct's", "import \"encoding/json\"\ndata, err := json.Marshal(struct{ y int }{1})", "1:2", "json sees the field y"},
		{"json of fields that it may see", "import \"encoding/json\"\ntype base struct{ ID int }\ntype p struct {\n\tB base\n\tX *p\n}\nvar v p\nerr := json.Unmarshal(nil, &v)", "", ""},
		{"json of an embedded struct", "import \"encoding/json\"\ntype base struct{ ID int }\ntype p struct {\n\tbase\n\tX *p\n}\nvar v p\nerr := json.Unmarshal(nil, &v)", "1:8", "takes the embedded base for a field"},
		{"json of a package's type that keeps fields to itself", "import (\n\t\"encoding/json\"\n\t\"time\"\n)\ntype p struct{ T time.Time }\ndata, err := json.Marshal(p{})", "", ""},
		{"json of a type that says how it is encoded", "import \"encoding/json\"\ntype p int\nfunc (p) MarshalJSON() ([]byte, error) { return nil, nil }\ndata, err := json.Marshal(map[string]p{})", "1:4", "json ignores the method MarshalJSON of p"},
		{"a decoder", "import (\n\t\"encoding/json\"\n\t\"os\"\n)\ntype p int\nfunc (*p) UnmarshalText([]byte) error { return nil }\nvar v struct{ P p }\nerr := json.NewDecoder(os.Stdin).Decode(&v)", "1:8", "UnmarshalText of p"},
		{"a context's key", "import \"context\"\ntype key [1]int\nctx := context.WithValue(context.Background(), key{}, 1)\nv := ctx.Value(key{})\ntype own int\nw := ctx.Value(own(1))", "1:3 1:4", "as a key in an interface, a value of the type key"},
		{"a context's key that is a string", "import \"context\"\nctx := context.WithValue(context.Background(), \"k\", 1)", "", ""},
		{"a value of a context", "import \"context\"\ntype user string\nctx := context.WithValue(context.Background(), 1, user(\"a\"))", "", ""},
		{"keys of a map of anything", "type key [1]string\na := key{\"a\"}\nm := map[any]int{a: 1, \"a\": 2}\nm[a]++\nm[1]++\ntype text string\nm[text(\"a\")]++", "1:3 1:4", "equals any other with its contents"},
		{"struct keys, and keys of a map that has their type", "type pos struct{ x int }\ntype key string\nm := map[any]int{pos{1}: 1}\nn := map[key]int{\"a\": 1}\nn[key(\"b\")]++", "", ""},
		{"a type switch on a type and what it is made of", "type num []int\nvar v any\nswitch v.(type) {\ncase string, []int:\ncase num:\n}", "1:5", "can't tell []int and num"},
		{"a type switch on two types that are made of the same", "type a map[int]int\ntype b map[int]int\ntype c struct{}\ntype d struct{}\nvar v any\nswitch v.(type) {\ncase *a:\ncase *b:\ncase *c, d:\ncase *d, c:\n}", "1:8", "can't tell *a and *b"},
		{"a type switch on other types", "type a struct{ X int }\ntype b struct{ Y int }\nvar v any\nswitch v.(type) {\ncase a, *a:\ncase b, int, nil:\n}", "", ""},
		{"an assertion to an interface that no cell's type has", "import \"io\"\ntype a struct{}\nvar v any = a{}\nf, ok := v.(io.Reader)\ne, ok := v.(any)", "", ""},

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
