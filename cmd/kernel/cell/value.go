package cell

import (
	"go/parser"

	"stepwise/cmd/kernel/display"
)

// Value runs an expression and returns what it shows; empty text where a cell would show
// nothing. Anything else, such as a statement or a command, is a failure and is not run.
// The expression runs as a cell: all that Run's comment says holds.
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
