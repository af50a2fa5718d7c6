package lower

import (
	"go/ast"
	"go/types"
	"regexp"

	"golang.org/x/tools/go/ast/astutil"
)

// Leaving is the builtin that makes a function for compiled code: leaving(f) is f, but a
// panic that leaves it has Go's words.
const Leaving = Prefix + "leaving"

// leaving prepares functions that compiled code is going to call:
//
//	l.CallSoon(func() { m[key]++ })
//	server := &serve.Server{Handle: echo}
//
// Compiled code may recover what they panic with: a loop, a task and a judge do. They must
// see what they would see of a compiled function, and the interpreter, which has seen only
// that its function was called, must know that it has ended.
func leaving(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.CallExpr:
		known := l.Info.Types[n.Fun]
		if !(known.IsType() && l.isCompiled(known.Type)) && (!l.callsCompiled(n) || l.isOf(n, busy)) {
			return
		}
	case *ast.CompositeLit:
		if named := namedOf(l.typeOf(n)); named == nil || !l.isCompiled(named) {
			return
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			f, ok := ast.Unparen(left).(*ast.SelectorExpr)
			if ok && len(n.Rhs) == len(n.Lhs) && l.Info.Uses[f.Sel] != nil && l.Info.Uses[f.Sel].Pkg() != l.Package {
				n.Rhs[i] = l.leaves(n.Rhs[i])
			}
		}
		return
	default:
		return
	}
	l.conversions(c.Node(), func(e *ast.Expr, _ types.Type) { *e = l.leaves(*e) })
}

// isCompiled reports whether a type is one of a package.
func (l *Lowered) isCompiled(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg() != l.Package
}

// busy are packages of functions that recover nothing, and call a function so often that it shows.
var busy = regexp.MustCompile(`^(bytes|sort|strings)$`)

// isOf reports whether a call is of a function or method of a package that fits.
func (l *Lowered) isOf(call *ast.CallExpr, packages *regexp.Regexp) bool {
	o := l.Info.Uses[ast.Unparen(call.Fun).(*ast.SelectorExpr).Sel]
	return o.Pkg() != nil && packages.MatchString(o.Pkg().Path())
}

// leaves makes a function one for compiled code. Compiled functions are that, and so is
// what every coroutine is handed first.
func (l *Lowered) leaves(e ast.Expr) ast.Expr {
	t := l.typeOf(e)
	if _, ok := underlying(t).(*types.Signature); !ok || l.Info.Types[e].IsType() || types.TypeString(t, nil) == "stepwise/pkg/coro.Yield" {
		return e
	}
	if f, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
		if o, ok := l.Info.Uses[f.Sel].(*types.Func); ok && o.Pkg() != l.Package {
			return e
		}
	}
	return l.call(l.name(Leaving), t, e)
}
