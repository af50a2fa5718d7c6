package cell

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"

	"github.com/cosmos72/gomacro/ast2"
	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"

	"stepwise/cmd/kernel/check"
	"stepwise/cmd/kernel/lower"
)

// compileParts compiles what package lower has made of a cell, in its order, and returns
// what is to be run, in the order for that. One part is compiled at a time: gomacro would
// put several into an order by the names in them, which it guesses.
func compileParts(ir *fast.Interp, l *lower.Lowered) (parts []part) {
	c := ir.Comp
	compile := func(node ast.Node) {
		if declaration, ok := node.(ast.Decl); ok {
			node = &ast.DeclStmt{Decl: declaration} // is compiled where it stands
		}
		at := node.Pos()
		if code := ir.CompileAst(ast2.ToAst(node)); code != nil {
			parts = append(parts, part{code, at})
		}
	}
	for _, node := range l.Imports {
		compile(node)
	}
	for _, old := range l.Replaced {
		keep(c, old, slices.Contains(l.Changed, old))
	}
	for name, of := range l.Kinds {
		if kind, _, _ := c.TypeFunction(of); c.Types[name] == nil {
			c.SetUnderlyingType(c.DeclNamedType(name), kind)
		}
	}
	for name, kind := range l.Own {
		delete(c.Types, name)
		c.DeclTypeAlias(name, c.Universe.FromReflectType(ownType(kind)))
	}
	for _, name := range l.Ahead {
		c.DeclNamedType(name)
	}
	for _, node := range l.Types {
		compile(node)
	}
	for _, d := range l.New {
		if _, ok := d.Object.(*types.TypeName); ok {
			register(c.Types[d.Name])
		}
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

// keep gives what a name means so far another name, by which a cell uses it that declares
// it anew. If it becomes something else, what was compiled against it keeps it.
func keep(c *fast.Comp, old *check.Declaration, changed bool) {
	move(c, old.Name, lower.Known(old.HiddenName()), changed)
	t, ok := old.Object.(*types.TypeName)
	if !ok || !changed {
		return
	}
	if named, ok := t.Type().(*types.Named); ok {
		for method := range named.Methods() {
			move(c, lower.FunctionOf(t.Name(), method.Name()), lower.FunctionOf(old.HiddenName(), method.Name()), true)
		}
	}
}

// move gives a variable, function, constant or type another name, and may take its own
// away.
func move(c *fast.Comp, from, to string, away bool) {
	for scope := c; scope != nil; scope = scope.Outer {
		if bind := scope.Binds[from]; bind != nil {
			scope.Binds[to] = bind
		}
		if kind := scope.Types[from]; kind != nil {
			scope.Types[to] = kind
		}
	}
	if away {
		delete(c.Binds, from)
		delete(c.Types, from)
	}
}

// deref is the type that a pointer points to; any other is itself.
func deref(kind xreflect.Type) xreflect.Type {
	if kind != nil && kind.Kind() == reflect.Ptr {
		return kind.Elem()
	}
	return kind
}
