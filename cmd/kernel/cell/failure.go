package cell

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/cosmos72/gomacro/base"
)

// A Failure is why a cell ended early, as the notebook shows it.
type Failure struct {
	Name  string // the kind, in a word or two
	Value string // what happened
}

// String is what the reader sees; the first line says what happened.
func (f *Failure) String() string {
	if f.Name == "" || strings.HasPrefix(f.Value, f.Name) {
		return f.Value
	}
	return f.Name + ": " + f.Value
}

// failureOf makes a failure of what evaluate recovered. gomacro panics for errors
// in the code and for interrupts, too.
func failureOf(recovered any, compiled bool) *Failure {
	switch p := recovered.(type) {
	case base.Signal:
		return &Failure{"interrupted", "the cell was stopped; everything it had defined so far is kept"}
	case runtime.Error:
		if !compiled {
			return compileError("the interpreter can't compile this: " + p.Error())
		}
	}
	if compiled {
		return &Failure{"panic", fmt.Sprint(recovered)}
	}
	return compileError(fmt.Sprint(recovered))
}

func compileError(message string) *Failure {
	return &Failure{"compile error", message + hint(message)}
}

func abandoned() *Failure {
	return &Failure{"interrupted", "the cell waits in a call that can't be stopped; it is left behind, and you can go on: everything you defined is kept"}
}

func goexit() *Failure {
	return &Failure{"goroutine ended", "the cell called runtime.Goexit, as a failing testing.T does; everything you defined is kept"}
}

func tooDeep() *Failure {
	return &Failure{"stack overflow", "functions call each other without end; the cell was stopped before Go would end the kernel, and everything you defined is kept"}
}
