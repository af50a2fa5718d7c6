package cell

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Cells do what Go does. What each row prints was written by hand, by Go's specification;
// of the programs in package corpus the compiler itself has been asked.
func TestLower(t *testing.T) {
	const imports = "import (\"errors\"; \"fmt\"; \"os\"; \"runtime\"; \"sort\"; \"strings\"; \"sync\"; \"time\")\nvar _, _, _, _, _, _, _, _ = errors.New, fmt.Print, os.Exit, runtime.GC, sort.Ints, strings.ToUpper, sync.NewCond, time.Now\n"
	cases := []struct{ name, cells, prints string }{
		{"range over an integer", "for i := range 3 { fmt.Print(i) }\nfor range 2 { fmt.Print(`x`) }\nvar n int8 = 2\nfor i := range n { i *= 2; fmt.Printf(`%T%d`, i, i) }", "012xxint80int82"},
		{"the number changes in the loop", "n := 3\nfor range n { n++; fmt.Print(n) }", "456"},
		{"a variable that is there", "var i int64\nfor i = range 3 { }\nfmt.Print(i)", "2"},

		{"values that are assigned in each round", "var p struct{ i, v int }\nfor p.i, p.v = range []int{5, 6} {\n}\ns, i := make([]int, 3), 0\nfor i, s[i] = range []int{2, 0, 1} {\n}\nfmt.Print(p, i, s)\nfor _ = range s {\n}\nvar r rune\nfor _, r = range `ab` {\n}\nfmt.Print(r)", "{1 6} 2 [0 1 0]98"},
		{"an array that changes in the loop", "a := [3]int{1, 2, 3}\nfor i, v := range a { a = [3]int{}; fmt.Print(i, v, `,`) }\nfor i := range a { fmt.Print(i) }", "0 1,1 2,2 3,012"},
		{"a slice of an array per round", "var all [][]int\nfor a := ([1]int{}); a[0] < 2; a[0]++ { all = append(all, a[:]) }\nfmt.Print(all)", "[[0] [1]]"},
		{"a function per round", "var fs []func()\nfor i := 0; i < 3; i++ { fs = append(fs, func() { fmt.Print(i) }) }\nfor _, f := range fs { f() }", "012"},
		{"that changes the variable", "for i := 0; i < 6; i++ { func() { i++ }(); fmt.Print(i) }", "135"},
		{"a pointer per round, and continue to the outer loop", "var ps []*int\nouter:\nfor i, j := 0, 5; i < j; i, j = i+1, j-1 {\n\tfor k := range 3 {\n\t\tif k == 1 { continue outer }\n\t\tps = append(ps, &i, &j, &k)\n\t}\n}\nfor _, p := range ps { fmt.Print(*p) }", "050140230"},
		{"a body that hides the variable", "var fs []func()\nfor i := 0; i < 2; i++ { i := i * 10; fs = append(fs, func() { fmt.Print(i) }) }\nfs[0](); fs[1]()", "010"},
		{"the variables of a range", "var fs []func()\nfor i, v := range []string{`a`, `b`} { fs = append(fs, func() { fmt.Print(i, v) }) }\nfs[0](); fs[1]()", "0a1b"},
		{"goroutines", "var w sync.WaitGroup\nlist := make([]int, 3)\nfor i := 0; i < 3; i++ { w.Add(1); go func() { defer w.Done(); list[i] = i }() }\nw.Wait()\nfmt.Print(list)", "[0 1 2]"},
		{"a method by its pointer", "type c struct{ n int }\nfunc (p *c) self() *c { return p }\n---\nvar ps []*c\nfor v := (c{}); v.n < 2; v.n++ { ps = append(ps, v.self()) }\nfmt.Print(ps[0].n, ps[1].n, ps[0] == ps[1])", "0 1 false"},

		{"range over a function", "seq := func(yield func(int) bool) { for i := 0; i < 5; i++ { if !yield(i) { fmt.Print(`!`); return } } }\nfor x := range seq { if x == 1 { continue }; if x == 3 { break }; fmt.Print(x) }\nfor range seq { fmt.Print(`.`) }", "02!....."},
		{"and continues in a switch", "seq := func(yield func(int) bool) { _ = yield(1) && yield(2) && yield(3) }\nfor x := range seq { switch x { case 1: continue; case 2: break }; fmt.Print(x) }", "23"},
		{"that is left for elsewhere", "func seq(yield func(int, string) bool) { _ = yield(1, `a`) && yield(2, `b`) && yield(3, `c`) }\nfunc find(n int) (int, string) {\nouter:\n\tfor i := 0; i < 3; i++ {\n\t\tfor k, v := range seq {\n\t\t\tif k == 2 && i == 0 { continue outer }\n\t\t\tif k == n { return i, v }\n\t\t\tfor l := range seq { if l == 2 && i == 2 { break outer } }\n\t\t}\n\t}\n\treturn -1, `none`\n}\nfmt.Print(find(3))\nfmt.Print(find(7))", "1c-1none"},
		{"that goes on after the loop", "func seq(yield func(int) bool) { yield(1); yield(2) }\ndefer func() { fmt.Print(recover()) }()\nfor range seq { break }", "runtime error: range function continued iteration after function for loop body returned false"},
		{"named results", "func seq(yield func(int) bool) { yield(7) }\nfunc f() (n int) { defer func() { n++ }(); for n = range seq { return }; return 0 }\nfmt.Print(f())", "8"},

		{"a receive with ok in a select", "c := make(chan int, 1)\nc <- 5\nclose(c)\nfor range 2 { select { case v, ok := <-c: fmt.Print(v, ok) } }", "5 true0 false"},
		{"and a send, a default, an assignment", "c, d := make(chan int, 1), make(chan any, 1)\nvar v, n int\nvar ok bool\nfor range 4 {\n\tselect {\n\tcase v, ok = <-c: fmt.Print(v, ok); c = nil\n\tcase d <- error(nil): fmt.Print(`sent`); close(c)\n\tdefault: n++\n\t}\n}\nfmt.Print(n)", "sent0 false2"},
		{"a constant that is sent", "c := make(chan int64, 1)\nselect { case c <- 1: default: }\nfmt.Print(<-c)", "1"},
		{"break and continue in it", "c := make(chan int, 3)\nc <- 1; c <- 2; close(c)\nloop:\nfor { select { case v, ok := <-c: if !ok { break loop }; if v == 1 { continue loop }; fmt.Print(v); break } }", "2"},

		{"copy as a value", "b := make([]byte, 5)\nn := copy(b, `abc`)\nfmt.Print(n, copy(b[1:], b), string(b[:4]))\ncopy(b, b[2:])", "3 4aabc"},
		{"min, max and clear", "x := 4\nfmt.Print(min(3, 1.5, 2), max(x, 3), min(`b`, `a`), max(-1.5, float64(x)))\nm, s := map[int]int{1: 1}, []int{1}\nclear(m); clear(s)\nfmt.Print(m, s)\nconst c = min(2, 1)\nvar a [c]int\nfmt.Print(len(a))", "1.5 4a4map[] [0]1"},
		{"division by a constant zero", "x := 1.0\nfmt.Print(x/0, -x/0.0)\nx /= 0\nfmt.Print(x)", "+Inf -Inf+Inf"},

		{"a method value copies its receiver", "type c struct{ n int }\nfunc (v c) get() int { return v.n }\nfunc (v *c) set(n int) { v.n = n }\nv := c{1}\nget, set := v.get, v.set\nv.n = 2\nfmt.Print(get(), v.get())\nset(3)\nfmt.Print(v.n, c.get(v))\nf := (*c).set\nf(&v, 4)\nfmt.Print(v.n)", "1 23 34"},
		{"so does defer", "type c struct{ n int }\nfunc (v c) show() { fmt.Print(v.n) }\nfunc f() { v := c{1}; defer v.show(); v.n = 2; v.show() }\nf()", "21"},
		{"of a compiled type", "d := time.Second\ns := d.String\nd = time.Minute\nfmt.Print(s(), d)\nt := time.Unix(0, 0).UTC()\nyear := t.Year\nt = t.AddDate(5, 0, 0)\nfmt.Print(year(), t.Year())", "1s1m0s1970 1975"},
		{"of an interface", "type i interface{ m() int }\ntype a int\nfunc (v a) m() int { return int(v) }\nvar x i = a(1)\nm := x.m\nx = a(2)\nfmt.Print(m(), x.m())", "1 2"},
		{"a call whose arguments are a call's results", "type c int\nfunc (v c) add(a, b int) int { return int(v) + a + b }\nfunc two() (int, int) { return 1, 2 }\nfmt.Print(c(4).add(two()))", "7"},
		{"variadic", "type c int\nfunc (v c) sum(all ...int) int { for _, n := range all { v += c(n) }; return int(v) }\nf := c(1).sum\nfmt.Print(c(1).sum(), c(1).sum(1, 2), c(1).sum([]int{4}...), f(2, 3))", "1 4 5 6"},

		{"functions that call each other", "fmt.Print(even(10))\nfunc even(n int) bool { return n == 0 || odd(n-1) }\nfunc odd(n int) bool { return n > 0 && even(n-1) }", "true"},
		{"a function variable that changes", "f := func() { fmt.Print(`1 `) }\ng := func(n int) int { return n }\ntype key int\nh := func(k key) string { return `a` }\nshow := func() { f(); fmt.Print(g(2), h(3), ` `); defer f() }\nshow()\nf = func() { fmt.Print(`4 `) }\ng = func(n int) int { return n * 5 }\nh = func(k key) string { return `b` }\nshow()\n---\nf, g = func() { fmt.Print(`6 `) }, func(n int) int { return 7 }\nshow()", "1 2a 1 4 10b 4 6 7b 6 "},
		{"a function of several scopes further out", "func far(act func(), tell func(int)) {\n\tfor i := range 1 {\n\t\ta := i\n\t\tif b := a; b == 0 {\n\t\t\tfunc() {\n\t\t\t\tc := b\n\t\t\t\tact()\n\t\t\t\tfunc() { d := c; act(); tell(d); defer act(); act = func() { tell(d + 1) }; act() }()\n\t\t\t}()\n\t\t}\n\t}\n}\nfar(func() { fmt.Print(`x`) }, func(n int) { fmt.Print(n) })", "xx01x"},
		{"a definition that also changes a variable", "func f() string { a, b := 1, 2; a, c := b, a; var e error; x, e := e, os.ErrExist; if a, d := c, a; a < d { return fmt.Sprint(a, b, c, d, x, e) }; return `` }\nfmt.Print(f())\na, b := 1, `b`\n---\na, c := a+1, a\nvar face any = a\nface, b, d := nil, any(face), any(face)\nfmt.Print(a, c, face, b, d)", "1 2 1 2 <nil> file already exists2 1 <nil> 2 2"},
		{"a function that is named like a local variable", "func fact(n int) int { if n == 0 { return 1 }; return n * fact(n-1) }\nvar n = fact(3)\nfmt.Print(n)", "6"},
		{"types and constants in any order", "type a struct{ all [n]b }\ntype b struct{ c *c }\ntype c struct{ a []a }\nconst n = m + 1\nconst m = 1\nfmt.Print(len(a{}.all), a{}.all[0].c == nil)", "2 true"},
		{"a method that a later cell adds, and replaces", "type c struct{ n int }\nv := c{1}\n---\nfunc (c c) show() { fmt.Print(c.n, ` `) }\nv.show()\n---\nfunc (c c) show() { fmt.Print(-c.n) }\nv.show()", "1 -1"},
		{"a receiver that is named like a variable", "q := 1\ntype bag struct{ n int }\nfunc (q *bag) add() { q.n++ }\nb := bag{}\nb.add()\nfmt.Print(b.n, q)", "1 1"},
		{"a list of pointers to itself", "type list struct {\n\tnext *list\n\tv int\n}\nfunc (l *list) sum() int { if l == nil { return 0 }; return l.v + l.next.sum() }\nl := &list{&list{nil, 2}, 1}\nfmt.Print(l.sum(), l.next.next == nil)", "3 true"},
		{"many methods", "type c int\nfunc (c) a() int { return 1 }; func (c) b() int { return 2 }; func (c) d() int { return 3 }\n---\nfunc (c) e() int { return 4 }; func (c) f() int { return 5 }; func (c) g() int { return 6 }\n---\nvar v interface{ a() int; b() int; d() int; e() int; f() int; g() int } = c(1)\nfmt.Print(v.a(), v.b(), v.d(), v.e(), v.f(), v.g())", "1 2 3 4 5 6"},

		{"embedded structs", "type base struct{ id int }\nfunc (b base) name() string { return `base` }\nfunc (b *base) set(id int) { b.id = id }\nfunc (b base) hello() string { return b.name() }\ntype dog struct{ base; sync.Mutex }\nfunc (dog) name() string { return `dog` }\nd := dog{}\nd.set(3)\nd.Lock(); d.Unlock()\nfmt.Print(d.id, d.name(), d.base.name(), d.hello())\nvar i interface{ name() string; hello() string; set(int) } = &d\ni.set(4)\nfmt.Print(d.id, i.name(), i.hello())", "3dogbasebase4dogbase"},
		{"a pointer to a struct without a name", "p := &struct{ a, b int }{1, 2}\np.a = 5\np.b++\nfmt.Print(p.a, p.b, *p)", "5 3 {5 3}"},
		{"an embedded interface and an embedded pointer", "type in struct{ fmt.Stringer; *strings.Builder }\nv := in{time.Second, &strings.Builder{}}\nv.WriteString(`x`)\nfmt.Print(v.Stringer.String(), v.Len())\nvar l interface{ Len() int } = v\nfmt.Print(l.Len())", "1s11"},

		{"parameters without a name", "func f(int) int { return 1 }\ng := func(_, b int) int { return b }\nfunc h(int, string, ...bool) {}\nh(1, `a`)\nfmt.Print(f(2), g(3, 4))", "1 4"},
		{"types that are made of the same, in an interface", "type a int\ntype b int\ntype p struct{ X int }\ntype q struct{ X int }\ntype k struct{}\ntype l struct{}\nvar v, w any = a(1), p{1}\n_, isInt := v.(int)\n_, isB := v.(b)\n_, isA := v.(a)\n_, isQ := w.(q)\nfmt.Print(isInt, isB, isA, isQ, v == any(b(1)), w == any(p{1}), p(q{2}).X, ` `)\nfmt.Print(len(map[any]int{a(1): 1, b(1): 2, 1: 3, k{}: 4, l{}: 5, p{}: 6, q{}: 7}), []any{v, w, k{}})", "false false true false false true 2 7 [1 {1} {}]"},
		{"types of a function, in an interface", "func f() string {\n\ttype a string\n\ttype b struct{ a }\n\tvar v any = a(`x`)\n\t_, isText := v.(string)\n\treturn fmt.Sprintf(`%T %T %v`, v, any(&b{}), isText)\n}\nfmt.Print(f())", "main.a *main.b false"},
		{"constants of a text's and a bool's type", "type color string\ntype flag bool\nconst red, blue color = `red`, `bl` + `ue`\nconst on flag = true\nvar c color = `x` + red\nfunc f(c color) string { switch c { case red: return `r`; case `blue`: return `b` }; return string(c) }\nfmt.Print(red, blue, c, f(red), f(`blue`), f(`z`), c == `xred`, on, on && flag(len(c) > 3), []color{`q`}, map[color]int{`k`: 1}, []byte(`a`), `x` + c[:1])\nvar less flag = len(c) < 3\nfmt.Printf(`%v %T`, !less, less)", "redbluexredrbztrue true true [q] map[k:1] [97]xxtrue main.flag"},
		{"interfaces that name themselves", "type state interface { next(...string) state; fmt.Stringer }\ntype idle struct{}\nfunc (idle) next(e ...string) state { return busy(len(e)) }\nfunc (idle) String() string { return `idle` }\ntype busy int\nfunc (b busy) next(e ...string) state { if b == 0 { return nil }; return all{idle{}, b - 1} }\nfunc (b busy) String() string { return fmt.Sprint(`busy `, int(b)) }\ntype all []state\nfunc (a all) next(...string) state { return a[0] }\nfunc (a all) String() string { return `all` }\ntype box struct { state; n int }\nvar s state = idle{}\nt := s.next(`a`, `b`)\nu := t.next([]string{`c`}...)\nl, ok := u.(all)\n_, no := u.(idle)\nfmt.Print(s, t, u, len(l), ok, no, busy(0).next() == nil, box{t, 1}.next().String(), box{u, 2}.String())\n---\nfunc walk(s state) (out string) { for i := 0; s != nil && i < 3; i++ { var text fmt.Stringer = s; out += text.String() + `,`; f := s.next; s = f() }; return }\nvar v any = all{busy(0)}\nw, ok := v.(state)\n_, isInt := any(1).(state)\nfmt.Print(walk(idle{}), walk(w), ok, isInt, v)", "idle busy 2 all 2 true false trueallallidle,busy 0,all,busy 0,true false all"},
		{"lists of two types, in a switch that asks for an interface", "type a []int\nfunc (a) m() {}\ntype b []int\nfunc (b) m() {}\nf := func(v any) string { switch v.(type) { case b: return `b`; case error: return `error`; case a: return `a` }; return `none` }\nvar v, w any = a{}, b{}\nfmt.Print(f(v), f(w))", "ab"},
		{"%+v and %#v", "type color int\nfunc (color) String() string { return `red` }\ntype in struct{ c color; C color }\ntype out struct { in; P *in; a any; E error; L []color; m map[string]in; D, d time.Duration }\nfmt.Printf(`%+v|%#v|%v|`, in{1, 2}, in{1, 2}, out{in: in{1, 2}, L: []color{1}, D: 1, d: 1})\nfmt.Printf(`%#v|%#v|%#v|`, out{m: map[string]in{`k`: {}}}, &in{}, []any{color(1), nil, (*in)(nil)})\nfmt.Printf(`%d|%s|%+v|%v`, in{1, 2}, in{}, &in{}, struct{ p *in; a any }{})", "{c:1 C:red}|main.in{c:1, C:2}|{{1 red} <nil> <nil> <nil> [red] map[] 1ns 1}|main.out{in:main.in{c:0, C:0}, P:(*main.in)(nil), a:interface {}(nil), E:error(nil), L:[]main.color(nil), m:map[string]main.in{\"k\":main.in{c:0, C:0}}, D:0, d:0}|&main.in{c:0, C:0}|[]interface {}{1, interface {}(nil), (*main.in)(nil)}|{1 2}|{%!s(main.color=0) red}|&{c:0 C:red}|{<nil> <nil>}"},
		{"a format that is handed on", "type p struct{ x int }\ntype bad struct{}\nfunc (*bad) Error() string { return `bad` }\nlogf := func(format string, args ...any) string { return fmt.Sprintf(format, args...) }\nerrorf := func(format string, args ...any) error { return fmt.Errorf(format, args...) }\nvar b *bad\nerr := errorf(`x: %w`, &bad{})\nfmt.Print(logf(`%T %+v %3d%%`, p{1}, p{2}, 3), err, errors.As(err, &b), logf(`%[1]v`, 1), logf(`%d`))", "main.p {x:2}   3%x: bad true1%!d(MISSING)"},
		{"String and Error of what is in an interface", "type state int\nfunc (s state) String() string { return `open` }\ntype bad struct{}\nfunc (*bad) Error() string { return `bad` }\nvar v any = state(1)\nlist := []any{v, 2, &bad{}, nil}\nfmt.Print(v, list, map[string]any{`a`: v}, struct{ V any }{v}, [1]any{v})\nfunc tell(args ...any) { fmt.Println(args...) }\ntell(v, 1)", "open [open 2 bad <nil>] map[a:open] {open} [open]open 1\n"},
		{"an interface of what is in another", "type barker interface{ bark() string }\ntype dog int\nfunc (dog) bark() string { return `wau` }\nfunc (*dog) String() string { return `dog` }\nvar v any = dog(1)\nd := dog(2)\nvar p any = &d\nb, ok := v.(barker)\n_, no := v.(fmt.Stringer)\ns := p.(fmt.Stringer)\nfmt.Print(b.bark(), ok, no, s.String(), p.(barker).bark(), p.(interface{ bark() string }).bark())\nfunc f(v any) string { switch x := v.(type) { case nil: return `nil`; case error, fmt.Stringer: return fmt.Sprintf(`%T`, x); case barker: return x.bark(); case int: return fmt.Sprint(x + 1); case []int, string: return `many` }; return `none` }\nfmt.Print(f(nil), f(v), f(p), f(1), f(``), f(1.5), f(os.ErrExist))\nfunc g() (r any) { defer func() { r = recover() }(); return any(1).(barker) }\nfmt.Print(g())", "wautrue falsedogwauwaunilwau*main.dog2manynone*errors.errorStringinterface conversion: int is not main.barker: missing method bark"},
		{"what fmt prints of a cell's values", "type color int\nfunc (c color) String() string { return `color ` + string(rune('a'+c)) }\ntype box struct { C color; c color; P *color }\ntype bad struct{ n int }\nfunc (b *bad) Error() string { return `bad` }\nc := color(1)\nfmt.Printf(`%v %s %d %q %5.2v|`, c, c, c, c, c)\nfmt.Println(c, []color{0, 2}, map[color]int{2: 1, 0: 2}, box{C: 1}, &box{C: 2}, [1]color{1})\nvar err error = &bad{1}\nfmt.Print(err, []error{err, nil}, map[string]error{`k`: err}, bad{2}, &c != nil)\nvar face interface{ String() string } = c\nfmt.Print(face, fmt.Stringer(c))", "color b color b 1 \"color b\"    co|color b [color a color c] map[color a:2 color c:1] {color b 0 <nil>} &{color c 0 <nil>} [color b]\nbad [bad <nil>] map[k:bad] {2} truecolor b color b"},
		{"%T of a cell's types", "type a int\nfunc (a) String() string { return `text` }\ntype b struct{ A a }\nvar err error = fmt.Errorf(`%T`, b{})\nmade := 0\nmake1 := func() a { made++; return 1 }\nfmt.Printf(`%T %v %T %-8T| %T %T %T %T %d%%`, a(1), a(1), &b{}, b{}, []a{}, map[string]*b{}, [2]b{}, time.Second, 7)\nfmt.Printf(`%T`, make1())\nfmt.Print(made, err, fmt.Sprintf(`%T %#v`, a(1), 2))\nvar any1 any\nfmt.Printf(`%T%T`, any1, err)", "main.a text *main.b main.b  | []main.a map[string]*main.b [2]main.b time.Duration 7%main.a1 main.bmain.a 2<nil>*errors.errorString"},
		{"%T of what is in an interface", "type T struct{ X int }\ntype I interface{ M() }\nfunc (T) M() {}\nvar i, none I = T{1}, nil\nvar x, p any = T{1}, &T{2}\ntype E struct{ n int }\nfunc (*E) Error() string { return `x` }\nvar err error = &E{1}\nshow := func(v any) string { return fmt.Sprintf(`%T`, v) }\nfmt.Printf(`%T %T %T %T %T %T %T %T `, i, none, x, p, err, any(err), fmt.Errorf(`%w`, err), any(1.5))\nfmt.Print(show(T{3}), ` `, show([]int{}), ` `, show(nil))", "main.T <nil> main.T *main.T *main.E *main.E *fmt.wrapError float64 main.T []int <nil>"},
		{"Format and GoString", "type a int\nfunc (a) Format(s fmt.State, verb rune) { fmt.Fprintf(s, `<%c>`, verb) }\ntype b string\nfunc (b) GoString() string { return `go` }\nfmt.Printf(`%v%d%#v%v`, a(1), a(2), b(`x`), b(`y`))", "<v><d>goy"},
		{"errors of cells, wrapped", "type code int\nfunc (c code) Error() string { return fmt.Sprint(`code `, int(c)) }\ntype op struct{ err error }\nfunc (o *op) Error() string { return `op: ` + o.err.Error() }\nfunc (o *op) Unwrap() error { return o.err }\nfunc (o *op) Is(target error) bool { return target == os.ErrExist }\nerr := fmt.Errorf(`x: %w`, &op{code(4)})\nvar c code\nvar o *op\nvar t interface{ Timeout() bool }\nvar p *os.PathError\nfmt.Print(err, errors.Is(err, code(4)), errors.Is(err, code(5)), errors.Is(err, os.ErrExist), errors.As(err, &c), errors.As(err, &o), errors.As(err, &t), errors.As(errors.Join(&os.PathError{}, code(1)), &p), int(c), o.err == code(4), errors.Is(nil, code(1)))", "x: op: code 4 true false true true true false true 4 true false"},
		{"errors of two types that are made of the same", "type a int\nfunc (a) Error() string { return `a` }\ntype b int\nfunc (b) Error() string { return `b` }\nvar v b\nfmt.Print(errors.Is(a(1), a(1)), errors.Is(a(1), b(1)), errors.As(a(1), &v))", "true false false"},
		{"a number that becomes an error", "type code int\nfunc (c code) Error() string { return `code` }\nfunc f(a, b error) bool { return a == b }\nc := code(1)\nfmt.Print(f(c, code(1)), f(c, code(2)))", "true false"},
		{"a number in a cell's interface", "type face interface{ m() int }\ntype a int\nfunc (v a) m() int { return int(v) }\nx := a(2)\nall, list := map[string]face{`c`: a(1), `v`: x}, []face{a(3), x}\nall[`w`] = x\nfunc f(v face) int { return v.m() }\nfmt.Print(all[`c`].m(), all[`v`].m(), all[`w`].m(), list[0].m(), list[1].m(), f(x), f(a(4)))", "1 2 2 3 2 2 4"},
		{"an interface of an interface", "type reader interface{ read() string }\ntype both interface { reader; write(string) }\ntype buffer struct{ all []string }\nfunc (b *buffer) read() string { s := b.all[0]; b.all = b.all[1:]; return s }\nfunc (b *buffer) write(s string) { b.all = append(b.all, s) }\nvar rw both = &buffer{}\nrw.write(`a`)\nvar r reader = rw\nrw.write(`b`)\nfmt.Print(r.read(), rw.read())\nrw = nil\nr = rw\ntype text interface{ String() string }\nvar t text = fmt.Stringer(time.Second)\nfmt.Print(r == nil, t.String())", "abtrue1s"},
		{"nil variadics", "func f(list ...string) bool { return list == nil }\ng := func(n int, list ...any) bool { return list == nil }\nfmt.Print(f(), f(`a`), f([]string{}...), g(1))", "true false false true"},
		{"a pointer whose methods want the value", "type names []string\nfunc (n names) Len() int { return len(n) }\nfunc (n names) Less(i, j int) bool { return n[i] < n[j] }\nfunc (n *names) Swap(i, j int) { (*n)[i], (*n)[j] = (*n)[j], (*n)[i] }\nn := names{`c`, `a`, `b`}\nsort.Sort(&n)\nvar s sort.Interface = &n\n_, ok := s.(*names)\nfmt.Print(n, s.Len(), ok)", "[a b c] 3 true"},
		{"an interface of a package that is not imported", "type up struct{ n int }\nfunc (u *up) Write(p []byte) (int, error) { u.n += len(p); return len(p), nil }\nu := &up{}\nfmt.Fprint(u, `abc`)\nfmt.Print(u.n)", "3"},
		{"goto", "func f() {\n\ti := 0\nagain:\n\ti++\n\tif i < 3 { goto again }\n\tif i == 3 { goto end }\n\tfmt.Print(`never`)\nend:\n\tfmt.Print(i)\n}\nf()", "3"},
		{"goto at the top", "i := 0\nagain:\ni++\nif i < 3 { goto again }\nfmt.Print(i)", "3"},
		{"a literal called on the spot", "func() { fmt.Print(1) }()\nfmt.Print(func(n int) int { return n }(2))", "12"},
		{"defer at the top", "fmt.Print(1)\nx := 2\ndefer fmt.Print(x)\ndefer func() { fmt.Print(recover()) }()\nvar y, z int = 3, 4\nx, w := 5, 6\nfmt.Print(x, y, z, w)\npanic(`!`)\n---\nfmt.Print(x, w)", "15 3 4 6!25 6"},
		{"a builtin deferred, its argument changes", "func f() (c chan int) { c = make(chan int); d := c; defer close(c); c = nil; return d }\n_, ok := <-f()\nfmt.Print(ok)", "false"},
		{"a condition in a map", "seen := map[string]bool{`a`: true}\nif seen[`a`] { fmt.Print(1) }\nfor (seen[`a`]) { fmt.Print(2); seen[`a`] = false }\nif !seen[`b`] || seen[`b`] { fmt.Print(3) }\nfunc old() bool { if seen[`a`] { return true }; return seen[`b`] }\nfmt.Print(old())", "123false"},
		{"go and a call's results, an argument that changes", "func two() (int, int) { return 1, 2 }\nc := make(chan int)\ngo func(a, b int) { c <- a + b }(two())\nn := 5\nwait := make(chan int)\ngo func(n int) { <-wait; c <- n }(n)\nn = 6\nwait <- 1\nfmt.Print(<-c + <-c)\nlist, texts := [1]string{`a`}, make(chan string)\ngo func(list [1]string) { <-wait; texts <- list[0] }(list)\nlist[0] = `b`\nwait <- 1\nfmt.Print(<-texts)", "8a"},
		{"init", "func init() { fmt.Print(x) }\nfunc init() { fmt.Print(`b`) }\nx := `a`", "ab"},
		{"a whole program", "package main\n\nimport \"fmt\"\n\nvar a = b + 1\nvar b, c = f()\nvar d int\n\nfunc f() (int, string) { return 41, `x` }\nfunc init() { fmt.Print(a, b, c, d) }\nfunc main() { fmt.Print(`main`) }", "42 41x0main"},

		{"the name of a function is another's", "func f() int { return 1 }\nfunc g() int { return f() }\n---\nfunc f(n int) string { return `x` }\nfmt.Print(g(), f(2))", "1x"},
		{"the name of a variable is another's", "x := 1\nfunc g() int { return x }\n---\ny := x + 1\nx := `text`\nfmt.Print(x, y, g())", "text2 1"},
		{"a name is declared anew and used before", "err := errors.New(`a`)\n---\n_, err = fmt.Print(err)\nn, err := fmt.Print(`b`)\nfmt.Print(n, err)", "ab1 <nil>"},
		{"the name of a type is another's", "type p struct{ x int }\nfunc (v p) get() int { return v.x }\nv := p{1}\n---\ntype p struct{ y string }\nfunc (v p) get() string { return v.y }\nfmt.Print(v.x, v.get(), p{`a`}.get())", "1 1a"},
		{"%T of a type that is declared anew", "type p struct{ x int }\nvar old any = p{1}\n---\ntype p struct{ y string }\nvar v any = p{`a`}\nfmt.Printf(`%T %T`, v, p{})", "main.p main.p"},
		{"a type is declared again as it is", "type p struct{ x int }\nfunc (v p) get() int { return v.x }\nv := p{1}\n---\ntype p struct{ x int }\nv = p{2}\nfmt.Print(v.get())", "2"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSession(t)
			runs(t, s, imports)
			out, _ := printed(t, "", func() {
				for _, code := range strings.Split(c.cells, "\n---\n") {
					runs(t, s, code)
				}
			})
			assert.Equal(t, c.prints, out)
		})
	}
}

// What the runtime panics with is Go's, for the reader and for recover.
func TestRuntimeErrors(t *testing.T) {
	s := newSession(t)
	runs(t, s, "import (\"fmt\"; \"runtime\")\ntype point struct{ x int; next *point }\nfunc (p *point) get() int { return p.x }")
	cases := []struct{ name, code, says string }{
		{"an index", "var s []int; i := 5; s[i] = 1", "runtime error: index out of range"},
		{"a slice", "s := `abc`; i := 5; _ = s[i:]", "runtime error: slice bounds out of range"},
		{"a nil map", "var m map[string]int; m[`a`]++", "assignment to entry in nil map"},
		{"a nil pointer", "var p *point; p.x = 1", "runtime error: invalid memory address or nil pointer dereference"},
		{"a nil pointer that is read", "var p *point; _ = p.x", "runtime error: invalid memory address or nil pointer dereference"},
		{"one of a field", "p := &point{}; _ = p.next.x", "runtime error: invalid memory address or nil pointer dereference"},
		{"one in a method", "var p *point; p.get()", "runtime error: invalid memory address or nil pointer dereference"},
		{"a nil function", "var f func(); f()", "runtime error: invalid memory address or nil pointer dereference"},
		{"a nil interface", "var e error; _ = e.Error()", "runtime error: invalid memory address or nil pointer dereference"},
		{"a division", "x := 0; _ = 1 / x", "runtime error: integer divide by zero"},
		{"an assertion", "var a any = 1; _ = a.(string)", "interface conversion: interface {} is int, not string"},
		{"a length", "n := -1; _ = make([]int, n)", "runtime error: makeslice: len out of range"},
		{"an array of a slice", "s := []int{1}; _ = [2]int(s)", "runtime error: cannot convert slice with length 1 to array or pointer to array with length 2"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			says := runs(t, s, "func() (says string) {\n\tdefer func() { e, _ := recover().(runtime.Error); says = fmt.Sprint(e) }()\n\t"+c.code+"\n\treturn\n}()").Data["text/plain"]
			assert.Contains(t, says, c.says)
			failure := s.Run("func() { "+c.code+" }()", 1).Failure
			if assert.NotNil(t, failure) {
				assert.Contains(t, failure.Value, c.says)
			}
		})
	}
}
