// alive.go: what the cells before have left, as a file that is checked with the next
// cell. Read session.go and express.go first.

package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// cutMethod cuts Type.Name.
func cutMethod(name string) (of, method string, isMethod bool) { return strings.Cut(name, ".") }

// alive is that file while it is made.
type alive struct {
	session *Session
	pack    *types.Package
	express *expresser
	cell    *outline        // of the cell that it is made for
	retired map[string]bool // the names that this check gives to something of the cell
	wanted  map[string]bool // those of them that it needs nevertheless, by their hidden name
	done    map[types.Object]bool
	todo    []*types.TypeName // types that are mentioned
	decls   []ast.Decl
	place   token.Pos // of all of it: the checker wants one for each type
}

// earlier is the name of the file.
const earlier = "earlier cells"

// HiddenName is what a declaration is called once its name is another's. It is shown to
// the reader, in errors.
func (d *Declaration) HiddenName() string { return d.Name + " of " + d.Cell }

// newAlive makes the package for a check of a cell.
func (s *Session) newAlive(cell *outline, retired, wanted map[string]bool) *alive {
	a := &alive{session: s, pack: types.NewPackage("main", "main"), cell: cell, retired: retired, wanted: wanted, done: make(map[types.Object]bool)}
	a.place = token.Pos(cell.files.AddFile(earlier, -1, 1).Base())
	a.express = &expresser{from: s.pack, into: a.pack, name: a.nameOf, words: make(map[any]string), paths: make(map[string]string)}
	for _, name := range slices.Sorted(maps.Keys(s.names)) {
		d := s.names[name]
		if _, _, isMethod := cutMethod(name); isMethod || d.Object == nil || retired[name] && !wanted[name] && !cell.again[name] {
			continue
		}
		a.declare(d.Object)
	}
	for len(a.todo) > 0 {
		t := a.todo[0]
		a.todo = a.todo[1:]
		a.declare(t)
	}
	return a
}

// nameOf is what an object is called in this check.
func (a *alive) nameOf(t *types.TypeName) string {
	a.todo = append(a.todo, t)
	return a.today(t)
}

func (a *alive) today(o types.Object) string {
	if !a.retired[o.Name()] || !a.newest(o) || a.again(o) {
		return o.Name()
	}
	return a.session.names[o.Name()].HiddenName()
}

// newest reports whether an object is what its name means in the session.
func (a *alive) newest(o types.Object) bool {
	d := a.session.names[o.Name()]
	return d != nil && d.Object == o
}

// again reports whether the cell declares a type once more as it is.
func (a *alive) again(o types.Object) bool { return a.cell.again[o.Name()] && a.newest(o) }

// declare writes one declaration, with what the checker made of it.
func (a *alive) declare(o types.Object) {
	if a.done[o] {
		return
	}
	a.done[o] = true
	name := &ast.Ident{Name: a.today(o), NamePos: a.place}
	switch o := o.(type) {
	case *types.Var:
		a.add(token.VAR, &ast.ValueSpec{Names: []*ast.Ident{name}, Type: a.express.expr(o.Type())})
	case *types.Const:
		a.add(token.CONST, &ast.ValueSpec{Names: []*ast.Ident{name}, Values: []ast.Expr{a.constant(o)}})
	case *types.Func:
		a.decls = append(a.decls, function(name, nil, a.express.signature(o.Signature())))
	case *types.TypeName:
		if !a.again(o) {
			a.typeSpec(name, o)
		}
		a.methods(o)
	}
}

func (a *alive) add(keyword token.Token, spec ast.Spec) {
	a.decls = append(a.decls, &ast.GenDecl{Tok: keyword, Specs: []ast.Spec{spec}})
}

// function is one without a body; a generic one must have some.
func function(name *ast.Ident, receiver *ast.FieldList, signature *ast.FuncType) *ast.FuncDecl {
	d := &ast.FuncDecl{Name: name, Recv: receiver, Type: signature}
	if signature.TypeParams != nil || receiver != nil {
		d.Body = &ast.BlockStmt{List: []ast.Stmt{&ast.ForStmt{Body: &ast.BlockStmt{}}}}
	}
	return d
}

func (a *alive) constant(o *types.Const) ast.Expr {
	basic := o.Type()
	if a.express.mentions(basic) {
		basic = basic.Underlying()
	}
	value := a.express.hidden(o, func(name string) types.Object {
		return types.NewConst(token.NoPos, a.pack, name, basic, o.Val())
	})
	if basic == o.Type() {
		return value
	}
	return &ast.CallExpr{Fun: a.express.expr(o.Type()), Args: []ast.Expr{value}}
}

func (a *alive) typeSpec(name *ast.Ident, o *types.TypeName) {
	spec := &ast.TypeSpec{Name: name}
	named, ok := o.Type().(*types.Named)
	if !ok || o.IsAlias() {
		spec.Assign = 1
		aliased := types.Unalias(o.Type())
		if alias, ok := o.Type().(*types.Alias); ok && alias.TypeParams().Len() > 0 {
			spec.TypeParams, aliased = a.express.parameters(alias.TypeParams()), alias.Rhs()
		}
		spec.Type = &ast.ParenExpr{X: a.express.expr(aliased)}
		a.add(token.TYPE, spec)
		return
	}
	spec.TypeParams = a.express.parameters(named.TypeParams())
	spec.Type = &ast.ParenExpr{X: a.express.expr(named.Underlying())} // the checker looks a bare name up among the declarations
	a.add(token.TYPE, spec)
}

// methods declares the methods of a type, except those that the cell does.
func (a *alive) methods(o *types.TypeName) {
	named, ok := o.Type().(*types.Named)
	if !ok || o.IsAlias() {
		return
	}
	for method := range named.Methods() {
		if a.today(o) == o.Name() && a.cell.methods[o.Name()+"."+method.Name()] {
			continue
		}
		signature := method.Signature()
		var receiver ast.Expr = &ast.Ident{Name: a.today(o), NamePos: a.place}
		if list := signature.RecvTypeParams(); list.Len() > 0 {
			index := &ast.IndexListExpr{X: receiver}
			for p := range list.TypeParams() {
				index.Indices = append(index.Indices, ast.NewIdent(p.Obj().Name()))
			}
			receiver = index
		}
		if _, isPointer := types.Unalias(signature.Recv().Type()).(*types.Pointer); isPointer {
			receiver = &ast.StarExpr{Star: a.place, X: receiver}
		}
		fields := &ast.FieldList{List: []*ast.Field{{Type: receiver}}}
		a.decls = append(a.decls, function(ast.NewIdent(method.Name()), fields, a.express.signature(signature)))
	}
}

// variables declares what statements of the cell define, with the types that a check
// before this one found.
func (a *alive) variables(names []*ast.Ident, info *types.Info, from *types.Package) {
	name := func(t *types.TypeName) string {
		if d := a.session.names[t.Name()]; d != nil && a.retired[t.Name()] && !a.cell.hoisted[t.Name()] {
			return d.HiddenName()
		}
		return t.Name()
	}
	express := &expresser{from: from, into: a.pack, name: name, words: a.express.words, paths: a.express.paths}
	declared := make(map[string]bool)
	for _, name := range names {
		if o := info.Defs[name]; o != nil && !declared[name.Name] {
			declared[name.Name] = true
			a.add(token.VAR, &ast.ValueSpec{Names: []*ast.Ident{ast.NewIdent(name.Name)}, Type: express.expr(o.Type())})
		}
	}
}

// file is the finished file. It imports the packages whose types it embeds.
func (a *alive) file() *ast.File {
	var imports []ast.Decl
	for _, path := range slices.Sorted(maps.Keys(a.express.paths)) {
		imports = append(imports, importOf(a.express.paths[path], path))
	}
	return &ast.File{Name: ast.NewIdent("main"), Decls: append(imports, a.decls...)}
}

// imports are those of the session that the cell may use.
func (a *alive) imports() (all []ast.Decl) {
	for _, name := range slices.Sorted(maps.Keys(a.session.names)) {
		d := a.session.names[name]
		switch {
		case d.Path == "":
		case !a.retired[name]:
			all = append(all, importOf(name, d.Path))
		case a.wanted[name]:
			all = append(all, importOf(d.HiddenName(), d.Path))
		}
	}
	for _, path := range a.session.dots {
		all = append(all, importOf(".", path))
	}
	return all
}

func importOf(name, path string) ast.Decl {
	return &ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{&ast.ImportSpec{
		Name: ast.NewIdent(name), Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(path)},
	}}}
}
