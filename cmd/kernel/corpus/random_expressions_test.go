package corpus

import "fmt"

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
		f = one(g, append(g.funcs, "T0.Size", "step")...)
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
