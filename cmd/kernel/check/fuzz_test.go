package check

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzCheck: whatever a cell says, the checker answers, at places that the cell has; and
// what it accepts, it can check the next cell with.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		"x := 1", "func f() {", "$ ls\n%cd\nx", "}", "a:\nb:", "import (", "package p", "\xff", "//line y:7\nx", "/*line y:7:8*/x",
		"type T[P any] struct{ next *T[P] }\nfunc (t T[P]) M() {}", "const c = iota", "var a, b = f()\nfunc f() (int, error) { return 0, nil }",
		"type p = *p", "type a struct{ b }\ntype b struct{ a }", "x := x", "import \"fmt\"\nfmt := fmt.Sprint", "func (x) M() {}", "type int string\nvar i int = \"a\"",
		"l: x := 1\ngoto l", "import . \"strings\"\nvar s = ToUpper(\"\")", "func _() {}\nvar _ = 1", "func init() {}", "type I interface{ ~int | string }",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		if len(code) > 2000 {
			return
		}
		s := NewSession()
		checked, wrong := s.Check(code, "In[1]")
		for _, w := range wrong {
			require.Positive(t, w.Line)
			require.Positive(t, w.Column)
		}
		require.Equal(t, checked == nil, len(wrong) > 0)
		if checked == nil {
			return
		}
		s.Accept(checked)
		_, wrong = s.Check("", "In[2]")
		require.Empty(t, wrong)
		_, _ = s.Check(code, "In[2]")
	})
}
