package check

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/types"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSession: cells one after the other, separated by ---. A line of want stands for
// each cell that is refused, with what is said of it, or that has notes; "" is none.
func TestSession(t *testing.T) {
	cases := []struct{ name, cells, want string }{
		{"a later cell uses what a cell has defined", "import \"fmt\"\nx := 1\nconst c = 2\ntype p struct{ n int }\nfunc (v p) N() int { return v.n }\nfunc f(a ...int) string { return fmt.Sprint(a) }\n---\nv := p{x + c}\nf(v.N(), v.n)", ""},
		{"it is typed", "x := 1\n---\nx + \"a\"", `In[2]:1:1: invalid operation: x + "a" (mismatched types int and untyped string)`},
		{"what a cell defines for itself", "n := 0\nfunc up() { n++ }\nup()\nn", ""},
		{"and with another type than before", "n := 0\n---\nn := \"a\"\nfunc add() { n += \"b\" }\nadd()", ""},
		{"what stands below isn't there yet", "println(x)\nx := 1", "In[1]:1:9: undefined: x"},
		{"but a function is", "f()\nfunc f() {}", ""},
		{"and so is a type, and a constant", "var v p\nv.n[c] = 1\ntype p struct{ n [c + 1]int }\nconst c = 2", ""},
		{"what stands below means the old one above", "x := 1\n---\ny := x + 1\nx := \"a\"\nz := x + \"b\"\n---\nz + x\n---\ny + 1", ""},
		{"a variable made of itself", "x := 1\n---\nx := fmt(x)\nfunc fmt(n int) string { return \"\" }\n---\nx + \"\"", ""},
		{"a package and a variable of its name", "import \"strings\"\n---\nstrings := strings.Fields(\"a b\")\nfunc first() string { return strings[0] }\n---\nstrings[1] + first()", ""},
		{"a variable and a package of its name", "fmt := 1\n---\nimport \"fmt\"\nfmt.Println()\n---\nfmt.Println()", ""},
		{"two := that share a name", "a, err := 1, error(nil)\nb, err := 2, err\n---\na + b\nerr = nil", "In[2]:1:1: a + b (value of type int) is not used"},
		{"one that changes a type in a cell", "a, err := 1, error(nil)\nb, err := 2, 3", "In[1]:2:14: cannot use 3 (constant of type int) as error value in assignment: int does not implement error (missing method Error)"},

		{"a redefined function", "func f() int { return 1 }\nfunc g() int { return f() }\n---\nfunc f() int { return 2 }\n---\ng() + f()", ""},
		{"one with another signature", "func f() int { return 1 }\nfunc g() int { return f() }\n---\nfunc f(n int) string { return \"\" }\n---\ng() + 1\n---\nf(2) + \"\"\n---\nf()", "In[2] note: g keeps the old f: run its cell again to change that\nIn[5]:1:3: not enough arguments in call to f\n\thave ()\n\twant (int)"},
		{"a redefined type", "type p struct{ x int }\nv := p{1}\nfunc f(v p) int { return v.x }\n---\ntype p struct{ y string }\n---\nv.x + f(v)\n---\nf(p{\"a\"})\n---\np{\"a\"}.y", "In[2] note: f and v keep the old p: run their cells again to change that\nIn[4]:1:3: cannot use p{…} (value of struct type p) as p of In[1] value in argument to f"},
		{"a type and a function at once, and a method that is gone", "type p int\nfunc f() {}\nfunc (p) X() { f() }\n---\ntype p string\nfunc f(n int) {}", ""},
		{"a method that uses an old function", "type p int\nfunc f() {}\nfunc (p) X() { f() }\n---\nfunc f(n int) {}", "In[2] note: p.X keeps the old f: run its cell again to change that"},
		{"a redefined variable", "v := 1\nfunc f() int { return v }\n---\nv := \"a\"\n---\nf() + len(v)", "In[2] note: f keeps the old v: run its cell again to change that"},
		{"a variable of the same type", "v := 1\nfunc f() int { return v }\n---\nv := 2\n---\nf() + v", ""},
		{"a type that is declared again as it was", "type p struct{ x int }\nfunc (v p) X() int { return v.x }\nv := p{1}\n---\ntype p struct{ x  int }\n---\nv = p{2}\nv.X()", ""},
		{"one of which no value is left keeps its methods", "type p struct{ x int }\nfunc (v p) X() int { return v.x }\n---\ntype p struct{ x int }\n---\np{1}.X()", ""},
		{"a redefined type with its methods leaves the old ones alone", "type p struct{ x int }\nfunc (v p) X() int { return v.x }\nv := p{1}\n---\ntype p struct{ y int }\nfunc (v p) X() string { return \"\" }\n---\nv.X() + 1\n---\np{1}.X() + \"\"", "In[2] note: v keeps the old p: run its cell again to change that"},
		{"a redefined type whose old methods are gone", "type p struct{ x int }\nfunc (v p) X() int { return v.x }\nv := p{1}\n---\ntype p struct{ y int }\n---\nv.X()\n---\np{1}.X()", "In[2] note: v keeps the old p: run its cell again to change that\nIn[4]:1:6: p{…}.X undefined (type p has no field or method X)"},
		{"a type, once more, and then its old name twice removed", "type p int\na := p(1)\n---\ntype p string\nb := p(\"\")\n---\ntype p bool\nc := p(true)\n---\na = c\n---\nb = a", "In[2] note: a keeps the old p: run its cell again to change that\nIn[3] note: b keeps the old p: run its cell again to change that\nIn[4]:1:5: cannot use c (variable of bool type p) as p of In[1] value in assignment\nIn[5]:1:5: cannot use a (variable of int type p of In[1]) as p of In[2] value in assignment"},

		{"a method that a later cell adds", "type p struct{ x int }\nv := p{}\n---\nfunc (v p) X() int { return v.x }\n---\nv.X()\n---\nfunc (v *p) Set(x int) { v.x = x; v.X() }\n---\nv.Set(1)", ""},
		{"which makes it an interface", "import \"io\"\ntype zero struct{}\n---\nfunc (zero) Read(p []byte) (int, error) { return len(p), nil }\n---\nvar r io.Reader = zero{}", ""},
		{"a method that a later cell replaces", "type p int\nfunc (v p) X() int { return 1 }\n---\nfunc (v p) X() string { return \"a\" }\n---\np(1).X() + \"b\"", ""},
		{"a method with the name of a field", "type p struct{ x int }\n---\nfunc (v p) x() {}", "In[2]:1:12: field and method with the same name x"},
		{"a method on a type of nobody", "func (v nobody) X() {}", "In[1]:1:9: undefined: nobody"},

		{"a cell that is refused declares nothing", "import \"os\"\ny := 1\ntype p struct{}\nnothing()\n---\ny\n---\np{}\n---\nos.Exit(1)", "In[1]:4:1: undefined: nothing\nIn[2]:1:1: undefined: y\nIn[3]:1:1: undefined: p\nIn[4]:1:1: undefined: os"},
		{"nor does it take anything away", "x := 1\n---\nx := \"a\"\nnothing()\n---\nx + 1", "In[2]:2:1: undefined: nothing"},

		{"constants and iota", "const (\n\ta = iota\n\tb\n\tc uint8 = 255\n)\ntype state int\nconst open state = 1\n---\nvar s state = open\nvar big [b + 1]int\nc + 1\n---\nvar t state = b\n---\nvar u state = c", "In[2]:3:1: c + 1 (constant 256 of type uint8) overflows uint8\nIn[4]:1:15: cannot use c (constant 255 of type uint8) as state value in variable declaration"},
		{"types of every kind", "type node struct {\n\tnext *node\n\tall map[string][]node\n\tf func(a int, more ...node) (n node, err error)\n\tc <-chan node\n\td chan<- *[3]node `json:\"d\"`\n\te interface{ M(node); error }\n\tg struct{ node *node }\n}\nvar n node\n---\nn.next = &node{}\nn.all[\"a\"] = []node{n}\nm, err := n.f(1, n, n)\nm = <-n.c\nvar d chan<- *[3]node = n.d\n_ = n.e.Error() + err.Error()\n_ = n.g.node.next", ""},
		{"embedded fields", "import (\"bytes\"; \"sync\")\ntype base struct{ id int }\nfunc (b *base) ID() int { return b.id }\ntype all struct {\n\t*base\n\tsync.Mutex\n\tbytes.Buffer\n\terror\n}\nvar a all\n---\na.Lock()\na.ID()\n_ = a.id + a.Buffer.Len()\n_ = a.error\n---\na.base.nothing", "In[3]:1:8: a.base.nothing undefined (type *base has no field or method nothing)"},
		{"an interface that only the notebook can satisfy", "type i interface{ m() }\ntype s struct{}\nfunc (s) m() {}\n---\nvar x i = s{}\nx.m()", ""},
		{"a struct's tags", "type node struct{}\nv := struct{ n node `a:\"b\"` }{}\n---\nvar w struct{ n node } = v", "In[2]:1:26: cannot use v (variable of type struct{n node \"a:\\\"b\\\"\"}) as struct{n node} value in variable declaration"},
		{"a constraint with a type of the notebook", "type n int\nfunc f[T ~string | *n](a T) T { return a }\n---\ntype s string\nf(s(\"a\"))", ""},
		{"an alias", "type number = int\ntype list = []point\ntype point struct{ x int }\n---\nvar n number = 3\nvar l list\nl = append(l, point{n})", ""},
		{"a type that another package keeps to itself", "import \"net/http\"\nb := http.NoBody\n---\nb.Close()\nc := b\n---\nc.Close()", ""},
		{"generic functions and types", "type pair[K comparable, V any] struct {\n\tkey K\n\tvalue V\n}\nfunc (p *pair[K, V]) Key() K { return p.key }\nfunc both[T int | ~string](a, b T) []T { return []T{a, b} }\np := pair[string, int]{\"a\", 1}\n---\np.Key() + both(\"a\", \"b\")[0]\n---\nboth(1.5, 2)\n---\nvar q pair[string, *pair[int, bool]]\n---\nq.value.value", "In[3]:1:1: float64 does not satisfy int | ~string (float64 missing in int | ~string)"},
		{"generic functions of packages", "import \"slices\"\nl := []int{2, 1}\nslices.Sort(l)\n---\nslices.Max(l) + 1", ""},
		{"a type of a block", "f := func() any {\n\ttype inner struct{ x int }\n\treturn inner{1}\n}\nv := f()\n---\nv = f()", ""},

		{"an import that is not used, twice", "import \"fmt\"\n---\nimport \"fmt\"\n---\nfmt.Println()", ""},
		{"under another name, and under none", "import text \"strings\"\nimport _ \"net\"\nimport . \"strings\"\n---\nToUpper(text.ToLower(\"A\"))\n---\nstrings.ToUpper(\"a\")", "In[3]:1:1: undefined: strings"},
		{"a package that cells can't have", "import (\n\t\"fmt\"\n\t\"example.com/x\"\n)\n---\nfmt.Println()", "In[1]:3:2: import \"example.com/x\": no such package is there for cells\nIn[2]:1:1: undefined: fmt"},
		{"what the kernel gives to all", "import \"display\"\nDisplay(display.HTML(\"a\"))\nDisplay(1)", "In[1]:3:9: cannot use 1 (untyped int constant) as display.Data value in argument to Display"},

		{"an expression as the last statement", "x := 1\nx + 1\n---\n[]int{x}\n---\nlen(\"abc\")\n---\nfunc(n int) int { return n }\n---\nnil\n---\n-x", ""},
		{"elsewhere it must be used", "x := 1\nx\nx++", "In[1]:2:1: x (variable of type int) is not used"},
		{"so must one in a function that is shown", "func() {\n\t1\n}", "In[1]:2:2: 1 (untyped int constant) is not used"},
		{"a type is no value", "int", "In[1]:1:1: int (type) is not an expression"},
		{"return at the top level", "x := 1\nif x > 0 {\n\treturn\n}\nreturn x", "In[1]:3:2: return is not in a function\nIn[1]:5:1: return is not in a function"},
		{"a return in a function literal", "f := func() int { return 1 }\ngo func() { return }()\nf()", ""},
		{"labels and goto", "end:\nfor {\n\tbreak end\n}\nx := 1\nagain:\nx++\nif x < 5 {\n\tgoto again\n}", ""},

		{"grammar", "x := (1 +\n---\nfor {\n---\nx = = 1\n---\n}\n---\nfunc f( {}\nvar = 3", "In[1]:1:10: expected operand, found 'EOF'\nIn[2]:1:6: expected '}', found 'EOF'\nIn[3]:1:5: expected operand, found '='\nIn[4]:1:2: expected declaration, found '}'\nIn[5]:1:9: expected ')', found '{'\nIn[5]:2:1: expected ')', found 'var'"},
		{"a cell without any", "\n---\n// nothing\n---\n%cd /tmp\n$ ls\n---\n%cd\n\nx", "In[4]:3:1: undefined: x"},
		{"two statements in a line", "x := 1; y := x; x + y + z", "In[1]:1:25: undefined: z"},
		{"one in more than one line", "import \"fmt\"\nfmt.Println(1,\n\t2,\n\tx)", "In[1]:4:2: undefined: x"},
		{"main and init", "import \"fmt\"\nfunc init() { fmt.Println() }\nfunc main() { fmt.Println() }", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSession(t)
			var said []string
			for i, code := range strings.Split(c.cells, "\n---\n") {
				checked, wrong := s.Check(code, fmt.Sprintf("In[%d]", i+1))
				for _, w := range wrong {
					said = append(said, w.String())
				}
				if len(wrong) == 0 {
					s.Accept(checked)
					for _, note := range checked.Notes {
						said = append(said, fmt.Sprintf("In[%d] note: %s", i+1, note))
					}
				}
			}
			assert.Equal(t, c.want, strings.Join(said, "\n"))
		})
	}
}

// TestInfo: the checker knows what each name of a cell means, and leaves the cell's tree
// as it was parsed.
func TestInfo(t *testing.T) {
	for _, cells := range []string{
		"x := 1\n---\ny := x + 1\nx := \"a\"\nz := x + \"b\"\nfunc f() string { return x + z }\nprintln(y, f())",
		"import \"strings\"\n---\nstrings := strings.Fields(\"a b\")\nfunc first() string { return strings[0] }\nstrings[1] + first()",
		"type p struct{ n int }\nvar v p\n---\np := p{1}\nv = p\nvar w, err = 1, error(nil)\nu, err := w, err\nprintln(u, p.n)",
		"a, err := 1, error(nil)\nb, err := 2, err\nprintln(a, b, err)",
	} {
		s := newSession(t)
		for _, code := range strings.Split(cells, "\n---\n") {
			checked, wrong := s.Check(code, "In[1]")
			require.Empty(t, wrong)
			defined := make(map[string]int)
			for _, node := range checked.Nodes {
				ast.Inspect(node, func(n ast.Node) bool {
					id, ok := n.(*ast.Ident)
					if !ok {
						return true
					}
					at := checked.Offset(id.Pos())
					assert.Equal(t, id.Name, code[at:at+len(id.Name)])
					meaning := cmp.Or(checked.Info.Defs[id], checked.Info.Uses[id])
					switch meaning := meaning.(type) {
					case *types.Var:
						assert.True(t, meaning.IsField() || meaning.Parent() == checked.Package.Scope(), "%s is not the session's", id.Name)
						assert.NotEqual(t, types.Typ[types.Invalid], meaning.Type(), id.Name)
					case *types.Func, *types.TypeName:
						assert.NotEqual(t, types.Typ[types.Invalid], meaning.Type(), id.Name)
					default:
						assert.NotNil(t, meaning, "%s at %d of %s", id.Name, at, code)
					}
					if o := checked.Info.Defs[id]; o != nil && o.Parent() == checked.Package.Scope() {
						defined[id.Name]++
						assert.Same(t, checked.Package.Scope().Lookup(id.Name), o)
					}
					return true
				})
			}
			for name, times := range defined {
				assert.Equal(t, 1, times, "%s is defined once in %s", name, code)
			}
			s.Accept(checked)
		}
	}
}

// TestLookup: what the session knows of a name is the newest.
func TestLookup(t *testing.T) {
	s := newSession(t)
	accept := func(code, name string) {
		checked, wrong := s.Check(code, name)
		require.Empty(t, wrong)
		s.Accept(checked)
	}
	accept("import \"fmt\"\ntype p struct{ x int }\nfunc (v p) X() {}\nfunc f() {}\nn := 1", "In[1]")
	assert.Equal(t, "fmt", s.Lookup("fmt").Path)
	assert.IsType(t, &ast.FuncDecl{}, s.Lookup("p.X").Node)
	assert.Equal(t, "func (main.p).X()", s.Lookup("p.X").Object.String())
	assert.Equal(t, "int", s.Lookup("n").Object.Type().String())
	accept("type p struct{ x int }\nfunc f(n int) {}", "In[2]")
	assert.NotNil(t, s.Lookup("p.X"), "the same type again keeps its methods")
	assert.Equal(t, "In[2]", s.Lookup("f").Cell)
	accept("type p struct{ y int }", "In[3]")
	assert.Nil(t, s.Lookup("p.X"), "another type does not")
	assert.Nil(t, s.Lookup("nothing"))
}

// TestAdvice: names that may be meant are those that may stand there.
func TestAdvice(t *testing.T) {
	s := newSession(t)
	for i, code := range []string{"import \"fmt\"\nimport \"net\"\ntype count struct{ total int }\nfunc (c *count) Add() {}\nc := &count{}\nfmt.Println(net.ErrClosed)", "type count struct{ all int }"} {
		checked, wrong := s.Check(code, fmt.Sprintf("In[%d]", i+1))
		require.Empty(t, wrong)
		s.Accept(checked)
	}
	for _, c := range []struct{ name, code, says string }{
		{"a variable of the cell", "number := 1\nprintln(numbr)", "Did you mean number?"},
		{"one that is defined further down", "func f() {\n\tprintln(numbr)\n\tnumber := 1\n\t_ = number\n}", "No cell that has run defines it"},
		{"one of another block", "func f() {\n\tif number := 1; number > 0 {\n\t}\n\tprintln(numbr)\n}", "No cell that has run defines it"},
		{"one of a block around it", "func f(number int) {\n\tfor {\n\t\tprintln(numbr)\n\t}\n}", "Did you mean number?"},
		{"an old type is not meant", "var x cuont", "Did you mean count?"},
		{"a package", "fmtt.Println()", "Did you mean fmt?"},
		{"a package that is not imported", "loop.New()", "Write import \"stepwise/pkg/loop\" first."},
		{"a field, of a type whose name is another's", "println(c.totl)", "Did you mean c.total?"},
		{"a method behind a call", "func g() *count { return nil }\ng().al", "Did you mean g().all?"},
		{"the second of two selectors", "fmt.Println(fmt.Sprnt())", "Did you mean fmt.Sprint?"},
		{"what a package keeps to itself", "net.errTimeut", "The package has no such name"},
		{"an import", "import \"stepwise/pkg/lop\"", "Did you mean \"stepwise/pkg/loop\"?"},
		{"a missing return", "func h() int {\n}", "must end in a return"},
		{"two :=", "a := 1\na := 2", "without the colon"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, wrong := s.Check(c.code, "In[3]")
			require.NotEmpty(t, wrong)
			assert.Contains(t, wrong[0].Advice, c.says)
			assert.NotContains(t, wrong[0].Advice, "of In[")
		})
	}
}
