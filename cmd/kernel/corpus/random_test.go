package corpus

import (
	"fmt"
	"go/format"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A generator writes random programs that print the same each time. What is random is how
// types, methods, closures, loops, defers and selects are put together; they end, since
// every loop spends some of a supply that all of them share.
type generator struct {
	*rand.Rand
	lines []string
	depth int        // of blocks
	vars  []variable // that the code may use here
	funcs []string   // of func(int) int, declared so far
	types []string   // structs, declared so far
	next  int        // number of the next name
	loops int        // that are around, in the same function
}

type variable struct{ name, kind string }

// The kinds of variables. A struct's is its name.
const (
	intKind   = "int"
	textKind  = "string"
	listKind  = "[]int"
	mapKind   = "map[string]int"
	funcKind  = "func(int) int"
	actKind   = "func()"
	anyKind   = "any"
	shapeKind = "shape"
)

// prelude is what every program begins with.
const prelude = `package main

import (
	"fmt"
	"strings"
)

var fuel = 3000

var step = func(n int) int { return n + 1 }

func spend() bool {
	fuel--
	return fuel > 0
}

func try(name string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			text, _, _ := strings.Cut(fmt.Sprint(r), " [") // the interpreter doesn't say which index is out of range
			fmt.Println(name, "panics:", text)
		}
	}()
	f()
}

func at(list []int, i int) int {
	if len(list) == 0 {
		return -1
	}
	return list[(i%len(list)+len(list))%len(list)]
}

type shape interface {
	Size() int
	Grow(n int) string
}

type T0 struct {
	N int
	S string
	L []int
}

func (t T0) Size() int          { return t.N + len(t.S) }
func (t *T0) Grow(n int) string { t.N += n & 7; return t.S }

func largest[T int | string](a, b T) T {
	if a > b {
		return a
	}
	return b
}
`

// Random returns the program of a seed.
func Random(seed uint64) string {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 1)), types: []string{"T0"}}
	for range 1 + g.IntN(3) {
		g.structure()
	}
	for range 1 + g.IntN(3) {
		g.function()
	}
	g.put("func main() {")
	g.block(func() {
		for range 3 + g.IntN(4) {
			g.statement()
		}
		for _, v := range g.vars {
			g.show(v)
		}
	})
	g.put("}")
	text, err := format.Source([]byte(prelude + strings.Join(g.lines, "\n") + "\n"))
	if err != nil {
		panic(fmt.Errorf("%w\n%s", err, strings.Join(g.lines, "\n")))
	}
	return string(text)
}

func (g *generator) put(format string, args ...any) {
	g.lines = append(g.lines, fmt.Sprintf(format, args...))
}

func (g *generator) name(word string) string {
	g.next++
	return fmt.Sprintf("%s%d", word, g.next)
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

// one is one of the choices.
func one[T any](g *generator, choices ...T) T { return choices[g.IntN(len(choices))] }

// block writes what body writes; what it declares is forgotten at its end.
func (g *generator) block(body func()) {
	known := len(g.vars)
	g.depth++
	body()
	g.depth--
	g.vars = g.vars[:known]
}

// body writes a function's, in which only its parameters are known.
func (g *generator) body(parameters []variable, write func()) {
	vars, loops := g.vars, g.loops
	g.vars, g.loops = append([]variable(nil), parameters...), 0
	g.block(write)
	g.vars, g.loops = vars, loops
}

// pick is a variable of a kind, and whether there is one.
func (g *generator) pick(kind string) (string, bool) {
	var names []string
	for _, v := range g.vars {
		if v.kind == kind {
			names = append(names, v.name)
		}
	}
	if len(names) == 0 {
		return "", false
	}
	return names[g.IntN(len(names))], true
}

// declare writes a variable.
func (g *generator) declare(kind, value string) {
	v := variable{g.name("v"), kind}
	if kind == anyKind || kind == shapeKind || g.chance(20) {
		g.put("var %s %s = %s", v.name, kind, value)
	} else {
		g.put("%s := %s", v.name, value)
	}
	g.put("_ = %s", v.name)
	g.vars = append(g.vars, v)
}

// show prints a variable.
func (g *generator) show(v variable) {
	switch v.kind {
	case actKind:
		g.put("%s()", v.name)
	case funcKind:
		g.put("fmt.Println(%q, %s(3))", v.name, v.name)
	case shapeKind:
		g.put("fmt.Println(%q, %s.Size())", v.name, v.name)
	case mapKind:
		g.put("fmt.Println(%q, len(%s), %s)", v.name, v.name, v.name)
	default:
		g.put("fmt.Println(%q, %s)", v.name, v.name)
	}
}

// structure declares a struct with methods, and maybe what it embeds.
func (g *generator) structure() {
	name := g.name("T")
	g.put("type %s struct {\n\tN int\n\tS string\n\tL []int", name)
	embedded := ""
	if g.chance(50) {
		embedded = one(g, g.types...)
		g.put("\t%s", embedded)
	}
	g.put("}")
	self := []variable{{"t.N", intKind}, {"t.S", textKind}, {"t.L", listKind}}
	if embedded == "" || g.chance(60) {
		g.put("func (t %s) Size() int {", name)
		g.body(self, func() {
			g.statement()
			g.put("return %s", g.number())
		})
		g.put("}")
	}
	g.put("func (t *%s) Grow(n int) string {", name)
	g.body(append(self, variable{"n", intKind}), func() {
		g.put("t.N += n%%7 + 1")
		if g.chance(50) {
			g.put("t.L = append(t.L, t.N%%10)")
		}
		g.statement()
		g.put("return %s", g.text())
	})
	g.put("}")
	g.types = append(g.types, name)
}

// function declares a func(int) int.
func (g *generator) function() {
	name := g.name("f")
	if g.chance(40) { // it changes its result at the end
		g.put("func %s(a int) (result int) {", name)
		g.body([]variable{{"a", intKind}, {"result", intKind}}, func() {
			g.put("defer func() {\n\tresult += %d\n}()", g.IntN(9))
			g.put("defer fmt.Println(%q, %s)", name+" ends", g.number())
			g.statements()
			if g.chance(30) {
				g.put("defer func() {\n\tif r := recover(); r != nil {\n\t\tfmt.Println(\"recovered\", r)\n\t\tresult = -1\n\t}\n}()")
				g.put("if a%%3 == 0 {\n\tpanic(%s)\n}", g.text())
			}
			g.put("return %s", g.number())
		})
	} else {
		g.put("func %s(a int) int {", name)
		g.body([]variable{{"a", intKind}}, func() {
			g.statements()
			g.put("return %s", g.number())
		})
	}
	g.put("}")
	g.funcs = append(g.funcs, name)
}

func (g *generator) statements() {
	for range 1 + g.IntN(3) {
		g.statement()
	}
}

// TestRandomIsGo: the generator writes programs that the compiler accepts and that end, and
// the same for the same seed.
func TestRandomIsGo(t *testing.T) {
	var all []Program
	for seed := range uint64(40) {
		require.Equal(t, Random(seed), Random(seed))
		all = append(all, Program{fmt.Sprint(seed), Random(seed)})
	}
	for i, printed := range Compile(t, all) {
		require.NotContains(t, printed, "panic: ", all[i].Source)
	}
}
