package cell

import (
	"fmt"
	"go/token"
	"regexp"
	"runtime"
	"strings"

	"github.com/cosmos72/gomacro/base"

	"stepwise/cmd/kernel/check"
	"stepwise/cmd/kernel/lower"
	"stepwise/cmd/kernel/source"
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
func (s *Session) failureOf(recovered any, compiled bool, code string) *Failure {
	if compiled && isGoexit(recovered) {
		return ended()
	}
	if recovered == errNoInput {
		return &Failure{"no input", errNoInput.Error()}
	}
	switch p := recovered.(type) {
	case base.Signal:
		return &Failure{"interrupted", "the cell was stopped; everything it had defined so far is kept"}
	case runtime.Error:
		if !compiled {
			return s.compileError("the interpreter can't compile this: "+p.Error(), code)
		}
	}
	if compiled {
		message := panicText(recovered)
		return &Failure{"panic", lines(lines(message, s.traceback), source.AdvisePanic(message))}
	}
	return s.compileError(fmt.Sprint(recovered), code)
}

// cellName is what a cell is called in errors, before the line.
func cellName(number int) string { return fmt.Sprintf("In[%d]", number) }

// refused is the failure of a cell that is not Go.
func refused(problems []check.Problem) *Failure {
	name := "compile error"
	var all []string
	for _, p := range problems {
		message := p.String()
		if p.Import != "" {
			name, message = "import failed", fmt.Sprintf("%s:%d:%d: import %q: %s", p.Cell, p.Line, p.Column, p.Import, notCompiledIn)
		}
		all = append(all, lines(message, p.Advice))
	}
	return &Failure{name, strings.Join(all, "\n")}
}

// notLowered is the failure of a cell that is Go and can't be made one for gomacro.
func (s *Session) notLowered(all []lower.Remark) *Failure {
	var text []string
	for _, r := range all {
		text = append(text, s.place(r.Pos)+": "+r.Text)
	}
	return &Failure{"compile error", strings.Join(text, "\n")}
}

// compileError says where in the cell, what the interpreter says, and what to do.
func (s *Session) compileError(message, code string) *Failure {
	if !strings.Contains(message, "In[") {
		at := s.place(s.ir.Comp.Pos)
		if at == "" {
			at = s.guess(message, code)
		}
		message = at + ": " + strings.TrimSpace(message)
	}
	return &Failure{"compile error", lines(message, source.Advise(message))}
}

// place is a place in a cell, In[cell]:line:column; empty if it is unknown.
func (s *Session) place(p token.Pos) string {
	if p == token.NoPos {
		return ""
	}
	return s.ir.Comp.Fileset.Position(p).String()
}

// guess is the place of an error that has none: where the cell first has a name that
// the error begins a line with, or else its beginning.
func (s *Session) guess(message, code string) string {
	at := 0
	if found := usesName.FindStringSubmatch(message); found != nil {
		if where := regexp.MustCompile(`\b` + found[1] + `\b`).FindStringIndex(code); where != nil {
			at = where[0]
		}
	}
	line := strings.Count(code[:at], "\n") + 1
	return fmt.Sprintf("%s:%d:%d", s.ir.Comp.Filepath, line, at-strings.LastIndex(code[:at], "\n"))
}

// usesName is how gomacro lists what it takes for a circle of definitions.
var usesName = regexp.MustCompile(`(?m)^\t(\w+) uses `)

// lines puts a hint below a message.
func lines(message, hint string) string {
	if hint == "" {
		return message
	}
	return message + "\n" + hint
}

// ended is the failure of a cell whose goroutine has ended. It may be asked twice, on
// the way out and at its end; the next cell forgets what was called.
func ended() *Failure {
	if call := exited.Load(); call != nil {
		return &Failure{*call, "a program would end here; the cell has, and the kernel and everything you defined are still there"}
	}
	return goexit()
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
