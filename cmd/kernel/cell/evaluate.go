package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"os"
	"strconv"
	"strings"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/go/etoken"
	"github.com/cosmos72/gomacro/imports"
	"github.com/cosmos72/gomacro/xreflect"

	"stepwise/cmd/kernel/check"
	"stepwise/cmd/kernel/limits"
	"stepwise/cmd/kernel/lower"
	"stepwise/cmd/kernel/source"
)

// evaluate runs a cell, in the worker's goroutine, and never panics. All of a cell is
// checked and compiled before any of it runs, its commands included; a cell that is
// refused has no effect.
func (s *Session) evaluate(ir *fast.Interp, code string, number int) (result Result) {
	before := remember(ir.Comp)
	compiled := false
	defer func() {
		if p := recover(); p != nil {
			result = Result{Failure: s.failureOf(p, compiled, code)}
		}
		if !compiled {
			alone(before.restore)
		}
	}()
	exited.Store(nil)
	s.traceback = ""
	ir.Comp.Pos = token.NoPos // an error of the cell before may have left it
	checked, problems := s.check.Check(code, cellName(number))
	if len(problems) > 0 {
		return Result{Failure: refused(problems)}
	}
	plain, problems := s.generics.Plain(checked)
	if len(problems) > 0 {
		return Result{Failure: refused(problems)}
	}
	commands, code := source.Commands(code)
	program, failure := s.compile(ir, checked, plain, number)
	if failure != nil {
		return Result{Failure: failure}
	}
	if len(commands) > 0 {
		alone(before.restore) // a command must not see names that have no value yet
		before = remember(ir.Comp)
		if err := s.runCommands(commands); err != nil {
			return Result{Failure: &Failure{"command failed", err.Error()}}
		}
		if program, failure = s.compile(ir, checked, plain, number); failure != nil {
			return Result{Failure: failure}
		}
	}
	compiled = true
	s.check.Accept(checked)
	s.generics.Accept(plain)
	for _, note := range checked.Notes {
		fmt.Fprintf(os.Stderr, "%s: %s\n", checked.Cell, note)
	}
	warn(checked)
	for _, r := range program.lowered.Beware {
		fmt.Fprintf(os.Stderr, "%s:%d: beware: %s\n", checked.Cell, ir.Comp.Fileset.Position(r.Pos).Line, r.Text)
	}
	var values []xreflect.Value
	var types []xreflect.Type
	for _, part := range program.parts {
		values, types = s.run(ir, part)
	}
	if !program.shown {
		return Result{}
	}
	return Result{Value: s.picture(values, types)}
}

// program is a cell that has been compiled and not run.
type program struct {
	parts   []part // run in this order
	shown   bool   // the value of the last part is
	lowered *lower.Lowered
}

// compile compiles a cell that has been checked, and of which plain is what has no
// generics. It panics where gomacro does: at Go that the interpreter can't run.
func (s *Session) compile(ir *fast.Interp, checked, plain *check.Checked, number int) (compiled *program, failure *Failure) {
	alone(func() { compiled, failure = s.compileAlone(ir, checked, plain, number) })
	return compiled, failure
}

func (s *Session) compileAlone(ir *fast.Interp, checked, plain *check.Checked, number int) (*program, *Failure) {
	compiler := ir.Comp
	compiler.Code.Clear()                // what a cell that failed to compile left there
	compiler.Filepath = cellName(number) // stands in errors before the line
	compiler.Line = 0
	if at, err := checkImports(plain.Nodes); err != nil {
		return nil, &Failure{"import failed", fmt.Sprintf("%s: %v", checked.Files.Position(at), err)}
	}
	lowered := lower.Cell(plain, placesIn(compiler.Fileset, checked))
	if len(lowered.Refused) > 0 {
		return nil, s.notLowered(lowered.Refused)
	}
	if err := s.importAhead(compiler, lowered.Imports); err != nil {
		return nil, &Failure{"import failed", lines(err.Error(), "")}
	}
	return &program{compileParts(ir, lowered), shown(checked.Nodes), lowered}, nil
}

// placesIn makes the interpreter know the places of a cell, and returns how it calls each.
func placesIn(files *etoken.FileSet, c *check.Checked) func(token.Pos) token.Pos {
	file := files.AddFile(c.Cell, -1, len(c.Source), 0)
	file.SetLinesForContent([]byte(c.Source))
	return func(p token.Pos) token.Pos {
		if !p.IsValid() {
			return token.NoPos
		}
		at := c.Files.Position(p)
		return min(file.LineStart(min(at.Line, file.LineCount()))+token.Pos(at.Column-1), token.Pos(file.Base()+file.Size()))
	}
}

// shown reports whether a cell's value is shown: it ends with an expression that
// is not a call of one of fmt's printing functions, since their results, a count
// and nil, are not what the reader wants to see.
func shown(nodes []ast.Node) bool {
	if len(nodes) == 0 {
		return false
	}
	last, ok := nodes[len(nodes)-1].(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := last.X.(*ast.CallExpr)
	if !ok {
		return true
	}
	function, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return true
	}
	of, ok := function.X.(*ast.Ident)
	name := function.Sel.Name
	return !ok || of.Name != "fmt" || !strings.HasPrefix(name, "Print") && !strings.HasPrefix(name, "Fprint")
}

// checkImports refuses to import what the checker knows and the interpreter doesn't. gomacro
// would build a plugin: that takes a download and up to a minute, and fails in the end if
// the package has generics.
func checkImports(nodes []ast.Node) (token.Pos, error) {
	for _, imported := range source.Imports(nodes) {
		path, err := strconv.Unquote(imported.Path.Value)
		if err != nil {
			return imported.Path.Pos(), fmt.Errorf("import %s: not a path in quotes", imported.Path.Value)
		}
		if _, ok := imports.Packages[path]; !ok {
			return imported.Path.Pos(), fmt.Errorf("import %q: %s", path, notCompiledIn)
		}
	}
	return token.NoPos, nil
}

const notCompiledIn = "this package is not compiled into the kernel, so a cell can't use it; put the code that needs it into a package under pkg, run go generate ./cmd/kernel and build the kernel anew"

// warn shows, in red, what in a cell does something else than Go does, without an error.
func warn(c *check.Checked) {
	for _, found := range limits.Check(c) {
		if found.Silent {
			fmt.Fprintf(os.Stderr, "%s:%d: beware: %s\n", c.Cell, found.Line, found.Text)
		}
	}
}
