package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"stepwise/cmd/kernel/check"
)

// shown lets compiled code see the methods of a cell's values:
//
//	type color int
//	func (c color) String() string { return "red" }
//	fmt.Println(color(1))
//
// fmt and log look for String and Error in what they print, errors.Is and errors.As for
// Is and Unwrap, and for the very value. The interpreter hands them values without methods
// and takes errors out of what gives them some.
func shown(l *Lowered, c *astutil.Cursor) {
	call, ok := c.Node().(*ast.CallExpr)
	if !ok {
		return
	}
	f, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return
	}
	callee, ok := l.Info.Uses[f.Sel].(*types.Func)
	if !ok || callee.Pkg() == nil {
		return
	}
	switch callee.FullName() {
	case "errors.Is":
		call.Fun = l.name(Is)
		l.typed(call.Fun, callee.Type())
		return
	case "errors.As":
		call.Fun = l.name(As)
		return
	}
	if !slices.Contains([]string{"fmt", "log"}, callee.Pkg().Path()) {
		return
	}
	if strings.Contains(strings.ToLower(callee.Name()), "scan") || l.formats(call, callee) {
		return
	}
	l.spread(call, callee)
	kept := l.named(call)
	if last := len(call.Args) - 1; call.Ellipsis.IsValid() && types.Identical(l.typeOf(call.Args[last]), types.NewSlice(types.Universe.Lookup("any").Type())) {
		name := ShownAll
		if callee.Name() == "Errorf" {
			name = KeptAll
		}
		call.Args[last] = l.call(l.name(name), l.typeOf(call.Args[last]), call.Args[last])
	}
	l.conversions(call, func(e *ast.Expr, to types.Type) {
		if face, ok := underlying(to).(*types.Interface); ok && face.Empty() && !slices.Contains(kept, *e) {
			*e = l.show(*e, callee)
		}
	})
}

// spread makes a list of the values of a call that is the only argument:
//
//	fmt.Println(parse(text))
func (l *Lowered) spread(call *ast.CallExpr, callee *types.Func) {
	if len(call.Args) != 1 || callee.Signature().Params().Len() != 1 {
		return
	}
	tuple, ok := l.typeOf(call.Args[0]).(*types.Tuple)
	if !ok {
		return
	}
	var params []*types.Var
	for v := range tuple.Variables() {
		params = append(params, l.variable("value", v.Type()))
	}
	all := types.NewSlice(types.Universe.Lookup("any").Type())
	s := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), types.NewTuple(types.NewVar(l.at, l.Package, "", all)), false)
	list := &ast.CompositeLit{Type: l.typeExpr(all), Lbrace: l.at, Rbrace: l.at, Elts: l.uses(params)}
	l.typed(list, all)
	f := &ast.FuncLit{Type: l.signature(s, params), Body: l.block(l.returns(list))}
	l.typed(f, s)
	call.Args[0], call.Ellipsis = l.call(f, all, call.Args[0]), call.Rparen
}

// formats makes a text of a format that is known only when the program runs:
//
//	logf := func(format string, args ...any) { fmt.Printf(format, args...) }
func (l *Lowered) formats(call *ast.CallExpr, callee *types.Func) bool {
	at := callee.Signature().Params().Len() - 2
	if !strings.HasSuffix(callee.Name(), "f") || callee.Name() == "Errorf" || at >= len(call.Args) || l.Info.Types[call.Args[at]].Value != nil && !call.Ellipsis.IsValid() {
		return false
	}
	text := l.call(l.name(Formatted), types.Typ[types.String], call.Args[at:]...)
	text.Ellipsis, call.Ellipsis = call.Ellipsis, token.NoPos
	call.Args = append(call.Args[:at:at], l.text("%s"), text)
	return true
}

// named says the names that %T would show of types that a cell declares:
//
//	fmt.Printf("%T", color(1))
//
// It returns the arguments of each other %T, which must stay what they are.
func (l *Lowered) named(call *ast.CallExpr) (kept []ast.Expr) {
	verbs := check.FindTypeVerbs(l.Info, l.Package, call)
	if verbs == nil {
		return nil
	}
	for i := range verbs.Others {
		kept = append(kept, call.Args[i])
	}
	call.Args[verbs.At] = l.text(verbs.Format)
	for i, name := range verbs.Names {
		if name == check.Dynamic {
			call.Args[i] = l.call(l.name(TypeName), types.Typ[types.String], call.Args[i])
		} else {
			call.Args[i] = l.call(l.name(Named), types.Typ[types.String], l.text(name), call.Args[i])
		}
	}
	return kept
}

// show makes a value that is printed as Go prints e; e itself if the interpreter's is. An
// error that is going to be wrapped is kept as an error.
func (l *Lowered) show(e ast.Expr, callee *types.Func) ast.Expr {
	wrapped := callee.FullName() == "fmt.Errorf"
	t := l.typeOf(e)
	if t == nil || l.Info.Types[e].IsNil() {
		return e
	}
	err := types.Universe.Lookup("error").Type()
	anything := types.Universe.Lookup("any").Type()
	switch isError := types.Implements(t, err.Underlying().(*types.Interface)); {
	case wrapped && isError && types.Identical(t, err):
		return l.call(l.name(Kept), anything, e)
	case wrapped && isError && !types.IsInterface(t) && l.mentions(t, make(map[types.Type]bool)):
		return l.call(l.name(Kept), anything, l.pointed(e, err))
	case l.mentions(t, make(map[types.Type]bool)):
		args := []ast.Expr{e}
		if strings.HasSuffix(callee.Name(), "f") {
			args = append(args, l.constant("true"))
		}
		return l.call(l.name(Shown), anything, args...)
	}
	return e
}

// mentions reports whether a value of a type may have a part that prints otherwise than
// what the interpreter has made of it: one of a cell's type, a field with a small letter,
// or an interface.
func (l *Lowered) mentions(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return t.Obj().Pkg() == l.Package || types.IsInterface(t)
	case *types.Interface:
		return true
	case *types.Map:
		return l.mentions(t.Key(), seen) || l.mentions(t.Elem(), seen)
	case interface{ Elem() types.Type }:
		return l.mentions(t.Elem(), seen)
	case *types.Struct:
		for field := range t.Fields() {
			if !field.Exported() || l.mentions(field.Type(), seen) {
				return true
			}
		}
	}
	return false
}
