package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// sort puts the cell's parts into the order in which the interpreter compiles them. It
// reads a cell from the top, and guesses by their names which declarations it needs first:
//
//	func even(n int) bool { return n == 0 || odd(n-1) }
//	func odd(n int) bool { return n > 0 && even(n-1) }
//
// Types and constants come first, each after those that it is made of. Functions follow
// the statements, whose variables they may use; their names are known before.
func (l *Lowered) sort(nodes []ast.Node) {
	var hoisted, vars []*ast.GenDecl
	for _, node := range nodes {
		switch node := node.(type) {
		case *ast.FuncDecl:
			if node.Recv == nil {
				l.Functions = append(l.Functions, node)
			} else {
				l.method(node)
			}
		case *ast.GenDecl:
			switch node.Tok {
			case token.IMPORT:
				l.Imports = append(l.Imports, node)
			case token.TYPE:
				for _, spec := range node.Specs {
					if !l.Again[spec.(*ast.TypeSpec).Name.Name] {
						hoisted = append(hoisted, &ast.GenDecl{Tok: token.TYPE, TokPos: spec.Pos(), Specs: []ast.Spec{spec}})
					}
				}
			case token.CONST:
				hoisted = append(hoisted, node)
			case token.VAR:
				vars = append(vars, node)
			}
		case ast.Stmt:
			l.Body = append(l.Body, node)
		}
	}
	l.sortHoisted(hoisted)
	l.sortVariables(vars)
}

// sortVariables puts the variables of a whole program into the order in which Go
// initializes them.
func (l *Lowered) sortVariables(all []*ast.GenDecl) {
	specs := make(map[types.Object]*ast.ValueSpec)
	var list []ast.Stmt
	add := func(spec *ast.ValueSpec) {
		list = append(list, &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, TokPos: spec.Pos(), Specs: []ast.Spec{spec}}})
	}
	for _, d := range all {
		for _, id := range names(d) {
			spec := specOf(d, id)
			specs[l.Info.Defs[id]] = spec
			if len(spec.Values) == 0 && spec.Names[0] == id {
				add(spec)
			}
		}
	}
	for _, initializer := range l.Checked.Info.InitOrder {
		spec := specs[initializer.Lhs[0]]
		if spec == nil {
			continue
		}
		one := *spec
		if len(spec.Values) == len(spec.Names) {
			i := slices.IndexFunc(spec.Names, func(id *ast.Ident) bool { return l.Info.Defs[id] == initializer.Lhs[0] })
			one.Names, one.Values = spec.Names[i:i+1], spec.Values[i:i+1]
		}
		add(&one)
	}
	l.Body = append(list, l.Body...)
}

// specOf is the part of a declaration that declares a name.
func specOf(d *ast.GenDecl, id *ast.Ident) *ast.ValueSpec {
	i := slices.IndexFunc(d.Specs, func(s ast.Spec) bool { return slices.Contains(s.(*ast.ValueSpec).Names, id) })
	return d.Specs[i].(*ast.ValueSpec)
}

// sortHoisted sorts types and constants. A type that is needed before it is declared is in
// a circle: its name is declared ahead.
func (l *Lowered) sortHoisted(all []*ast.GenDecl) {
	declares := make(map[types.Object]*ast.GenDecl)
	for _, d := range all {
		for _, id := range names(d) {
			declares[l.Info.Defs[id]] = d
		}
	}
	const visiting, done = 1, 2
	state := make(map[*ast.GenDecl]int)
	var visit func(d *ast.GenDecl)
	visit = func(d *ast.GenDecl) {
		state[d] = visiting
		for _, o := range l.usedIn(d) {
			needed := declares[o]
			switch {
			case needed == nil:
			case state[needed] == visiting && needed != d && !slices.Contains(l.Ahead, o.Name()):
				l.Ahead = append(l.Ahead, o.Name())
			case state[needed] == 0:
				visit(needed)
			}
		}
		state[d] = done
		l.Types = append(l.Types, d)
	}
	for _, d := range all {
		if state[d] == 0 {
			visit(d)
		}
	}
}

// names are what a declaration of types or constants declares.
func names(d *ast.GenDecl) (all []*ast.Ident) {
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			all = append(all, spec.Name)
		case *ast.ValueSpec:
			all = append(all, spec.Names...)
		}
	}
	return all
}

// method makes a function of a method, and a method that calls it.
func (l *Lowered) method(d *ast.FuncDecl) {
	f, _ := l.Info.Defs[d.Name].(*types.Func)
	name := ""
	if f != nil {
		name = l.functionOf(f)
	}
	if name == "" {
		l.Methods = append(l.Methods, d)
		return
	}
	l.at = d.Pos()
	l.Methods = append(l.Methods, l.wrapper(f, f.Signature().Recv().Type(), func(receiver ast.Expr) ast.Expr { return receiver }))
	receiver := d.Recv.List[0]
	d.Type.Params.List = append([]*ast.Field{receiver}, d.Type.Params.List...)
	d.Recv, d.Name = nil, &ast.Ident{Name: name, NamePos: d.Name.Pos()}
	l.Functions = append(l.Functions, d)
}

// wrapper is a method of a type that calls another type's method, or the function that
// does its own work. to is the receiver of that, made of the wrapper's own.
func (l *Lowered) wrapper(method *types.Func, of types.Type, to func(receiver ast.Expr) ast.Expr) *ast.FuncDecl {
	s := method.Signature()
	receiver := l.variable("receiver", of)
	var params []*types.Var
	for p := range s.Params().Variables() {
		params = append(params, l.variable("argument", p.Type()))
	}
	call := &ast.CallExpr{Lparen: l.at, Rparen: l.at}
	if name := l.functionOf(method); name != "" {
		call.Fun, call.Args = l.name(name), []ast.Expr{to(l.use(receiver))}
	} else if x := to(l.use(receiver)); l.inCircle(l.typeOf(x)) || l.inCircle(s.Recv().Type()) {
		call.Fun = l.methodOf(x, method)
	} else {
		call.Fun = &ast.SelectorExpr{X: to(l.use(receiver)), Sel: l.name(method.Name())}
	}
	call.Args = append(call.Args, l.uses(params)...)
	if s.Variadic() {
		call.Ellipsis = l.at + 1
	}
	var body ast.Stmt = &ast.ExprStmt{X: call}
	if s.Results().Len() > 0 {
		body = &ast.ReturnStmt{Return: l.at, Results: []ast.Expr{call}}
	}
	field := &ast.Field{Names: []*ast.Ident{l.define(receiver)}, Type: l.typeExpr(of)}
	return &ast.FuncDecl{
		Recv: &ast.FieldList{Opening: l.at, List: []*ast.Field{field}},
		Name: l.name(method.Name()),
		Type: l.signature(s, params),
		Body: l.block(body),
	}
}
