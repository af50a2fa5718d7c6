// names.go: which names may stand at a place.

package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// namesAt are all names that mean something at a place of the cell.
func (p *pass) namesAt(at token.Pos) (all []string) {
	for scope := p.scopeAt(at); scope != nil; scope = scope.Parent() {
		inFunction := scope != types.Universe && scope != p.pack.Scope() && scope.Parent() != p.pack.Scope()
		for _, name := range scope.Names() {
			if strings.ContainsAny(name, " «") || inFunction && scope.Lookup(name).Pos() >= at {
				continue
			}
			all = append(all, name)
		}
	}
	return all
}

// scopeAt is the innermost scope at a place.
func (p *pass) scopeAt(at token.Pos) *types.Scope {
	var inner *types.Scope
	for node, scope := range p.info.Scopes {
		if _, isFile := node.(*ast.File); isFile {
			if inner == nil && scope == p.scope {
				inner = scope
			}
			continue
		}
		if scope.Contains(at) && (inner == nil || inner == p.scope || inner.Pos() < scope.Pos() || inner.End() > scope.End()) {
			inner = scope
		}
	}
	return inner
}

// members are the names that may stand behind an expression and a dot: those of a
// package, or the fields and methods of a value or type.
func (p *pass) members(of ast.Expr) []string {
	if id, ok := of.(*ast.Ident); ok {
		if imported, ok := p.info.Uses[id].(*types.PkgName); ok {
			names := imported.Imported().Scope().Names()
			return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !token.IsExported(name) })
		}
	}
	t := p.info.TypeOf(of)
	if t == nil {
		return nil
	}
	return membersOf(t, p.pack)
}

// membersOf are the names of a type's fields and methods that code in a package may use.
func membersOf(t types.Type, in *types.Package) (names []string) {
	add := func(o types.Object) {
		if o.Exported() || o.Pkg() == in {
			names = append(names, o.Name())
		}
	}
	pointer := t
	if _, ok := t.Underlying().(*types.Pointer); !ok && !types.IsInterface(t) {
		pointer = types.NewPointer(t)
	}
	for selection := range types.NewMethodSet(pointer).Methods() {
		add(selection.Obj())
	}
	eachField(t, make(map[types.Type]bool), add)
	slices.Sort(names)
	return slices.Compact(names)
}

// eachField calls f for the fields of a struct and those of the structs that it embeds.
func eachField(t types.Type, seen map[types.Type]bool, f func(types.Object)) {
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	structure, ok := t.Underlying().(*types.Struct)
	if !ok || seen[t] {
		return
	}
	seen[t] = true
	for field := range structure.Fields() {
		f(field)
		if field.Embedded() {
			eachField(field.Type(), seen, f)
		}
	}
}
