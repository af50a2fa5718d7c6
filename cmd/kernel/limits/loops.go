// loops.go: the rules for loops. Read rules.go first.

package limits

import (
	"go/ast"
	"go/constant"
	"go/token"
)

// rounds is how many a loop outside all functions may have: its variables are looked up
// in another way than a function's. A round was measured to take up to 7 µs there, and
// 2 µs in a function.
const rounds = 100_000

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
