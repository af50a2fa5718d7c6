package corpus

import "fmt"

// statement writes one.
func (g *generator) statement() {
	if g.depth > 3 {
		g.simple()
		return
	}
	all := []func(){
		g.simple, g.simple, g.simple, g.branch, g.count, g.overList, g.overMap, g.cases, g.typeSwitch, g.closure,
		g.closures, g.far, g.far, g.selects, g.worker, g.methodValue, g.attempt, g.labeled, g.iterate, g.copies, g.leave,
	}
	all[g.IntN(len(all))]()
}

// simple writes a declaration, an assignment or a line of output.
func (g *generator) simple() {
	switch g.IntN(11) {
	case 6, 7:
		call, kind := g.call()
		g.declare(kind, call)
		return
	case 9:
		g.put("step = func(n int) int { return n*%d + %s }", 1+g.IntN(3), g.number())
		return
	case 10:
		if act, ok := g.pick(actKind); ok {
			g.put("%s()", act)
			return
		}
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

// far calls a function from several scopes further in, and replaces it there.
func (g *generator) far() {
	act, count := g.name("act"), g.name("n")
	g.put("%s := 0\n%s := func() {\n\t%s++\n\tfmt.Println(%q, %s)\n}", count, act, count, act, count)
	layers := 1 + g.IntN(5)
	var ends []string
	for range layers {
		in := g.name("in")
		begin := one(g, "if %s := %d; %s > 0 {", "for %s := range %d {\n\t_ = %s", "func() {\n\t%s := %d\n\t_ = %s", "switch %s := %d; {\ncase %s < 9:")
		g.put(begin, in, 1+g.IntN(2), in)
		end := "}"
		if begin[0] == 'f' && begin[1] == 'u' {
			end = "}()"
		}
		ends = append(ends, end)
		if g.chance(50) {
			g.put("%s()", act)
		}
	}
	g.put("%s()\n%s = func() { fmt.Println(%q, step(%s)) }", act, act, act+" anew", g.number())
	for i := range ends {
		g.put("%s", ends[layers-1-i])
	}
	g.put("%s()", act)
	g.vars = append(g.vars, variable{act, actKind}, variable{count, intKind})
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
