// Package check has Go's own type checker judge the cells of a notebook: a cell is
// checked together with everything that is alive in its session, so it is refused for
// what the compiler would refuse, in the compiler's words, and all of it at once.
//
//	s := check.NewSession()
//	checked, problems := s.Check("x := 1\nx + y", "In[1]")
//	if len(problems) == 0 {
//		// checked.Nodes is the syntax tree, checked.Info its types; run it, then:
//		s.Accept(checked)
//	}
//
// A cell may do a few things that a Go file may not:
//
//   - Statements stand at the top level; what they define is a variable of the session.
//     Each sees what stands above it. Functions, types and constants see all of the cell.
//   - A later cell may declare a name anew, also as something else. What was compiled
//     against the old one keeps it, and Checked.Notes says so.
//   - A later cell may add methods to a type, and replace them.
//   - Imports, and variables at the top level, may be unused.
//   - The last statement may be an expression: the cell shows its value.
//
// Everything else is Go.
//
// Order of reading: session.go, parse.go, cell.go (one cell), alive.go (what the cells
// before it have left), express.go, problem.go and advice.go.
package check

import (
	"go/ast"
	"go/token"
	"go/types"

	"stepwise/cmd/kernel/exports"
)

// A Session is what the accepted cells have declared. One goroutine at a time may use it.
type Session struct {
	importer *exports.Importer
	pack     *types.Package          // what is alive, as the cell accepted last has left it
	names    map[string]*Declaration // the newest of each name; a method's is Type.Name
	dots     []string                // the paths of packages that are imported without a name
}

// NewSession returns a session in which nothing is declared. Cells can import what package
// exports has.
func NewSession() *Session {
	return &Session{importer: exports.NewImporter(), pack: types.NewPackage("main", "main"), names: make(map[string]*Declaration)}
}

// A Declaration is one name that a cell has declared at its top level.
type Declaration struct {
	Name   string
	Cell   string       // that declares it: In[3]
	Object types.Object // what it is; nil for an import
	Path   string       // of the package, for an import
	Node   ast.Node     // where it is declared: *ast.FuncDecl, *ast.TypeSpec, *ast.ValueSpec, *ast.AssignStmt, *ast.ImportSpec; nil if no cell declares it
	In     *Checked     // the cell that Node is of; nil if no cell declares it

	text string          // of a type, its source
	uses map[string]bool // the names, of the session, that its source uses
}

// Checked is a cell that is Go.
type Checked struct {
	Cell   string         // In[3]
	Source string         // the cell, with blanks in place of its commands
	Files  *token.FileSet // knows the places in Nodes: line and column of the cell
	Nodes  []ast.Node     // the cell's declarations and statements, in order; ast.Decl and ast.Stmt
	// Info has the types, definitions, uses, instances and selections of Nodes. A
	// variable that a statement defines at the top level is one of Package, as in later
	// cells.
	Info    *types.Info
	Package *types.Package // all that is alive once the cell is accepted, in its newest form
	// New are the names that the cell declares, in order; Replaced are those among the
	// session's that it declares anew.
	New, Replaced []*Declaration
	Changed       []*Declaration  // those of Replaced that become something else
	IsProgram     bool            // it begins with a package clause: a whole program, whose main is to be run
	Again         map[string]bool // the types among New that the session has as they are
	// Notes say, a sentence each, what still uses a declaration that the cell replaces.
	Notes []string

	dots []string
}

// Offset is the byte of Source that stands at pos, a place in Nodes; -1 for a node that
// has no place there.
func (c *Checked) Offset(pos token.Pos) int {
	if !pos.IsValid() {
		return -1
	}
	at := c.Files.Position(pos)
	return offset(c.Source, at.Line, at.Column)
}

// offset is the byte of text at a line and column, both counted from 1.
func offset(text string, line, column int) int {
	for i := range len(text) {
		if line == 1 {
			return min(i+column-1, len(text))
		}
		if text[i] == '\n' {
			line--
		}
	}
	return len(text)
}

// Predeclare gives the session a name that no cell declares: that of something in a
// package.
func (s *Session) Predeclare(name, path, exported string) error {
	p, err := s.importer.Import(path)
	if err != nil {
		return err
	}
	var o types.Object = types.NewVar(token.NoPos, s.pack, name, p.Scope().Lookup(exported).Type())
	s.pack.Scope().Insert(o)
	s.names[name] = &Declaration{Name: name, Object: o}
	return nil
}

// Accept makes what a checked cell declares known to the cells after it. Call it once,
// after the Check that returned c and before the next.
func (s *Session) Accept(c *Checked) {
	s.pack = c.Package
	s.dots = append(s.dots, c.dots...)
	for _, d := range c.New {
		if t, ok := d.Object.(*types.TypeName); ok && t != nil {
			s.forgetMethods(d)
		}
		s.names[d.Name] = d
	}
	for name, d := range s.names {
		if d.Object != nil {
			if now := s.find(name); now != nil {
				d.Object = now
			}
		}
	}
}

// forgetMethods drops the methods of a type that is declared anew as another; the cell's
// own come after it.
func (s *Session) forgetMethods(d *Declaration) {
	old := s.names[d.Name]
	if old == nil || old.text == d.text {
		return
	}
	for name := range s.names {
		if of, _, isMethod := cutMethod(name); isMethod && of == d.Name {
			delete(s.names, name)
		}
	}
}

// find is what a name of the session is today.
func (s *Session) find(name string) types.Object {
	of, method, isMethod := cutMethod(name)
	o := s.pack.Scope().Lookup(of)
	if !isMethod || o == nil {
		return o
	}
	found, _, _ := types.LookupFieldOrMethod(types.NewPointer(o.Type()), true, s.pack, method)
	return found
}

// Lookup is the newest declaration of a name, a method's being Type.Name; nil if no
// accepted cell has any.
func (s *Session) Lookup(name string) *Declaration { return s.names[name] }
