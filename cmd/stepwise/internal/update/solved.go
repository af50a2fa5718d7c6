// solved.go: an exercise that the learner has solved stays where it is, if the newer course
// asks for the same functions: its new words are no reason to put the stub in its place. Read
// update.go first.

package update

import (
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path"
	"path/filepath"
	"strings"

	"stepwise/internal/progress"
)

// keepSolved turns Both into Solved for each such exercise.
func (p *Plan) keepSolved() {
	standings, err := progress.Read(p.to)
	if err != nil {
		return // then nothing is known to be solved
	}
	for i, c := range p.Changes {
		slug, isExercise := strings.CutPrefix(path.Dir(c.Path), "exercises/")
		if c.Kind != Both || !isExercise || !strings.HasSuffix(c.Path, ".go") || !standings[slug].Best.Solved() {
			continue
		}
		local := filepath.FromSlash(c.Path)
		if asksTheSame(filepath.Join(p.from, local), filepath.Join(p.to, local)) {
			p.Changes[i].Kind = Solved
		}
	}
}

// asksTheSame reports whether the learner's file has every function of the stub, with the same
// parameters and results, and every type of it by name.
func asksTheSame(stub, theirs string) bool {
	asked, err := declared(stub)
	if err != nil {
		return false
	}
	has, err := declared(theirs)
	if err != nil {
		return false
	}
	for name, signature := range asked {
		if answer, there := has[name]; !there || answer != signature {
			return false
		}
	}
	return true
}

// declared are the functions and types of a file, and for each function what it takes and
// returns, without the parameters' names.
func declared(file string) (map[string]string, error) {
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	all := map[string]string{"package": parsed.Name.Name}
	for _, d := range parsed.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			receiver := ""
			if d.Recv != nil {
				receiver = types(fset, d.Recv)
			}
			all["func "+receiver+" "+d.Name.Name] = types(fset, d.Type.Params) + " " + types(fset, d.Type.Results)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok {
					all["type "+t.Name.Name] = ""
				}
			}
		}
	}
	return all, nil
}

// types are those of a list of parameters, one for each of its names.
func types(fset *token.FileSet, list *ast.FieldList) string {
	if list == nil {
		return ""
	}
	var all []string
	for _, field := range list.List {
		var text strings.Builder
		_ = printer.Fprint(&text, fset, field.Type) // a strings.Builder takes everything
		for range max(1, len(field.Names)) {
			all = append(all, text.String())
		}
	}
	return strings.Join(all, ", ")
}
