// generic.go: the interpreter knows no generics, so a cell that has some becomes one that
// has none, ahead of all other rules. Each list of type arguments with which a function or
// type is used gets a copy of the declaration, with the arguments in place of the
// parameters:
//
//	func Max[T int | string](a, b T) T { … }       func Maxᐸintᐳ(a, b int) int { … }
//	Max(1, 2)                                      Maxᐸintᐳ(1, 2)
//
// The cell is checked again then, in a session that never sees a generic declaration: so
// the rules after this one have the types of the copies. Read generic_instance.go next.

package lower

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"

	"stepwise/cmd/kernel/check"
	"stepwise/cmd/kernel/source"
)

// Generics makes cells without generics of a session's cells.
type Generics struct {
	written   *check.Session       // of the cells as they are written
	plain     *check.Session       // of what is made of them; nil as long as that is the same
	library   *library             // the generic declarations of packages
	versions  map[string]int       // how often a name has been declared as another thing
	instances map[string]*instance // by their keys
	made      *pass                // the last one
}

// NewGenerics returns the Generics of a session in which nothing is declared yet.
func NewGenerics(s *check.Session) *Generics {
	return &Generics{written: s, library: newLibrary(s.Importer()), versions: make(map[string]int), instances: make(map[string]*instance)}
}

// A pass is the making of one cell.
type pass struct {
	*Generics
	cell      *check.Checked
	versions  map[string]int
	instances map[string]*instance
	imports   map[string]string // the names of packages that copies need, by path
	moved     map[*token.File]*token.File
	todo      []*instance
	nodes     []ast.Node
}

// Plain returns the cell without generics, or why there can't be one. Accept makes known
// to the cells after it what the cell has declared.
func (g *Generics) Plain(c *check.Checked) (*check.Checked, []check.Problem) {
	g.made = nil
	if g.plain == nil {
		if !hasGenerics(c) {
			return c, nil
		}
		g.plain = g.written.Clone()
	}
	p := &pass{Generics: g, cell: c, versions: maps.Clone(g.versions), instances: maps.Clone(g.instances), imports: make(map[string]string), moved: make(map[*token.File]*token.File)}
	if err := p.make(); err != nil {
		at := c.Files.Position(err.at)
		if at.Filename != c.Cell {
			at.Line, at.Column = 1, 1
		}
		return nil, []check.Problem{{Cell: c.Cell, Line: at.Line, Column: at.Column, Text: err.says}}
	}
	plain, wrong := g.plain.CheckNodes(c, p.nodes)
	for i := range wrong {
		wrong[i].Text = Readable(wrong[i].Text)
	}
	g.made = p
	return plain, wrong
}

// Accept makes what the cell declares known to the cells after it; plain is what Plain
// returned last.
func (g *Generics) Accept(plain *check.Checked) {
	if g.made != nil {
		g.plain.Accept(plain)
		g.versions, g.instances = g.made.versions, g.made.instances
	}
}

// hasGenerics reports whether a cell declares or uses anything generic.
func hasGenerics(c *check.Checked) bool {
	if len(c.Info.Instances) > 0 {
		return true
	}
	return slices.ContainsFunc(c.Nodes, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncDecl:
			return node.Type.TypeParams != nil
		case *ast.GenDecl:
			return slices.ContainsFunc(node.Specs, func(spec ast.Spec) bool { return isGeneric(c.Info, spec) })
		}
		return false
	})
}

// isGeneric reports whether a specification is one that the interpreter can't have: a
// generic type, a constraint, or the import of a package in which all is generic.
func isGeneric(info *types.Info, spec ast.Spec) bool {
	switch spec := spec.(type) {
	case *ast.ImportSpec:
		path, _ := strconv.Unquote(spec.Path.Value)
		return whollyGeneric[path]
	case *ast.TypeSpec:
		if spec.TypeParams != nil {
			return true
		}
		o := info.Defs[spec.Name]
		if o == nil {
			return false
		}
		face, ok := o.Type().Underlying().(*types.Interface)
		return ok && !face.IsMethodSet()
	}
	return false
}

// whollyGeneric are the packages that have nothing but generics.
var whollyGeneric = map[string]bool{"cmp": true, "iter": true, "maps": true, "slices": true}

// A refusal says why an instance can't be made.
type refusal struct {
	at   token.Pos
	says string
}

func refuse(at token.Pos, format string, args ...any) {
	panic(&refusal{at, fmt.Sprintf(format, args...)})
}

// make makes the nodes of the cell.
func (p *pass) make() (refused *refusal) {
	defer func() {
		if r := recover(); r != nil {
			var ok bool
			if refused, ok = r.(*refusal); !ok {
				panic(r)
			}
		}
	}()
	p.declaredAnew()
	whole := &writer{pass: p, info: p.cell.Info, place: func(at token.Pos) token.Pos { return at }}
	for _, node := range p.cell.Nodes {
		if f, ok := node.(*ast.FuncDecl); ok && (f.Type.TypeParams != nil || p.methodOfGeneric(f)) {
			continue
		}
		made := whole.copy(node)
		if d, ok := made.(*ast.GenDecl); !ok || len(d.Specs) > 0 {
			p.nodes = append(p.nodes, made)
		}
	}
	cell := p.nodes
	p.nodes = nil
	for len(p.todo) > 0 {
		next := p.todo[0]
		p.todo = p.todo[1:]
		p.declare(next)
	}
	p.nodes = append(p.nodes, cell...)
	for _, path := range slices.Sorted(maps.Keys(p.imports)) {
		spec := &ast.ImportSpec{Name: ast.NewIdent(p.imports[path]), Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(path)}}
		p.nodes = append([]ast.Node{&ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{spec}}}, p.nodes...)
	}
	return nil
}

// methodOfGeneric reports whether a function is a method of a generic type. If the cell
// adds it to a type of an earlier cell, all instances of the type get it.
func (p *pass) methodOfGeneric(f *ast.FuncDecl) bool {
	o, ok := p.cell.Info.Defs[f.Name].(*types.Func)
	if !ok || o.Signature().RecvTypeParams().Len() == 0 {
		return false
	}
	of := p.templateNamed(source.Receiver(f))
	for _, i := range p.Generics.instances {
		if of != nil && i.of.key == of.key {
			p.method(i, &template{key: of.key, node: f, object: o, info: p.cell.Info, files: p.cell.Files})
		}
	}
	return true
}

// declaredAnew counts the names that the cell declares as something else.
func (p *pass) declaredAnew() {
	for _, d := range p.cell.New {
		if old := p.written.Lookup(d.Name); old != nil && old.Node != nil && textOf(old.In, old.Node) != textOf(d.In, d.Node) {
			p.versions[d.Name]++
		}
	}
}

// textOf is the source of a declaration.
func textOf(c *check.Checked, node ast.Node) string {
	var out bytes.Buffer
	if c == nil || format.Node(&out, c.Files, node) != nil {
		return ""
	}
	return out.String()
}
