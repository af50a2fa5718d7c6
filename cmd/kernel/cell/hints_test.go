package cell

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Each thing that a cell can't do comes with a sentence on what to write instead.
func TestErrorsThatHelp(t *testing.T) {
	s := newSession(t)
	runs(t, s, `import ("fmt"; "io"; "sort")
type node struct { next *node; callbacks []func(*node) }
func (n *node) Depth() int { return 1 }`)
	runs(t, s, `n := &node{}; func two() (int, int) { return 1, 2 }; func add(a, b int) {}; var e error = io.EOF`)
	cases := []struct{ name, code, says string }{
		{"a method of a type that mentions itself", "n.Depth()", "If its type mentions itself"},
		{"no such method", "e.Nothing()", "no such field or method"},
		{"a generic function", "func Max[T any](a, b T) T { return a }", "can't declare generic functions"},
		{"a generic type", "type Box[T any] struct { v T }", "can't declare generic functions or types"},
		{"range over a number", "for i := range 3 { fmt.Println(i) }", "write for i := 0; i < n; i++"},
		{"range over a number without a variable", "for range 3 {}", "write for i := 0; i < n; i++"},
		{"range over a function", "func seq(yield func(int) bool) { yield(1) }\nfor x := range seq { fmt.Println(x) }", "can't range over a function"},
		{"import iter", `import "iter"`, "use stepwise/pkg/coro"},
		{"import slices", `import "slices"`, "use sort, or a loop"},
		{"an unknown import", `import "example.com/x"`, "not compiled into the kernel"},
		{"return at the top", "return 1", "end it with the value itself"},
		{"a function of a later cell", "func early() int { return later() }", "run the one that does"},
		{"min", "min(1, 2)", "no min and max"},
		{"max", "max(1, 2)", "no min and max"},
		{"clear", "m := map[int]int{}\nclear(m)", "delete(m, k)"},
		{"a literal called as a statement", "func() { fmt.Println(1) }()", "f := func() { … }"},
		{"goto", "goto x", "inside functions only"},
		{"a package that was not imported", `strconv.Itoa(3)`, "import the package"},
		{"a name that a package lacks", "fmt.println(1)", "begin with a capital"},
		{"several results behind go", "go add(two())", "a, b := g()"},
		{"a method of a literal", "node{}.nope()", "no such field or method"},
		{"what makes the interpreter stumble", "nil.x", "split the line"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			failure := s.Run(c.code, 7).Failure
			if assert.NotNil(t, failure) {
				first, rest, _ := strings.Cut(failure.String(), "\n")
				assert.Contains(t, failure.String(), c.says)
				assert.Regexp(t, `^(compile error: (In\[7\]:\d+:\d+|the interpreter can't)|import failed)`, first)
				assert.NotContains(t, rest, "In[")
			}
		})
	}
}

// v.(T), m[k] and <-c are one value, also as a call's only argument.
func TestOneValue(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import \"fmt\"\nvar v interface{} = 3\nm := map[string]int{\"a\": 4}\nc := make(chan int, 3)\nc <- 5\nc <- 6\nfunc twice(n int) int { return 2 * n }\nl := []int{7}")
	cases := []struct{ code, want string }{ // in this order: a channel gives each value once
		{"twice(v.(int))", "6"}, {"fmt.Sprint(v.(int))", "3"}, {`twice(m["a"])`, "8"}, {"fmt.Sprint(m[`b`])", "0"},
		{"fmt.Sprint(<-c)", "5"}, {"twice(<-c)", "12"}, {"fmt.Sprint(l[0])", "7"}, {"float64(l[0])", "7"}, {"len([]int{l[0]})", "1"},
		{"x, ok := v.(string)\nfmt.Sprint(x, ok)", "false"}, {"y, ok := m[`b`]\nfmt.Sprint(y, ok)", "0 false"},
	}
	for _, c := range cases {
		assert.Equal(t, c.want, runs(t, s, c.code).Data["text/plain"], c.code)
	}
}
