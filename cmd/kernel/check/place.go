// place.go: what is known at a place of a cell that is being written, and need not be Go
// yet. Tab and Shift-Tab ask.

package check

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"stepwise/cmd/kernel/source"
)

// A Place is a name in a cell that is being written.
type Place struct {
	pass *pass
	id   *ast.Ident
	dot  *ast.SelectorExpr // that the name is the last part of; nil without a dot
}

// At finds out what is known of a name in a cell. text is put in place of the bytes from
// start to end, so that even a name without a letter yet can be asked for. What stands
// behind the place counts only if all of the cell can be parsed. Nothing is changed in the
// session. It returns nil if Go sees no name there.
func (s *Session) At(code string, start, end int, text string) *Place {
	_, code = source.Commands(code)
	t := parse(code[:start]+text+code[end:], "")
	if len(t.wrong) > 0 {
		head := code[:start] + text
		t = parse(head+source.Closers(head), "")
	}
	place := t.find(text, position(code, start))
	if place == nil {
		return nil
	}
	place.pass, _ = s.check(s.outline(t))
	return place
}

// find is the name that stands at a line and column.
func (t *tree) find(name string, at [2]int) (place *Place) {
	is := func(id *ast.Ident) bool {
		p := t.files.Position(id.Pos())
		return id.Name == name && [2]int{p.Line, p.Column} == at
	}
	for _, node := range t.nodes {
		ast.Inspect(node, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if is(n.Sel) {
					place = &Place{id: n.Sel, dot: n}
				}
			case *ast.Ident:
				if place == nil && is(n) {
					place = &Place{id: n}
				}
			}
			return place == nil
		})
	}
	return place
}

// position is the line and column of a byte, both counted from 1.
func position(text string, offset int) [2]int {
	head := text[:offset]
	return [2]int{1 + strings.Count(head, "\n"), offset - strings.LastIndexByte(head, '\n')}
}

// Names are those that may stand at the place, in order: after a dot the members of what
// stands before it, elsewhere all that are known there, and Go's keywords.
func (p *Place) Names() []string {
	var names []string
	if p.dot != nil {
		names = p.pass.members(p.dot.X)
	} else {
		for word := token.BREAK; word <= token.VAR; word++ {
			names = append(names, word.String())
		}
		names = append(names, p.pass.namesAt(p.id.Pos())...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Object is what the name means; nil if nobody knows.
func (p *Place) Object() types.Object { return p.pass.info.ObjectOf(p.id) }

// Owner is the type that declares the name, a field or method; nil for any other.
func (p *Place) Owner() *types.TypeName {
	if f, ok := p.Object().(*types.Func); ok && f.Signature().Recv() != nil {
		return Named(f.Signature().Recv().Type())
	}
	selection := p.pass.info.Selections[p.dot]
	if p.dot == nil || selection == nil {
		return nil
	}
	of := selection.Recv()
	path := selection.Index()
	for _, i := range path[:len(path)-1] {
		of = structure(of).Field(i).Type()
	}
	return Named(of)
}

// Named is the name of a type, or of what it points to; nil if it has none.
func Named(t types.Type) *types.TypeName {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	if t, ok := types.Unalias(t).(*types.Named); ok {
		return t.Obj()
	}
	return nil
}

func structure(t types.Type) *types.Struct {
	if pointer, ok := t.Underlying().(*types.Pointer); ok {
		t = pointer.Elem()
	}
	return t.Underlying().(*types.Struct)
}

// Ours reports whether an object is declared by a cell.
func (p *Place) Ours(o types.Object) bool { return o.Pkg() == p.pass.pack }

// Outside reports whether an object of a cell is declared outside all functions.
func (p *Place) Outside(o types.Object) bool { return o.Parent() == p.pass.pack.Scope() }

// Definition is what the cell, or else an earlier one, says where it declares a name; a
// method's is Type.Name.
func (p *Place) Definition(name string) source.Definition {
	if d, ok := p.defined()[name]; ok {
		return d
	}
	if d := p.pass.session.names[name]; d != nil && d.In != nil {
		return source.Definitions(d.In.Nodes, d.In.Source, d.In.Offset)[name]
	}
	return source.Definition{}
}

// defined is what the cell itself declares.
func (p *Place) defined() map[string]source.Definition {
	return source.Definitions(p.pass.nodes, p.pass.code, p.pass.offset)
}

// Methods are the heads of the methods that cells have declared on a type, in order.
func (p *Place) Methods(of string) []string {
	heads := make(map[string]bool)
	for name := range p.pass.session.names {
		if strings.HasPrefix(name, of+".") {
			heads[p.Definition(name).Signature] = true
		}
	}
	for name, d := range p.defined() {
		if strings.HasPrefix(name, of+".") {
			heads[d.Signature] = true
		}
	}
	return slices.Sorted(maps.Keys(heads))
}
