package source

import (
	"go/ast"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A word's range is that of its bytes in the cell, whatever stands above it.
func TestScan(t *testing.T) {
	cases := []struct {
		name, code string
		words      string // text@line
		wrong      string
	}{
		{"commands and comments are left out", "$ ls ☃\n// no\nx /* no */ := 1", "x@3 :=@3 1@3 ;@3", ""},
		{"operators have their text, too", "f(a)\n", "f@1 (@1 a@1 )@1 ;@1", ""},
		{"the first fault", "x # \"a", "x@1 #@1 \"a@1 ;@1", "illegal character U+0023 '#'"},
		{"a comment without an end", "x /* a", "x@1 ;@1", "comment not terminated"},
		{"nothing", "", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			words, wrong := scan(c.code)
			var text []string
			for _, w := range words {
				said := w.text
				if w.token == token.SEMICOLON {
					said = ";"
					assert.Equal(t, w.start, w.end, "Go's own semicolon takes no bytes")
				} else {
					assert.Equal(t, w.text, c.code[w.start:w.end])
				}
				text = append(text, said+"@"+string(rune('0'+w.line)))
			}
			assert.Equal(t, c.words, strings.Join(text, " "))
			assert.Equal(t, c.wrong, wrong)
		})
	}
}

func TestExpressionAt(t *testing.T) {
	cases := []struct{ name, cell, want string }{
		{"a name", "x := cou|nt + 1", "count"},
		{"a cursor before it", "x := |count", "count"},
		{"a cursor behind it", "x := count|", "count"},
		{"a member, up to the cursor's name", "a.b.c|.d", "a.b.c"},
		{"of a call", "f(x)[2].nam|e(3)", "f(x)[2].name"},
		{"of a type assertion", "x.(net.Conn).Clo|se()", "x.(net.Conn).Close"},
		{"of a call in brackets", "(f)(1).na|me", "(f)(1).name"},
		{"in arguments", "a.f(1, | )", "a.f"},
		{"behind other brackets", "a.f(g(1), []int{2}[0], | )", "a.f"},
		{"of the inner call", "f(g(| ), 1)", "g"},
		{"in brackets that are no call", "f((| 1))", "f"},
		{"in a block", "f(func() {\n| \n})", ""},
		{"in a bracket that nobody calls", "(| 1)", ""},
		{"below commands", "$ a.b(\nf(| )", "f"},
		{"nowhere", "| ", ""},
		{"behind a call", "f(1) + | 2", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			head, tail, found := strings.Cut(c.cell, "|")
			require.True(t, found)
			start, end := ExpressionAt(head+tail, len(head))
			assert.Equal(t, c.want, (head + tail)[start:end])
		})
	}
}

func TestExpressionBefore(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		".":                        "",
		"x.":                       "x",
		"y := a.b(1).":             "a.b(1)",
		"f(x).":                    "f(x)",
		"x.(T).":                   "x.(T)",
		"1 + m[k].":                "m[k]",
		"%test 09\n\"a\" + \"☃\".": "\"☃\"",
		"(x).":                     "(x)",
	} {
		t.Run(text, func(t *testing.T) { assert.Equal(t, want, ExpressionBefore(text)) })
	}
}

// What is read before the cursor is a function that Go can parse, whatever is open.
func TestBefore(t *testing.T) {
	cases := []struct {
		name, cell string
		says       string // the function's words; HERE is the cursor
		imports    map[string]string
	}{
		{"a statement", "x := 1\ny := |2", "x := 1 ; y := HERE", nil},
		{"what is open is closed", "f(a[g{|", "f ( a [ g { HERE ; } ] )", nil},
		{"what has been closed is not", "f(1)\ng(|", "f ( 1 ) ; g ( HERE )", nil},
		{"a function is a variable", "func f(n int) {\n\tm := n\n\t|", "f := func ( n int ) { m := n ; HERE ; }", nil},
		{"a method has its receiver for a parameter", "func (b *box) Put(v int) {\n|", "_ = func ( b * box , v int ) { HERE ; }", nil},
		{"a function literal stays", "func() {}()\n|", "func ( ) { } ( ) ; HERE", nil},
		{"also one that returns a function", "func(n int) func() {\n|", "func ( n int ) func ( ) { HERE ; }", nil},
		{"imports are taken out", "import (\n\ts \"strings\"; . \"math\"\n\t\"fmt\"\n)\nimport \"io\"\nx := 1\n|", "x := 1 ; HERE",
			map[string]string{"fmt": "", "strings": "s", "math": ".", "io": ""}},
		{"what stands behind the cursor is left out", "|x\nimport \"io\"", "HERE", nil},
		{"commands are none of it", "$ ls (\nx := 1\n|", "x := 1 ; HERE", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			head, tail, _ := strings.Cut(c.cell, "|")
			words, _ := scan(head + tail)
			body, _ := straighten(words, len(head))
			assert.Equal(t, c.says+" ; }", spelled(body))
			file, at, imports := Before(head+tail, len(head))
			require.NotNil(t, file)
			if c.imports == nil {
				c.imports = map[string]string{}
			}
			assert.Equal(t, c.imports, imports)
			var found token.Pos
			ast.Inspect(file, func(n ast.Node) bool {
				if name, ok := n.(*ast.Ident); ok && name.Name == Cursor {
					found = name.Pos()
				}
				return true
			})
			assert.Equal(t, found, at)
		})
	}
}

// spelled is a text's words, with blanks between them.
func spelled(text string) string {
	words, _ := scan(text)
	var all []string
	for _, w := range words {
		all = append(all, strings.NewReplacer("\n", ";", Cursor, "HERE").Replace(w.text))
	}
	return strings.TrimSuffix(strings.Join(all, " "), " ;")
}
