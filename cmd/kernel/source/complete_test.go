package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCompleteness(t *testing.T) {
	const complete, incomplete, invalid = Complete, Incomplete, Invalid
	cases := []struct {
		name   string
		source string
		want   Status
		indent string
	}{
		{"nothing", "", complete, ""},
		{"blanks", " \n\t\n", complete, ""},
		{"a comment", "// nothing", complete, ""},
		{"an expression", "1 + 1", complete, ""},
		{"a call", `fmt.Println("hello")`, complete, ""},
		{"a definition", "x := 1", complete, ""},
		{"an import", `import "fmt"`, complete, ""},
		{"a constant", "const x = 1", complete, ""},
		{"a function", "func f() int {\n\treturn 1\n}", complete, ""},
		{"a function on one line", "func f() {}", complete, ""},
		{"a method", "func (p *point) X() int { return p.x }", complete, ""},
		{"a type", "type point struct {\n\tx int\n}", complete, ""},
		{"a generic function", "func first[T any](l []T) T { return l[0] }", complete, ""},
		{"declarations and statements in turn", "import \"fmt\"\nx := 1\nfunc f() {}\nfmt.Println(x)", complete, ""},
		{"two statements on a line", "x := 1; y := 2", complete, ""},
		{"a function literal that is called", "x := func() int { return 1 }()", complete, ""},
		{"a literal as a statement", "[]int{1, 2}", complete, ""},
		{"a raw string over two lines", "x := `a\nb`", complete, ""},
		{"a comment over two lines", "/* a\nb */ x := 1", complete, ""},
		{"brackets in a string", "x := \"{[(\"", complete, ""},
		{"brackets in a comment", "x := 1 // {[(", complete, ""},
		{"a bracket as a character", "x := '{'", complete, ""},
		{"a backquote in a comment", "x := 1 // `", complete, ""},
		{"a label with its loop", "loop:\nfor {\n\tbreak loop\n}", complete, ""},
		{"an empty statement", "for ; ; {\n}", complete, ""},
		{"an increment", "x++", complete, ""},
		{"what the compiler refuses", "nothing.here(1)\nreturn", complete, ""},

		{"a command", "%test 09", complete, ""},
		{"help", "%help", complete, ""},
		{"a shell's line", "$ ls | grep '(", complete, ""},
		{"a shell's line that ends with an operator", "$ echo a |", complete, ""},
		{"several commands", "%cd /tmp\n$ ls", complete, ""},
		{"a command and Go", "$ ls\nx := 1", complete, ""},
		{"a command and half of a function", "$ ls\nfunc f() {", incomplete, "\t"},
		{"a command behind Go", "x := 1\n$ ls", invalid, ""},
		{"a command of another notebook", ":help", invalid, ""},

		{"a raw string", "x := `a", incomplete, ""},
		{"a raw string with an end of line", "x := `a\n", incomplete, ""},
		{"a raw string in a block", "func f() {\n\tx := `{", incomplete, ""},
		{"a raw string with a quote", "x := `a\"b", incomplete, ""},
		{"a comment that goes on", "x := 1 /* why", incomplete, ""},
		{"a comment that goes on in a block", "func f() { /* why", incomplete, ""},
		{"an operator", "x := 1 +", incomplete, "\t"},
		{"a comparison", "ok := a ==", incomplete, "\t"},
		{"an operator and a comment", "x := 1 + // and", incomplete, "\t"},
		{"an assignment", "x =", incomplete, "\t"},
		{"a definition without a value", "x :=", incomplete, "\t"},
		{"two names of a definition", "a, b :=", incomplete, "\t"},
		{"a list of names", "a,", incomplete, "\t"},
		{"a send", "c <-", incomplete, "\t"},
		{"a receive", "<-", incomplete, "\t"},
		{"a dot", "fmt.", incomplete, "\t"},
		{"a chain of calls", "s.\n\tTrim().", incomplete, "\t"},
		{"a call", "fmt.Println(", incomplete, "\t"},
		{"an argument and a comma", "f(1,", incomplete, "\t"},
		{"an operator in a call", "f(1 +", incomplete, "\t\t"},
		{"a function in a call", "f(func() {", incomplete, "\t"},
		{"a body", "func f() {", incomplete, "\t"},
		{"a statement of a body", "func f() {\n\tx := 1", incomplete, "\t"},
		{"a call in a body", "func f() {\n\tg()", incomplete, "\t"},
		{"an increment in a body", "func f() {\n\tx++", incomplete, "\t"},
		{"an operator in a body", "func f() {\n\tx := 1 +", incomplete, "\t\t"},
		{"a block in a body", "func f() {\n\tfor {", incomplete, "\t\t"},
		{"a block in a body that has ended", "func f() {\n\tfor {\n\t}", incomplete, "\t"},
		{"two brackets of one line", "f(g(", incomplete, "\t"},
		{"two brackets of two lines", "f(\n\tg(", incomplete, "\t\t"},
		{"a literal", "x := []int{\n\t1,", incomplete, "\t"},
		{"a key", "m := map[string]int{\n\t\"a\":", incomplete, "\t"},
		{"fields", "type point struct {\n\tx int", incomplete, "\t"},
		{"methods", "type walker interface {", incomplete, "\t"},
		{"a type without its block, before which Go puts no semicolon", "type point struct", incomplete, ""},
		{"imports", "import (\n\t\"fmt\"", incomplete, "\t"},
		{"import alone", "import", incomplete, ""},
		{"variables", "var (", incomplete, "\t"},
		{"a loop's head", "for i := 0; i < 3;", incomplete, ""},
		{"an if", "if x {", incomplete, "\t"},
		{"an assignment in an if", "if x =", incomplete, "\t"},
		{"an assignment that goes on in an if", "if x = a &&", incomplete, "\t"},
		{"one in a loop's head", "for x = 1 +", incomplete, "\t"},
		{"one behind a semicolon", "for i := 0; i = 1 +", incomplete, "\t"},
		{"one in a switch", "switch x = 1 +", incomplete, "\t"},
		{"else", "if x {\n} else {", incomplete, "\t"},
		{"else alone", "if x {\n} else", incomplete, ""},
		{"a switch", "switch x {", incomplete, ""},
		{"a case", "switch x {\ncase 1:", incomplete, "\t"},
		{"a case's statement", "switch x {\ncase 1:\n\tf()", incomplete, "\t"},
		{"a switch in a body", "func f() {\n\tswitch x := g(); x {", incomplete, "\t"},
		{"a block in a case", "select {\ncase <-c:\n\tif x {", incomplete, "\t\t"},
		{"a literal in a switch's head", "switch f([]int{1}) {", incomplete, ""},
		{"a label", "loop:", incomplete, ""},
		{"two labels", "a:\nb:", incomplete, ""},
		{"go", "go", incomplete, ""},
		{"a goroutine's body", "go func() {", incomplete, "\t"},
		{"a deferred function's dot", "defer x.", incomplete, "\t"},
		{"behind another statement", "x := 1\nfunc f() {", incomplete, "\t"},
		{"behind another one in its line", "x := 1; y := x +", incomplete, "\t"},

		{"a string", `x := "a`, invalid, ""},
		{"a string with an end of line", "x := \"a\n", invalid, ""},
		{"a character", "x := 'a", invalid, ""},
		{"a character of two", "x := 'ab'", invalid, ""},
		{"an unknown escape", `x := "\q"`, invalid, ""},
		{"curved quotes", "x := “a”", invalid, ""},
		{"no letter of Go", "x := 1 # 2", invalid, ""},
		{"bytes that are no text", "x := \"\xff\"", invalid, ""},
		{"a raw string behind it", "x := 1 # `a", invalid, ""},
		{"a bracket too many", "f())", invalid, ""},
		{"a brace too many", "}", invalid, ""},
		{"brackets that don't match", "f(]", invalid, ""},
		{"brackets that cross", "f([)]", invalid, ""},
		{"an argument where a comma is missing", "f(1", invalid, ""},
		{"an element where a comma is missing", "x := []int{1", invalid, ""},
		{"a bracket around a line", "x := (1", invalid, ""},
		{"a body that begins in the next line", "func f()", invalid, ""},
		{"and has begun there", "func f()\n{", invalid, ""},
		{"a variable of a list", "var x []", invalid, ""},
		{"a variable without a type", "var x", invalid, ""},
		{"else in the next line", "if x {\n}\nelse {", invalid, ""},
		{"two operands", "x := 1 2", invalid, ""},
		{"an error in a body that is open", "func f() {\n\tx := := 1", invalid, ""},
		{"an error behind what is open", "f(1,\n, 2", invalid, ""},
		{"an error before what is open", "x := := 1\nfunc f() {", invalid, ""},
		{"what is open, and another statement", "x :=\ny := 1", invalid, ""},
		{"an assignment as a condition", "if x = 1 {\n}", invalid, ""},
		{"go without a call", "go x\n", invalid, ""},
		{"a loop's assignment as a condition, with a block", "for i := 0; i = 1; {\n\tf()", invalid, ""},
		{"two names alone, in a block", "{\n\ta, b", invalid, ""},
		{"a word of another language", "def f():", invalid, ""},
		{"a case outside of a switch", "case 1:", invalid, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, source := range []string{c.source, strings.TrimSuffix(c.source, "\n")} {
				status, indent := Completeness(source)
				assert.Equal(t, c.want, status, "%q", source)
				assert.Equal(t, c.indent, indent, "%q", source)
			}
		})
	}
}

// TestCompletenessOfRealCode: code that is right, typed line by line, is never
// invalid on the way, and the indent offered is that of gofmt.
func TestCompletenessOfRealCode(t *testing.T) {
	paths, err := filepath.Glob("../../../pkg/*/*.go")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	if testing.Short() {
		paths = paths[:10]
	}
	right, all := 0, 0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		_, source, found := strings.Cut(string(text), "\nimport")
		if !found || len(source) > 5_000 {
			continue
		}
		source = "import" + source
		status, _ := Completeness(source)
		require.Equal(t, Complete, status, path)
		lines := strings.SplitAfter(source, "\n")
		head := ""
		for i, line := range lines[:len(lines)-1] {
			head += line
			status, indent := Completeness(strings.TrimSuffix(head, "\n"))
			require.NotEqual(t, Invalid, status, "%s, up to:\n%s", path, head)
			next := strings.TrimLeft(lines[i+1], "\t")
			if next == "\n" || strings.HasPrefix(next, "//") || next == "" || strings.ContainsAny(next[:1], ")]}") || strings.HasPrefix(next, "case ") || strings.HasPrefix(next, "default:") {
				continue // it is offered for a line like the one before
			}
			all++
			if indent == lines[i+1][:len(lines[i+1])-len(next)] {
				right++
			}
		}
	}
	assert.Greater(t, right*100, all*95, "%d of %d indents", right, all)
	t.Logf("%d of %d indents are gofmt's", right, all)
}

// FuzzCell: whatever a reader types, nobody panics, and commands keep their place.
func FuzzCell(f *testing.F) {
	for _, seed := range []string{"x := 1", "func f() {", "x := `a", "$ ls\n%cd\nx", "f(1", "a:\nb:", "switch {", "for i := 0; i", "\xff", "import (", "var x, y = 1,", "//line x:1\nx", "if x = ", "func (", "((((((", "package p", "type T[P any] struct{}", "x := 1;;;{}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 10_000 {
			return
		}
		_, rest := Commands(source)
		require.Len(t, rest, len(source))
		status, indent := Completeness(source)
		require.Contains(t, []Status{Complete, Incomplete, Invalid}, status)
		require.Empty(t, strings.Trim(indent, "\t"))
		require.LessOrEqual(t, len(indent), len(source)+1)
		if status != Incomplete {
			require.Empty(t, indent)
		}
		for _, part := range Parts(source) {
			require.Positive(t, part.Line)
			require.Positive(t, part.Column)
		}
	})
}
