// build.go: new nodes, each with its type, at the place of the node for which a rule makes
// them.

package lower

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"
)

// typed notes an expression's type.
func (l *Lowered) typed(e ast.Expr, t types.Type) { l.Info.Types[e] = types.TypeAndValue{Type: t} }

// typeOf is an expression's type, also of a name that is defined there.
func (l *Lowered) typeOf(e ast.Expr) types.Type { return l.Info.TypeOf(e) }

// variable is a new local variable.
func (l *Lowered) variable(word string, t types.Type) *types.Var {
	return types.NewVar(l.at, l.Package, l.fresh(word), t)
}

// define is the name of a variable where it is defined.
func (l *Lowered) define(v types.Object) *ast.Ident {
	id := &ast.Ident{Name: v.Name(), NamePos: l.at}
	l.Info.Defs[id] = v
	return id
}

// use is the name of a variable or function where it is used.
func (l *Lowered) use(v types.Object) *ast.Ident {
	id := &ast.Ident{Name: v.Name(), NamePos: l.at}
	l.Info.Uses[id] = v
	l.typed(id, v.Type())
	return id
}

// uses are the names of variables.
func (l *Lowered) uses(list []*types.Var) []ast.Expr {
	var all []ast.Expr
	for _, v := range list {
		all = append(all, l.use(v))
	}
	return all
}

// defines are the names of variables where they are defined.
func (l *Lowered) defines(list []*types.Var) []ast.Expr {
	var all []ast.Expr
	for _, v := range list {
		all = append(all, l.define(v))
	}
	return all
}

// Builtins that the interpreter has for the rules.
const (
	One  = Prefix + "one"  // one(x) is x, or the first of its values, as a copy
	Bind = Prefix + "bind" // bind(f, x) is f without its first parameter, which is a copy of x
	// Guarded(f) is f, but a panic in it is reported and ends nothing; guarded(f, true)
	// takes a slice in place of several arguments.
	Guarded = Prefix + "guarded"
	// Min and Max are those of Go, for arguments that have one type.
	Min = Prefix + "min"
	Max = Prefix + "max"
	// Pointed(I, p) is p as a value of the interface I; if I is not a cell's and p is a
	// pointer, some of the methods may want what it points to.
	Pointed = Prefix + "pointed"
	// Refaced(I, x) is x, of another interface, as a value of the cell's interface I.
	Refaced = Prefix + "refaced"
	// Shown(x) prints as x does in Go; x is a cell's value, or an interface.
	Shown = Prefix + "shown"
	// Typed(x) is x as an interface of anything that knows its type.
	Typed = Prefix + "typed"
	// As(err, &target) is errors.As.
	As = Prefix + "as"
	// Owns(T) notes T, a type that a function declares.
	Owns = Prefix + "owns"
	// Labels("a", "b") makes labels known in the block that begins with it.
	Labels = Prefix + "labels"
)

// Functions that the interpreter has for the rules.
const (
	Is        = Prefix + "is"        // is(err, target) is errors.Is
	Kept      = Prefix + "kept"      // kept(err) is err, with the methods that it has
	ShownAll  = Prefix + "shownall"  // shownall(list) is a list of anything, each shown
	Formatted = Prefix + "formatted" // formatted(format, args...) is fmt.Sprintf
	Wrapped   = Prefix + "wrapped"   // wrapped(format, args...) is fmt.Errorf
	Copy      = Prefix + "copy"      // copy(to, from) is Go's, as a value
	Clear     = Prefix + "clear"     // clear(x) is Go's
	LoopOver  = Prefix + "loopover"  // loopover() is what Go panics with if a loop's function goes on after the loop
	Recovered = Prefix + "recovered" // recovered(v) is what Go would have recovered
	Panicking = Prefix + "panicking" // panicking(v) is what to panic with for panic(v)
	// select(hasDefault, channel, sends, value, ok, …) waits, and returns which case is
	// ready; a case has four arguments, the last two pointers or nil. -1 is the default.
	Select = Prefix + "select"
)

// name is a predeclared name, or one that the interpreter alone knows.
func (l *Lowered) name(name string) *ast.Ident { return &ast.Ident{Name: name, NamePos: l.at} }

// number is an integer constant.
func (l *Lowered) number(n int64, t types.Type) ast.Expr {
	e := &ast.BasicLit{Kind: token.INT, Value: strconv.FormatInt(n, 10), ValuePos: l.at}
	l.Info.Types[e] = types.TypeAndValue{Type: t, Value: constant.MakeInt64(n)}
	return e
}

// text is a string constant.
func (l *Lowered) text(s string) ast.Expr {
	e := &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(s), ValuePos: l.at}
	l.Info.Types[e] = types.TypeAndValue{Type: types.Typ[types.String], Value: constant.MakeString(s)}
	return e
}

// call is a call that has one result or none.
func (l *Lowered) call(f ast.Expr, result types.Type, args ...ast.Expr) *ast.CallExpr {
	e := &ast.CallExpr{Fun: f, Args: args, Lparen: l.at, Rparen: l.at}
	if result != nil {
		l.typed(e, result)
	}
	return e
}

// assign is left = right or left := right.
func (l *Lowered) assign(op token.Token, left, right []ast.Expr) *ast.AssignStmt {
	return &ast.AssignStmt{Lhs: left, Tok: op, TokPos: l.at, Rhs: right}
}

// let is v := value.
func (l *Lowered) let(v *types.Var, value ast.Expr) *ast.AssignStmt {
	return l.assign(token.DEFINE, []ast.Expr{l.define(v)}, []ast.Expr{value})
}

// block is a block of statements.
func (l *Lowered) block(list ...ast.Stmt) *ast.BlockStmt {
	return &ast.BlockStmt{Lbrace: l.at, List: list, Rbrace: l.at}
}

// blank reports whether there is no variable: no expression, or _.
func blank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return e == nil || ok && id.Name == "_"
}

// binary is left op right.
func (l *Lowered) binary(op token.Token, t types.Type, left, right ast.Expr) ast.Expr {
	e := &ast.BinaryExpr{X: left, Op: op, OpPos: l.at, Y: right}
	l.typed(e, t)
	return e
}

// convert is t(e); e itself if it has that type.
func (l *Lowered) convert(t types.Type, e ast.Expr) ast.Expr {
	if types.Identical(l.typeOf(e), t) && l.Info.Types[e].Value == nil {
		return e
	}
	return l.call(l.typeExpr(t), t, e)
}

// address is &e.
func (l *Lowered) address(e ast.Expr) ast.Expr {
	a := &ast.UnaryExpr{Op: token.AND, OpPos: l.at, X: e}
	l.typed(a, types.NewPointer(l.typeOf(e)))
	return a
}

// star is *e.
func (l *Lowered) star(e ast.Expr) ast.Expr {
	s := &ast.StarExpr{Star: l.at, X: e}
	l.typed(s, l.typeOf(e).Underlying().(*types.Pointer).Elem())
	return s
}

// set is left = right.
func (l *Lowered) set(left, right ast.Expr) ast.Stmt {
	return l.assign(token.ASSIGN, []ast.Expr{left}, []ast.Expr{right})
}

// constant is true or false.
func (l *Lowered) constant(name string) ast.Expr {
	e := l.name(name)
	l.Info.Types[e] = types.TypeAndValue{Type: types.Typ[types.Bool], Value: constant.MakeBool(name == "true")}
	return e
}

// isPointer reports whether a type is one.
func isPointer(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// withAhead replaces a statement, which may have a label, by another with more ahead of it:
// break and continue find the label as before.
func (l *Lowered) withAhead(c *astutil.Cursor, ahead []ast.Stmt, statement ast.Stmt) {
	if len(ahead) == 0 {
		c.Replace(statement)
		return
	}
	if _, labeled := c.Parent().(*ast.LabeledStmt); labeled {
		c.Replace(statement)
		l.ahead[statement] = ahead
		return
	}
	c.Replace(l.block(append(ahead, statement)...))
}

// aheadOfLabel puts what withAhead could not put ahead of a statement ahead of its label.
func (l *Lowered) aheadOfLabel(c *astutil.Cursor) {
	if labeled, ok := c.Node().(*ast.LabeledStmt); ok {
		if ahead := l.ahead[labeled.Stmt]; ahead != nil {
			delete(l.ahead, labeled.Stmt)
			l.at = labeled.Pos()
			c.Replace(l.block(append(ahead, labeled)...))
		}
	}
}

// declare is var v T.
func (l *Lowered) declare(v *types.Var) ast.Stmt {
	spec := &ast.ValueSpec{Names: []*ast.Ident{l.define(v)}, Type: l.typeExpr(v.Type())}
	return &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, TokPos: l.at, Specs: []ast.Spec{spec}}}
}

// rangeTypes are the types of the two values that a loop over something has.
func (l *Lowered) rangeTypes(over ast.Expr) [2]types.Type {
	integer := types.Type(types.Typ[types.Int])
	switch t := l.typeOf(over).Underlying().(type) {
	case *types.Map:
		return [2]types.Type{t.Key(), t.Elem()}
	case *types.Chan:
		return [2]types.Type{t.Elem()}
	case *types.Pointer:
		return [2]types.Type{integer, t.Elem().Underlying().(*types.Array).Elem()}
	case interface{ Elem() types.Type }:
		return [2]types.Type{integer, t.Elem()}
	}
	return [2]types.Type{integer, types.Typ[types.Rune]} // a text
}
