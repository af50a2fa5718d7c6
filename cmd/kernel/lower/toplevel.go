package lower

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// inits runs the functions that Go runs by itself:
//
//	func init() { fmt.Println("first") }
//
// They run at the end of their cell, when its variables have values, and before main and
// the value that the cell shows.
func (l *Lowered) inits() {
	var calls []ast.Stmt
	for _, f := range l.Functions {
		if f.Name.Name == "init" {
			l.at = f.Pos()
			f.Name = l.name(l.fresh("init"))
			calls = append(calls, &ast.ExprStmt{X: l.call(f.Name, nil)})
		}
	}
	end := len(l.Body)
	if end > 0 {
		if _, isValue := l.Body[end-1].(*ast.ExprStmt); isValue {
			end--
		}
	}
	l.Body = slices.Insert(l.Body, end, calls...)
	if l.IsProgram {
		l.Body = append(l.Body, &ast.ExprStmt{X: l.call(l.name("main"), nil)})
	}
}

// wrap makes a function of the statements from the first on that only a function can have:
//
//	f, err := os.Open(name)
//	defer f.Close()
//
// The deferred call runs at the cell's end. What the statements define is a variable of
// the session nevertheless: it is declared ahead.
func (l *Lowered) wrap() {
	begin := slices.IndexFunc(l.Body, l.needsFunction)
	if begin < 0 {
		return
	}
	l.at = l.Body[begin].Pos()
	var ahead, inside []ast.Stmt
	for _, statement := range l.Body[begin:] {
		l.at = statement.Pos()
		declared, assigned := l.undefine(statement)
		ahead, inside = append(ahead, declared...), append(inside, assigned...)
	}
	f := l.literal(inside...)
	if last, ok := inside[len(inside)-1].(*ast.ExprStmt); ok {
		if results := l.resultsOf(last.X); results != nil {
			inside[len(inside)-1] = l.returns(last.X)
			f.Type.Results = results
		}
	}
	l.Body = append(append(l.Body[:begin:begin], ahead...), &ast.ExprStmt{X: l.call(f, nil)})
}

// resultsOf are the types of an expression's values; nil if it has none.
func (l *Lowered) resultsOf(e ast.Expr) *ast.FieldList {
	fields := &ast.FieldList{}
	switch t := l.typeOf(e).(type) {
	case nil:
		return nil
	case *types.Tuple:
		for v := range t.Variables() {
			fields.List = append(fields.List, &ast.Field{Type: l.typeExpr(v.Type())})
		}
	default:
		if l.Info.Types[e].IsNil() {
			return nil
		}
		fields.List = []*ast.Field{{Type: l.typeExpr(types.Default(t))}}
	}
	if len(fields.List) == 0 {
		return nil
	}
	return fields
}

// needsFunction reports whether a statement defers something, or is one that goto leads
// from or to.
func (l *Lowered) needsFunction(statement ast.Stmt) (needs bool) {
	ast.Inspect(statement, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			needs = true
		case *ast.BranchStmt:
			needs = needs || n.Tok == token.GOTO
		case *ast.LabeledStmt:
			needs = needs || l.targets[n.Label.Name]
		}
		return !needs
	})
	return needs
}

// undefine makes an assignment of a statement that defines variables, and returns their
// declarations.
func (l *Lowered) undefine(statement ast.Stmt) (ahead, instead []ast.Stmt) {
	switch s := statement.(type) {
	case *ast.LabeledStmt:
		ahead, instead = l.undefine(s.Stmt)
		if len(instead) == 0 {
			instead = []ast.Stmt{&ast.EmptyStmt{Semicolon: s.Pos()}}
		}
		s.Stmt = instead[0]
		instead[0] = s
		return ahead, instead
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			s.Tok = token.ASSIGN
			for _, e := range s.Lhs {
				ahead = append(ahead, l.declareAhead(e.(*ast.Ident))...)
			}
		}
	case *ast.DeclStmt:
		d := s.Decl.(*ast.GenDecl)
		if d.Tok != token.VAR {
			break
		}
		for _, spec := range d.Specs {
			spec := spec.(*ast.ValueSpec)
			var left, zeros []ast.Expr
			for _, id := range spec.Names {
				left = append(left, id)
				ahead = append(ahead, l.declareAhead(id)...)
				if v := l.Info.Defs[id]; v != nil {
					zeros = append(zeros, l.zero(v.Type()))
				}
			}
			if len(spec.Values) > 0 {
				instead = append(instead, l.assign(token.ASSIGN, left, spec.Values))
			} else if len(zeros) == len(left) {
				instead = append(instead, l.assign(token.ASSIGN, left, zeros))
			}
		}
		return ahead, instead
	}
	return ahead, []ast.Stmt{statement}
}

// declareAhead declares a variable, unless the session has it already, of the same type.
func (l *Lowered) declareAhead(id *ast.Ident) []ast.Stmt {
	v, ok := l.Info.Defs[id].(*types.Var)
	if !ok || id.Name == "_" {
		return nil
	}
	for _, old := range l.Replaced {
		if old.Name == id.Name && !slices.Contains(l.Changed, old) {
			return nil
		}
	}
	return []ast.Stmt{l.declare(v)}
}

// zero is the value that a variable has at first.
func (l *Lowered) zero(t types.Type) ast.Expr {
	return l.star(l.call(l.name("new"), types.NewPointer(t), l.typeExpr(t)))
}
