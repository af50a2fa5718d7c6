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

// number is an int, made without side effects.
func (g *generator) number() string {
	if g.depth > 8 || g.chance(35) {
		return fmt.Sprint(g.IntN(20))
	}
	g.depth += 2
	defer func() { g.depth -= 2 }()
	name, ok := g.pick(intKind)
	switch g.IntN(8) {
	case 0, 1, 2:
		if ok {
			return name
		}
	case 3:
		return fmt.Sprintf("(%s%s%s)", g.number(), one(g, "+", "-", "*", "&", "|", "^"), g.number())
	case 4:
		return fmt.Sprintf("(%s%s%d)", g.number(), one(g, "/", "%", "<<", ">>"), 1+g.IntN(5))
	case 5:
		if list, ok := g.pick(listKind); ok {
			return one(g, "len("+list+")", fmt.Sprintf("at(%s, %s)", list, g.number()))
		}
	case 6:
		if m, ok := g.pick(mapKind); ok {
			return fmt.Sprintf("%s[%s]", m, g.text())
		}
	case 7:
		return one(g, fmt.Sprintf("max(%s, %s)", g.number(), g.number()), fmt.Sprintf("largest(%s, %s)", g.number(), g.number()), "len("+g.text()+")")
	}
	return fmt.Sprint(g.IntN(100))
}

// call is a call that may change variables: Go doesn't say in which order an expression
// reads those and calls functions, so it is never a part of one.
func (g *generator) call() (call, kind string) {
	if s, ok := g.pick(shapeKind); ok && g.chance(60) {
		if g.chance(50) {
			return s + ".Size()", intKind
		}
		return fmt.Sprintf("%s.Grow(%s)", s, g.number()), textKind
	}
	f, ok := g.pick(funcKind)
	if !ok {
		f = one(g, append(g.funcs, "T0.Size")...)
	}
	if f == "T0.Size" {
		return fmt.Sprintf("T0.Size(T0{N: %s})", g.number()), intKind
	}
	return fmt.Sprintf("%s(%s)", f, g.number()), intKind
}

// text is a string.
func (g *generator) text() string {
	if name, ok := g.pick(textKind); ok && g.chance(40) {
		return name
	}
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("fmt.Sprint(%s)", g.number())
	case 1:
		return fmt.Sprintf("string(rune('a'+%s&7))", g.number())
	}
	return fmt.Sprintf("%q", one(g, "", "a", "bc", "dé", "世"))
}

// truth is a bool.
func (g *generator) truth() string {
	switch g.IntN(5) {
	case 0:
		return fmt.Sprintf("%s %s %s", g.text(), one(g, "==", "<", "!="), g.text())
	case 1:
		return fmt.Sprintf("(%s < %s || !(%s == %s))", g.number(), g.number(), g.number(), g.number())
	}
	return fmt.Sprintf("%s %s %s", g.number(), one(g, "<", ">", "==", "!=", "<=", ">="), g.number())
}

// value is one of a kind.
func (g *generator) value(kind string) string {
	switch kind {
	case intKind:
		return g.number()
	case textKind:
		return g.text()
	case listKind:
		return one(g, "[]int{"+g.number()+", "+g.number()+", "+g.number()+"}", "[]int(nil)", "make([]int, 2, 4)")
	case mapKind:
		return "map[string]int{\"a\": " + g.number() + "}"
	case shapeKind:
		return "&" + g.instance()
	case anyKind:
		return one(g, "any("+g.number()+")", "any("+g.text()+")", "any([]int{"+g.number()+"})", "any(nil)", "any(&"+g.instance()+")")
	}
	return g.instanceOf(kind)
}

func (g *generator) instance() string { return g.instanceOf(one(g, g.types...)) }

func (g *generator) instanceOf(name string) string {
	return fmt.Sprintf("%s{N: %s, S: %s}", name, g.number(), g.text())
}

// statement writes one.
func (g *generator) statement() {
	if g.depth > 3 {
		g.simple()
		return
	}
	all := []func(){
		g.simple, g.simple, g.simple, g.branch, g.count, g.overList, g.overMap, g.cases, g.typeSwitch, g.closure,
		g.closures, g.selects, g.worker, g.methodValue, g.attempt, g.labeled, g.iterate, g.copies, g.leave,
	}
	all[g.IntN(len(all))]()
}

// simple writes a declaration, an assignment or a line of output.
func (g *generator) simple() {
	switch g.IntN(9) {
	case 6, 7:
		call, kind := g.call()
		g.declare(kind, call)
		return
	case 0, 1:
		kind := one(g, intKind, textKind, listKind, mapKind, anyKind, shapeKind, one(g, g.types...))
		g.declare(kind, g.value(kind))
		return
	case 2:
		if name, ok := g.pick(intKind); ok {
			g.put("%s %s %s", name, one(g, "=", "+=", "-=", "^=", "|="), g.number())
			return
		}
	case 3:
		if name, ok := g.pick(listKind); ok {
			g.put("if len(%s) < 50 {\n\t%s = append(%s, %s, %s)\n}", name, name, one(g, name, name+"[:len("+name+")/2]"), g.number(), g.number())
			return
		}
	case 4:
		if name, ok := g.pick(mapKind); ok {
			g.put("%s", one(g, fmt.Sprintf("%s[%s]++", name, g.text()), fmt.Sprintf("delete(%s, %s)", name, g.text()), fmt.Sprintf("%s[%s] = %s", name, g.text(), g.number())))
			return
		}
	case 5:
		a, ok1 := g.pick(intKind)
		b, ok2 := g.pick(intKind)
		if ok1 && ok2 {
			g.put("%s, %s = %s, %s", a, b, b, g.number())
			return
		}
	}
	g.put("fmt.Println(%s, %s, %s)", g.number(), g.text(), g.truth())
}

func (g *generator) branch() {
	g.put("if %s {", g.truth())
	g.block(g.statements)
	if g.chance(50) {
		g.put("} else {")
		g.block(g.statements)
	}
	g.put("}")
}

// loop writes a loop, with tail as its last statement.
func (g *generator) loop(head, tail string, vars ...variable) {
	g.put("%s {", head)
	g.loops++
	g.block(func() {
		g.put("if !spend() {\n\tbreak\n}")
		for _, v := range vars {
			g.put("_ = %s", v.name)
		}
		g.vars = append(g.vars, vars...)
		g.statements()
	})
	g.loops--
	g.put("%s\n}", tail)
}

func (g *generator) count() {
	i := g.name("i")
	head := one(g, fmt.Sprintf("for %s := 0; %s < %d; %s++", i, i, 1+g.IntN(4), i), fmt.Sprintf("for %s := range %d", i, 1+g.IntN(4)))
	g.loop(head, "", variable{i, intKind})
}

func (g *generator) labeled() {
	label, i, j := g.name("L"), g.name("i"), g.name("j")
	g.put("%s:", label)
	tail := fmt.Sprintf("for range 2 {\n\tif %s > 2 {\n\t\t%s %s\n\t}\n}", i, one(g, "break", "continue"), label)
	g.loop(fmt.Sprintf("for %s, %s := 0, 5; %s < %s; %s, %s = %s+1, %s-1", i, j, i, j, i, j, i, j), tail, variable{i, intKind}, variable{j, intKind})
}

func (g *generator) overList() {
	list, ok := g.pick(listKind)
	if !ok {
		list = g.value(listKind)
	}
	i, v := g.name("i"), g.name("e")
	g.loop(fmt.Sprintf("for %s, %s := range %s", i, v, list), "", variable{i, intKind}, variable{v, intKind})
}

// overMap adds up what is in a map, for its order is nobody's.
func (g *generator) overMap() {
	m, ok := g.pick(mapKind)
	if !ok {
		m = g.value(mapKind)
	}
	sum := g.name("sum")
	g.put("%s := 0\nfor k, v := range %s {\n\t%s += len(k) * v\n}", sum, m, sum)
	g.vars = append(g.vars, variable{sum, intKind})
}

func (g *generator) cases() {
	tag := g.name("tag")
	g.put("switch %s := %s & 3; %s {", tag, g.number(), tag)
	for i := range 1 + g.IntN(3) {
		g.put("case %d:", i)
		g.block(g.statements)
		if g.chance(25) {
			g.put("fallthrough")
		}
	}
	g.put("default:")
	g.block(g.statement)
	g.put("}")
}

func (g *generator) typeSwitch() {
	x, v := g.name("x"), g.value(anyKind)
	if name, ok := g.pick(anyKind); ok {
		v = name
	}
	g.put("switch %s := %s.(type) {", x, v)
	for _, kind := range []string{intKind, textKind, listKind} {
		if g.chance(70) {
			g.put("case %s:\n\t_ = %s", kind, x)
			g.block(func() {
				g.vars = append(g.vars, variable{x, kind})
				g.statement()
			})
		}
	}
	g.put("default:\n\tfmt.Println(\"other\", %s == nil)\n}", x)
}

// closure declares a function that uses what is around it.
func (g *generator) closure() {
	name, a := g.name("c"), g.name("a")
	g.put("%s := func(%s int) int {", name, a)
	loops := g.loops
	g.loops = 0
	g.block(func() {
		g.vars = append(g.vars, variable{a, intKind})
		if g.chance(30) {
			g.put("defer fmt.Println(%q, %s)", name, g.number())
		}
		g.statement()
		g.put("return %s", g.number())
	})
	g.loops = loops
	g.put("}\n_ = %s", name)
	g.vars = append(g.vars, variable{name, funcKind})
}

// closures makes functions of a loop's variables, and calls them later.
func (g *generator) closures() {
	list, i, f := g.name("fs"), g.name("i"), g.name("f")
	g.put("var %s []func() int", list)
	g.put("for %s := %s {", i, one(g, fmt.Sprintf("0; %s < 3; %s++", i, i), "range 3", "range []int{4, 5, 6}"))
	g.put("%s = append(%s, func() int {\n\t%s += %s\n\treturn %s\n})", list, list, i, fmt.Sprint(g.IntN(5)), i)
	if g.chance(40) {
		g.put("if %s == 1 {\n\tcontinue\n}\n%s = append(%s, func() int { return %s * 2 })", i, list, list, i)
	}
	g.put("}")
	g.put("for _, %s := range %s {\n\tfmt.Println(%s(), %s())\n}", f, list, f, f)
}

// selects empties a channel.
func (g *generator) selects() {
	ch, sum := g.name("ch"), g.name("sum")
	g.put("%s, %s := make(chan int, 3), 0", ch, sum)
	for range g.IntN(4) {
		g.put("%s <- %s", ch, g.number())
	}
	label := g.name("L")
	if g.chance(60) {
		g.put("close(%s)\n%s:\nfor {\n\tselect {\n\tcase v, ok := <-%s:\n\t\tif !ok {\n\t\t\tbreak %s\n\t\t}\n\t\t%s += v", ch, label, ch, label, sum)
		g.put("\t}\n}")
	} else {
		g.put("%s:\nfor {\n\tselect {\n\tcase %s = <-%s:\n\t\tfmt.Println(%s)\n\tdefault:\n\t\tbreak %s\n\t}\n}", label, sum, ch, sum, label)
	}
	g.put("fmt.Println(%s)", sum)
}

// worker lets goroutines work, one message at a time.
func (g *generator) worker() {
	jobs, results, n := g.name("jobs"), g.name("results"), 1+g.IntN(4)
	g.put("%s, %s := make(chan int), make(chan int)", jobs, results)
	g.put("go func(base int) {\n\tdefer close(%s)\n\tfor j := range %s {\n\t\t%s <- base + j*%d\n\t}\n}(%s)", results, jobs, results, 1+g.IntN(5), g.number())
	g.put("for i := range %d {\n\t%s <- i\n\tfmt.Println(<-%s)\n}\nclose(%s)", n, jobs, results, jobs)
	g.put("if _, ok := <-%s; !ok {\n\tfmt.Println(\"done\")\n}", results)
}

// methodValue binds a receiver, and changes it afterwards.
func (g *generator) methodValue() {
	t, size, grow := g.name("t"), g.name("size"), g.name("grow")
	g.put("%s := %s\n%s, %s := %s.Size, %s.Grow", t, g.instance(), size, grow, t, t)
	g.put("%s.N += 5\nfmt.Println(%s(), %s(%s))\nfmt.Println(%s.N, %s())", t, size, grow, g.number(), t, size)
	g.put("func() {\n\tdefer fmt.Println(%q, %s.N)\n\tdefer %s.Grow(2)\n\t%s.N *= 2\n}()\nfmt.Println(%s.N)", t, t, t, t, t)
}

// attempt does something that may panic.
func (g *generator) attempt() {
	loops := g.loops
	g.loops = 0
	g.put("try(%q, func() {", g.name("try"))
	g.block(func() {
		g.statement()
		switch g.IntN(5) {
		case 0:
			g.put("var m map[string]int\nm[%s] = 1", g.text())
		case 1:
			g.put("zero := %s & 1\nfmt.Println(7 / zero)", g.number())
		case 2:
			g.put("list := []int{1, 2}\nfmt.Println(list[%s&3])", g.number())
		case 3:
			g.put("panic(fmt.Sprint(%s))", g.number())
		default:
			g.put("var v any = %s\nfmt.Println(v.(int))", one(g, g.number(), g.text()))
		}
	})
	g.put("})")
	g.loops = loops
}

// iterate ranges over a function.
func (g *generator) iterate() {
	v := g.name("v")
	g.loop(fmt.Sprintf("for %s := range func(yield func(int) bool) {\n\tfor i := range %d {\n\t\tif !yield(i*%d) {\n\t\t\treturn\n\t\t}\n\t}\n}", v, 1+g.IntN(4), 1+g.IntN(5)), "", variable{v, intKind})
}

// copies copies arrays, structs and slices, and changes the copies.
func (g *generator) copies() {
	a, b := g.name("a"), g.name("b")
	g.put("%s := [3]int{%s, 2, 3}\n%s := %s\n%s[1] = %s\nfmt.Println(%s, %s, %s == %s)\nfmt.Println(copy(%s[:], %s[1:]))\nfmt.Println(%s)", a, g.number(), b, a, b, g.number(), a, b, a, b, a, b, a)
	t := g.name("t")
	g.put("%s := []%s{%s}\nfor _, v := range %s {\n\tv.N++\n}\n%s[0].N += 2\nfmt.Println(%s[0].N)", t, one(g, g.types...), "{N: "+g.number()+"}", t, t, t)
}

// leave ends a round of a loop, if there is one.
func (g *generator) leave() {
	if g.loops == 0 {
		g.simple()
		return
	}
	g.put("if %s {\n\t%s\n}", g.truth(), one(g, "break", "continue"))
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
