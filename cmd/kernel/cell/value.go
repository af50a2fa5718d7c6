package cell

import (
	"go/parser"

	"stepwise/cmd/kernel/display"
)

// Value runs an expression and returns what it shows; text that is empty where a cell
// would show nothing. What is no expression, a statement or a command, is a failure
// and is not run. It is a cell like any other, so what is said of Run holds.
func (s *Session) Value(expression string, number int) Result {
	if _, err := parser.ParseExpr(expression); err != nil {
		return Result{Failure: &Failure{"not an expression", err.Error()}}
	}
	result := s.Run(expression, number)
	if result.Failure == nil && len(result.Value.Data) == 0 {
		result.Value.Data = display.MIMEMap{display.MIMETypeText: ""}
	}
	return result
}
