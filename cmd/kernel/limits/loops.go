// loops.go: the rules for loops. Read rules.go first.

package limits

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// rounds is how many a loop outside all functions may have: its variables are looked up
// in another way than a function's. A round was measured to take up to 7 µs there, and
// 2 µs in a function.
const rounds = 100_000

// rangeOver finds loops over numbers and over functions.
func (j *judge) rangeOver(loop *ast.RangeStmt) {
	t := j.Info.TypeOf(loop.X)
	if t == nil {
		return
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		if t.Info()&types.IsInteger != 0 {
			j.add(loop.Pos(), "the interpreter has no loop over a number: write for i := 0; i < n; i++")
		}
	case *types.Signature:
		j.add(loop.Pos(), "the interpreter has no loop over a function: call it, and give it the loop's body as a function")
	}
}

// defined are the variables that a for statement declares.
func defined(loop ast.Stmt) []ast.Expr {
	switch loop := loop.(type) {
	case *ast.RangeStmt:
		if loop.Tok == token.DEFINE {
			return []ast.Expr{loop.Key, loop.Value}
		}
	case *ast.ForStmt:
		if init, ok := loop.Init.(*ast.AssignStmt); ok && init.Tok == token.DEFINE {
			return init.Lhs
		}
	}
	return nil
}

// sharedVariables finds functions in a loop's body that use the loop's own
// variables: all rounds share them, as in Go before 1.22.
func (j *judge) sharedVariables(body *ast.BlockStmt, variables []ast.Expr) {
	own := make(map[types.Object]bool)
	for _, v := range variables {
		if id, ok := v.(*ast.Ident); ok && j.Info.Defs[id] != nil {
			own[j.Info.Defs[id]] = true
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		literal, ok := n.(*ast.FuncLit)
		if !ok {
			return true
		}
		ast.Inspect(literal.Body, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && own[j.Info.Uses[id]] {
				j.addSilent(id.Pos(), "all rounds share the loop's variable %[1]s, so a function sees its last value: write %[1]s := %[1]s at the start of the body", id.Name)
			}
			return true
		})
		return false
	})
}

// manyRounds finds a loop outside all functions that has too many rounds.
func (j *judge) manyRounds(loop *ast.ForStmt) {
	condition, ok := loop.Cond.(*ast.BinaryExpr)
	if !ok {
		return
	}
	switch condition.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ, token.NEQ:
	default:
		return
	}
	for _, side := range []ast.Expr{condition.X, condition.Y} {
		value := j.Info.Types[side].Value
		if value == nil || value.Kind() != constant.Int && value.Kind() != constant.Float {
			continue
		}
		if limit, _ := constant.Float64Val(value); limit >= rounds {
			j.add(loop.Pos(), "a loop of %v rounds may take three times as long outside of a function as inside: put it into one", value)
			return
		}
	}
}
