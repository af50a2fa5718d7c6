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
	if last := len(call.Args) - 1; call.Ellipsis.IsValid() && types.Identical(l.typeOf(call.Args[last]), types.NewSlice(types.Universe.Lookup("any").Type())) {
		call.Args[last] = l.call(l.name(ShownAll), l.typeOf(call.Args[last]), call.Args[last])
	}
	l.conversions(call, func(e *ast.Expr, to types.Type) {
		if face, ok := underlying(to).(*types.Interface); ok && face.Empty() {
			*e = l.withType(*e, Shown)
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

// formats makes the text that a format says, for only the interpreter knows what a %T is to
// show, and which type a value has that doesn't fit its verb:
//
//	fmt.Printf("%T", color(1))
func (l *Lowered) formats(call *ast.CallExpr, callee *types.Func) bool {
	at := callee.Signature().Params().Len() - 2
	if !strings.HasSuffix(callee.Name(), "f") || at >= len(call.Args) {
		return false
	}
	wraps := callee.Name() == "Errorf"
	for i := at + 1; i < len(call.Args) && !call.Ellipsis.IsValid(); i++ {
		e := call.Args[i]
		if kept := l.asError(e); wraps && kept != e {
			call.Args[i] = kept
		} else if types.Identical(l.typeOf(e), types.Universe.Lookup("error").Type()) {
			call.Args[i] = l.call(l.name(Kept), types.Universe.Lookup("any").Type(), e)
		} else {
			call.Args[i] = l.withType(e, Typed)
		}
	}
	if wraps {
		call.Fun = l.name(Wrapped)
		return true
	}
	text := l.call(l.name(Formatted), types.Typ[types.String], call.Args[at:]...)
	text.Ellipsis, call.Ellipsis = call.Ellipsis, token.NoPos
	call.Args = append(call.Args[:at:at], l.text("%s"), text)
	return true
}

// withType makes an interface of anything by a builtin, of what prints otherwise in Go than
// the interpreter's value.
func (l *Lowered) withType(e ast.Expr, builtin string) ast.Expr {
	if t := l.typeOf(e); t == nil || l.Info.Types[e].IsNil() || !l.mentions(t) {
		return e
	}
	return l.call(l.name(builtin), types.Universe.Lookup("any").Type(), e)
}

// mentions reports whether a value of a type may have a part that prints otherwise than
// what the interpreter has made of it: one of a cell's type, a field with a small letter,
// or an interface.
func (l *Lowered) mentions(t types.Type) bool {
	return check.MadeOf(t, nowhere, func(t types.Type) bool {
		switch t := t.(type) {
		case *types.Named:
			return t.Obj().Pkg() == l.Package || types.IsInterface(t)
		case *types.Interface:
			return true
		case *types.Struct:
			for field := range t.Fields() {
				if !field.Exported() {
					return true
				}
			}
		}
		return false
	})
}

// nowhere says of no type that its own parts matter.
func nowhere(types.Type) bool { return false }
