package source

import (
	"go/ast"
	"go/parser"
	"go/token"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// parsed are a file's declarations, and the statements of its functions named _, as the
// interpreter's parser gives a cell's.
func parsed(t *testing.T, code string) (nodes []ast.Node, place func(token.Pos) int) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", code, parser.ParseComments)
	require.NoError(t, err)
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "_" {
			for _, s := range f.Body.List {
				nodes = append(nodes, s)
			}
			continue
		}
		nodes = append(nodes, d)
	}
	return nodes, func(p token.Pos) int { return files.Position(p).Offset }
}

func TestDefinitions(t *testing.T) {
	const code = `package p
// A box holds
// one value.
type box struct{ v int }
type (
	// One has a comment.
	one int
	two int // so has two
)
// Put puts.
func (b *box) Put(v int) { b.v = v }
func (b box) Get() int { return b.v }

// not of double

func double(n int) int {
	return 2 * n
}
const limit = 10 // at most
var a, b int
func _() {
	// c counts.
	c := 1
	c = 2
	d, e := 1, 2 // both
}
type last struct{}`
	nodes, place := parsed(t, code)
	assert.Equal(t, map[string]Definition{
		"box":     {"type box struct{ v int }", "A box holds\none value."},
		"one":     {"type one int", "One has a comment."},
		"two":     {"type two int", "so has two"},
		"box.Put": {"func (b *box) Put(v int)", "Put puts."},
		"box.Get": {"func (b box) Get() int", ""},
		"double":  {"func double(n int) int", ""},
		"limit":   {"", "at most"},
		"a":       {},
		"b":       {},
		"c":       {"", "c counts."},
		"d":       {"", "both"},
		"e":       {"", "both"},
		"last":    {"type last struct{}", ""},
	}, Definitions(nodes, code, place))
	unknown := func(p token.Pos) int {
		if p == nodes[4].Pos() {
			return -1
		}
		return place(p)
	}
	found := Definitions(nodes, code, unknown)
	assert.Equal(t, Definition{}, found["double"], "a place that is not known")
}

func TestImports(t *testing.T) {
	nodes, _ := parsed(t, "package p\nimport \"a\"\nimport (\n\tx \"b\"\n\t\"c\"\n)\nvar v int")
	var paths []string
	for _, imported := range Imports(nodes) {
		paths = append(paths, imported.Path.Value)
	}
	assert.Equal(t, []string{`"a"`, `"b"`, `"c"`}, paths)
}

func TestDidYouMean(t *testing.T) {
	known := []string{"count", "counts", "Count", "account", "recv", "send", "sned", "x", "y", "Println", "Printf", "Print", "abxy"}
	for name, want := range map[string]string{
		"coutn":   "Did you mean p.Count or p.count?",
		"COUNT":   "Did you mean p.Count or p.count?",
		"count":   "Did you mean p.Count?",
		"Prinln":  "Did you mean p.Println?",
		"Printl":  "Did you mean p.Print, p.Printf or p.Println?",
		"snd":     "Did you mean p.send or p.sned?",
		"rcev":    "Did you mean p.recv?",
		"abcd":    "",
		"z":       "",
		"nothing": "",
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, want, DidYouMean("p.", name, known)) })
	}
	assert.Equal(t, "Did you mean aab, aac or aad?", DidYouMean("", "aaa", []string{"aae", "aad", "aac", "aab", "aac"}), "three at most")
}

// TestPartsWithHeads: the head of a statement ends at the brace of its block, not at that
// of a value in it.
func TestPartsWithHeads(t *testing.T) {
	for _, c := range []struct {
		name, source string
		parts        int
	}{
		{"an array", "for i := [1]int{1}; i[0] < 9; i[0]++ {\n}\nx := 1", 2},
		{"a function", "if f := func() bool { return true }; f() {\n}\nx := 1", 2},
		{"a switch without a tag", "switch f := func() int { return 1 }; {\ncase f() > 0:\n}\nx := 1", 2},
		{"a map of structs", "for k, v := range map[string]struct{ n int }{\"a\": {1}} {\n\t_, _ = k, v\n}\nx := 1", 2},
		{"an index before the block", "if list[0] > m[key] {\n}\nx := 1", 2},
		{"an index, and a block on the same line", "for i := range list[1] {}; x := 1", 2},
		{"blocks on a line", "for range 3 {}; if x := 1; x > 0 {}; y := 2", 3},
		{"a block without a head", "for {\n\tx := 1; _ = x\n}\nif true {}; y := 2", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			assert.Len(t, Parts(c.source), c.parts)
		})
	}
}
