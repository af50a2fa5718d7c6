// generic_write.go: copies of declarations, with arguments for type parameters. Read
// generic_instance.go first.

package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"
)

// packagePrefix begins the names by which copies know packages.
const packagePrefix = Prefix + "package_"

// packageName is the name by which the interpreter knows a package that a rule needs.
func packageName(path string) string {
	return packagePrefix + strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(path)
}

// A writer copies nodes.
type writer struct {
	*pass
	info  *types.Info
	in    map[*types.TypeParam]bound
	home  *types.Package // of which the nodes are; nil if they are a cell's
	place func(token.Pos) token.Pos
}

// copy copies a node.
func (w *writer) copy(n ast.Node) ast.Node { return w.copier().node(n) }

func (w *writer) copier() copier { return copier{place: w.place, other: w.other} }

// other is what takes the place of a node; nil if its copy does.
func (w *writer) other(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.Ident:
		return w.ident(n)
	case *ast.GenDecl:
		kept := *n
		kept.Specs = slices.DeleteFunc(slices.Clone(n.Specs), func(spec ast.Spec) bool { return isGeneric(w.info, spec) })
		if len(kept.Specs) < len(n.Specs) {
			return w.copy(&kept)
		}
	case *ast.TypeSwitchStmt:
		made := w.copier().pointer(reflect.ValueOf(n)).Interface().(*ast.TypeSwitchStmt)
		if len(w.in) > 0 {
			onlyOnce(made)
		}
		return made
	case *ast.IndexExpr:
		if w.instantiates(n.X) {
			return w.copy(n.X)
		}
	case *ast.IndexListExpr:
		return w.copy(n.X)
	case *ast.SelectorExpr:
		name, ok := n.X.(*ast.Ident)
		if !ok {
			break
		}
		imported, ok := w.info.Uses[name].(*types.PkgName)
		if !ok {
			break
		}
		if made := w.instance(n.Sel); made != nil {
			return made
		}
		if w.home != nil {
			return w.member(imported.Imported().Path(), n.Sel.Name, w.place(n.Pos()))
		}
	}
	return nil
}

// instantiates reports whether an expression is the name of something generic.
func (w *writer) instantiates(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		_, ok := w.info.Instances[e]
		return ok
	case *ast.SelectorExpr:
		return w.instantiates(e.Sel)
	case *ast.ParenExpr:
		return w.instantiates(e.X)
	}
	return false
}

// ident is what takes the place of a name; nil if it stays.
func (w *writer) ident(id *ast.Ident) ast.Node {
	if made := w.instance(id); made != nil {
		return made
	}
	switch o := w.info.Uses[id].(type) {
	case *types.TypeName:
		if parameter, ok := o.Type().(*types.TypeParam); ok {
			return w.parenthesized(w.typeExpr(bound{parameter, w.in}))
		}
	case *types.Var:
		if name := w.embeds(o); name != "" {
			return &ast.Ident{Name: name, NamePos: w.place(id.Pos())}
		}
	}
	if o := w.info.Uses[id]; w.home != nil && o != nil && o.Parent() == w.home.Scope() {
		if !o.Exported() {
			return &ast.Ident{Name: w.instanceOf(w.library.template(w.home.Path(), o.Name()), nil).name, NamePos: w.place(id.Pos())}
		}
		return w.member(w.home.Path(), o.Name(), w.place(id.Pos()))
	}
	return nil
}

// parenthesized makes a type fit for any place, such as in front of a conversion's
// argument.
func (w *writer) parenthesized(e ast.Expr) ast.Expr {
	switch e.(type) {
	case *ast.Ident, *ast.SelectorExpr, *ast.ArrayType, *ast.MapType:
		return e
	}
	return &ast.ParenExpr{X: e}
}

// member is a name of a package.
func (p *pass) member(path, name string, at token.Pos) ast.Expr {
	p.imports[path] = packageName(path)
	return &ast.SelectorExpr{X: &ast.Ident{Name: p.imports[path], NamePos: at}, Sel: &ast.Ident{Name: name, NamePos: at}}
}

// embeds is the name that an embedded field has from an instance; empty for any other.
func (w *writer) embeds(field *types.Var) string {
	if !field.Embedded() {
		return ""
	}
	t := field.Type()
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && named.TypeArgs().Len() > 0 {
		if id, ok := w.typeExpr(bound{named, w.in}).(*ast.Ident); ok {
			return id.Name
		}
	}
	return ""
}

// instance is what takes the place of the name of something generic; nil if it isn't.
func (w *writer) instance(id *ast.Ident) ast.Expr {
	found, ok := w.info.Instances[id]
	if !ok {
		return nil
	}
	o := w.info.Uses[id]
	if o == nil { // an embedded field has its name from it
		o = w.info.Defs[id].Type().(interface{ Obj() *types.TypeName }).Obj()
	}
	var args []bound
	for t := range found.TypeArgs.Types() {
		args = append(args, bound{t, w.in})
	}
	at := w.place(id.Pos())
	if t, ok := o.(*types.TypeName); ok {
		return w.namedInstance(t, found.Type, args, at)
	}
	of := w.templateOf(o)
	if of == nil {
		refuse(at, "cells can't use %s: the interpreter has no generics, and there is no other form of it", qualified(o))
	}
	return &ast.Ident{Name: w.instanceOf(of, args).name, NamePos: at}
}

func qualified(o types.Object) string {
	if o.Pkg() == nil || o.Pkg().Path() == "main" {
		return o.Name()
	}
	return o.Pkg().Name() + "." + o.Name()
}

// namedInstance is an instance of a type. One that has no declaration of its own and no
// methods, such as iter.Seq, becomes what it is made of.
func (w *writer) namedInstance(o *types.TypeName, t types.Type, args []bound, at token.Pos) ast.Expr {
	return w.pass.named(bound{t, w.in}, o, args, at)
}

func (p *pass) named(t bound, o *types.TypeName, args []bound, at token.Pos) ast.Expr {
	if alias, ok := t.t.(*types.Alias); ok {
		return p.typeExpr(bound{types.Unalias(alias), t.in})
	}
	if of := p.templateOf(o); of != nil {
		return &ast.Ident{Name: p.instanceOf(of, args).name, NamePos: at}
	}
	named := t.t.(*types.Named)
	if alias := aliasOf(named); alias != nil {
		return p.member(o.Pkg().Path(), alias.Name(), at)
	}
	if named.NumMethods() > 0 {
		refuse(at, "cells can't use %s: the interpreter has no generics, and there is no other form of it", qualified(o))
	}
	return p.typeExpr(bound{named.Underlying(), t.in})
}

// aliasOf is the name that an instance has in its package; nil if it has none.
func aliasOf(t *types.Named) *types.TypeName {
	scope := t.Obj().Pkg().Scope()
	for _, name := range scope.Names() {
		if alias, ok := scope.Lookup(name).(*types.TypeName); ok && alias.IsAlias() && alias.Exported() && types.Identical(alias.Type(), t) {
			return alias
		}
	}
	return nil
}

// onlyOnce drops the cases of a type switch that an argument has made equal to one above.
func onlyOnce(s *ast.TypeSwitchStmt) {
	seen := make(map[string]bool)
	var clauses []ast.Stmt
	for _, clause := range s.Body.List {
		clause := clause.(*ast.CaseClause)
		var kept []ast.Expr
		for _, e := range clause.List {
			if text := types.ExprString(ast.Unparen(e)); !seen[text] {
				seen[text] = true
				kept = append(kept, e)
			}
		}
		if clause.List == nil || len(kept) > 0 {
			clause.List = kept
			clauses = append(clauses, clause)
		}
	}
	s.Body.List = clauses
}
