package cell

import (
	"go/ast"
	"go/types"
	"reflect"

	"github.com/cosmos72/gomacro/ast2"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"

	"stepwise/cmd/kernel/check"
	"stepwise/cmd/kernel/lower"
)

// compileParts compiles what package lower has made of a cell, in its order, and returns
// what is to be run, in the order for that. One part is compiled at a time: gomacro would
// put several into an order by the names in them, which it guesses.
func compileParts(ir *fast.Interp, l *lower.Lowered) (parts []*fast.Expr) {
	c := ir.Comp
	compile := func(node ast.Node) {
		if declaration, ok := node.(ast.Decl); ok {
			node = &ast.DeclStmt{Decl: declaration} // is compiled where it stands
		}
		if part := ir.CompileAst(ast2.ToAst(node)); part != nil {
			parts = append(parts, part)
		}
	}
	for _, node := range l.Imports {
		compile(node)
	}
	for _, changed := range l.Changed {
		keep(c, changed)
	}
	for _, name := range l.Ahead {
		c.DeclNamedType(name)
	}
	for _, node := range l.Types {
		compile(node)
	}
	for _, method := range l.Methods {
		reserve(c.Type(method.Recv.List[0].Type))
	}
	for _, f := range l.Functions {
		if kind, _, _ := c.TypeFunction(f.Type); f.Name.Name != "_" {
			if old := c.Binds[f.Name.Name]; old != nil && !old.Type.IdenticalTo(kind) {
				delete(c.Binds, f.Name.Name)
			}
			c.NewBind(f.Name.Name, fast.FuncBind, kind)
		}
	}
	for _, m := range l.Methods {
		compile(m)
	}
	declared := len(parts)
	for _, statement := range l.Body {
		compile(statement)
	}
	body := parts[declared:]
	parts = parts[:declared:declared]
	for _, f := range l.Functions {
		compile(f)
	}
	return append(parts, body...)
}

// reserve makes room for a type's methods: gomacro forgets them when it has to make more.
func reserve(kind xreflect.Type) {
	const room = 64
	kind = deref(kind)
	methods := kind.GetMethods()
	if n := kind.NumAllMethod() + room; cap(*methods) < n {
		*methods = append(make([]reflect.Value, 0, n+room), *methods...)
	}
}

// keep gives what a name means so far another name: what was compiled against it keeps
// it, and the name is free for something of another type.
func keep(c *fast.Comp, changed *check.Declaration) {
	move(c, changed.Name, lower.Known(changed.HiddenName()))
	if t, ok := changed.Object.(*types.TypeName); ok {
		if named, ok := t.Type().(*types.Named); ok {
			for method := range named.Methods() {
				move(c, lower.FunctionOf(t.Name(), method.Name()), lower.FunctionOf(changed.HiddenName(), method.Name()))
			}
		}
	}
}

// move renames a variable, function, constant or type.
func move(c *fast.Comp, from, to string) {
	for scope := c; scope != nil; scope = scope.Outer {
		if bind := scope.Binds[from]; bind != nil {
			scope.Binds[to] = bind
		}
		if kind := scope.Types[from]; kind != nil {
			scope.Types[to] = kind
		}
	}
	delete(c.Binds, from)
	delete(c.Types, from)
}
