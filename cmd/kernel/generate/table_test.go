package main

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"
)

func TestTable(t *testing.T) {
	cases := []struct {
		name, source string
		has          []string // in the file
		lacks        []string // not in the file
	}{
		{"a constant keeps its exact value", "const Big = 1 << 63",
			[]string{`"Big": reflect.ValueOf(uint64(x_p.Big))`, `"Big": "int:9223372036854775808"`}, nil},
		{"a typed constant needs no exact value", "type T int; const C T = 3",
			[]string{`"C": reflect.ValueOf(x_p.C)`}, []string{"Untypeds"}},
		{"a constant may hold any text", `const S = "a:\"b\"\n"`,
			[]string{`"S": "string:a:\"b\"\n"`}, nil},
		{"a variable can be set by a cell", "var V int",
			[]string{`"V": reflect.ValueOf(&x_p.V).Elem()`}, nil},
		{"a generic function is left out", "func F[T any](t T) {}; func G() {}",
			[]string{`"G": reflect.ValueOf(x_p.G)`}, []string{`"F"`}},
		{"a generic type and a generic function are left out, what returns an instance is not", "type L[T any] struct{}; func F[T any]() *L[T] { return nil }; func G() *L[int] { return nil }",
			[]string{`"G": reflect.ValueOf(x_p.G)`}, []string{`"L"`, `"F"`}},
		{"a constraint is left out", "type C interface{ ~int }; func G() {}",
			nil, []string{`"C"`}},
		{"what is not exported is left out", "func f() {}; func G() {}",
			nil, []string{`"f"`}},
		{"a package without exported names has no table", "func f() {}",
			nil, []string{"import", "func init"}},
		{"an interface has a proxy", "type Waiter interface { Wait(n int, more ...string) (any, error) }",
			[]string{
				"Wait_  func(object any, p0 int, p1 ...string) (any, error)",
				"func (p *proxy_x_p_Waiter) Wait(p0 int, p1 ...string) (any, error) {",
				"return p.Wait_(p.Object, p0, p1...)",
			}, nil},
		{"an interface that nobody else can implement has none", "type Sealed interface { seal() }",
			[]string{`"Sealed": reflect.TypeOf`}, []string{"Proxies"}},
		{"an embedded interface's methods are in the proxy", "type A interface{ One() }; type B interface { A; Two() }",
			[]string{"func (p *proxy_x_p_B) One() {", "func (p *proxy_x_p_B) Two() {"}, nil},
		{"promoted methods are listed, own ones are not", "type A struct{}; func (A) One() {}; type B struct{ A }; func (*B) Two() {}",
			[]string{`"B": []string{"One"}`}, []string{`"Two"`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text, err := render(tableFile{tag: "linux"}, []*packages.Package{{Types: check(t, c.source)}})
			require.NoError(t, err)
			for _, piece := range c.has {
				assert.Contains(t, squeeze(string(text)), squeeze(piece))
			}
			for _, piece := range c.lacks {
				assert.NotContains(t, string(text), piece)
			}
		})
	}
}

func TestWanted(t *testing.T) {
	cases := []struct {
		path, name string
		want       bool
	}{
		{unixPath, "EpollWait", true},
		{unixPath, "EAGAIN", true},
		{unixPath, "SIGINT", true},
		{unixPath, "SO_ERROR", true},
		{unixPath, "SockaddrInet6", true},
		{unixPath, "Mount", false},
		{unixPath, "BPF_ADD", false},
		{"syscall", "Mount", true},
		{"syscall", "read", false},
	}
	for _, c := range cases {
		assert.Equal(t, c.want, wanted(c.path, c.name), "%s.%s", c.path, c.name)
	}
}

// check compiles the body of a package x/p.
func check(t *testing.T, body string) *types.Package {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, "p.go", "package p\n"+body, 0)
	require.NoError(t, err)
	p, err := (&types.Config{Importer: importer.Default()}).Check("x/p", set, []*ast.File{file}, nil)
	require.NoError(t, err)
	return p
}

// squeeze takes out the blanks by which gofmt aligns columns.
func squeeze(text string) string {
	var out []rune
	for _, r := range text {
		if r != ' ' && r != '\t' {
			out = append(out, r)
		}
	}
	return string(out)
}
