package source

import (
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

func TestNameAt(t *testing.T) {
	cases := []struct{ name, cell, want string }{
		{"a name", "x := cou|nt + 1", "count"},
		{"a cursor before it", "x := |count", "count"},
		{"a cursor behind it", "x := count|", "count"},
		{"a member, up to the cursor's name", "a.b.c|.d", "c"},
		{"of a call", "f(x)[2].nam|e(3)", "name"},
		{"of a type assertion", "x.(net.Conn).Clo|se()", "Close"},
		{"of a call in brackets", "(f)(1).na|me", "name"},
		{"in arguments", "a.f(1, | )", "f"},
		{"behind other brackets", "a.f(g(1), []int{2}[0], | )", "f"},
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
			start, end := NameAt(head+tail, len(head))
			assert.Equal(t, c.want, (head + tail)[start:end])
		})
	}
}

func TestClosers(t *testing.T) {
	cases := []struct{ name, code, want string }{
		{"nothing is open", "f(a[1]) { }", ""},
		{"what is open, from the inside", "f(a[g{", "\n}])"},
		{"what has been closed is not", "f(1)\ng(", ")"},
		{"a bracket too many", "f)) {", "\n}"},
		{"in texts and comments", "f(\"(\") // (\n(", ")"},
		{"below commands", "$ ls (\nx := (", ")"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, Closers(c.code)) })
	}
}
