package lower

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// called makes a call of a variable one that reads the variable each time:
//
//	greet := func() { fmt.Println("hello") }
//	twice := func() { greet(); greet() }
//	twice()
//	greet = func() { fmt.Println("goodbye") }
//	twice()
//
// The interpreter remembers what it found in a variable of the session, and looks for one
// of the type func() one scope too far out when it is three or more scopes away. It does
// so only where it sees the variable itself, and not the result of a conversion.
func called(l *Lowered, c *astutil.Cursor) {
	call, ok := c.Node().(*ast.CallExpr)
	if !ok {
		return
	}
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return
	}
	v, ok := l.Info.Uses[id].(*types.Var)
	if !ok {
		return
	}
	s := v.Type().Underlying().(*types.Signature)
	isLocal := v.Parent() != nil && v.Parent() != l.Package.Scope()
	if s.Variadic() || isLocal && s.Params().Len()+s.Results().Len() > 0 {
		return
	}
	name, optimized := nameOf(s)
	switch {
	case name != "":
		if l.Kinds[name] == nil {
			l.Kinds[name] = l.signature(s, nil)
		}
		call.Fun = l.call(l.name(name), v.Type(), call.Fun)
	case optimized:
		call.Fun = l.copyOf(call.Fun)
	}
}

// nameOf is a name for a function's type; empty if a part of it isn't a predeclared type.
// optimized reports whether all parts are numbers, texts or bools: the interpreter calls
// others in the way that is right.
func nameOf(s *types.Signature) (name string, optimized bool) {
	name, predeclared := Prefix+"func", true
	for _, list := range []*types.Tuple{s.Params(), s.Results()} {
		name += "_"
		for v := range list.Variables() {
			basic, ok := v.Type().Underlying().(*types.Basic)
			if !ok {
				return "", false
			}
			_, ok = types.Unalias(v.Type()).(*types.Basic)
			predeclared = predeclared && ok
			name += "_" + types.Typ[basic.Kind()].Name() // a byte is a uint8
		}
	}
	if !predeclared {
		name = ""
	}
	return name, true
}
