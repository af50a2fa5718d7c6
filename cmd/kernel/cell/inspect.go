package cell

import (
	"fmt"
	"go/constant"
	"go/doc/comment"
	"go/types"
	"slices"
	"strings"

	"stepwise/cmd/kernel/check"
	"stepwise/cmd/kernel/display"
	"stepwise/cmd/kernel/docs"
	"stepwise/cmd/kernel/source"
)

// An Explanation is what is known of a name: how it is declared, what its comment
// says, where it comes from.
type Explanation struct {
	Signature string // as Go writes it
	Doc       string // the doc comment; may be empty
	Import    string // the path of its package; empty for what a cell defines
}

// Inspect explains the name at the cursor, which counts characters: a package, a
// name of one, a method or field of a value, what a cell has defined. In a call's
// arguments it explains the function. It reports false where nothing is known. No
// part of the cell is run.
func (s *Session) Inspect(code string, cursor int) (Explanation, bool) {
	start, end := source.NameAt(code, len(upTo(code, cursor)))
	if start == end {
		return Explanation{}, false
	}
	place := s.check.At(code, start, end, code[start:end])
	if place == nil || place.Object() == nil {
		return Explanation{}, false
	}
	e := explain(place, place.Object())
	return e, e.Signature != ""
}

// explain explains what a name means.
func explain(p *check.Place, o types.Object) Explanation {
	switch {
	case p.Owner() != nil:
		return ofMember(p, o)
	case o.Pkg() == nil: // Go's own
		return Explanation{}
	case !p.Ours(o):
		return exported(o)
	}
	switch o := o.(type) {
	case *types.PkgName:
		path := o.Imported().Path()
		entry, _ := docs.Find(path, "")
		return Explanation{"package " + o.Imported().Name(), entry.Doc, path}
	case *types.Var, *types.Const:
		explained := ofType(p, o.Type())
		explained.Signature = declared(o)
		if said := p.Definition(o.Name()); said.Doc != "" && p.Outside(o) {
			explained.Doc = said.Doc
		}
		return explained
	}
	said := p.Definition(o.Name())
	lines := append([]string{said.Signature}, p.Methods(o.Name())...)
	return Explanation{Signature: strings.Join(lines, "\n"), Doc: said.Doc}
}

// ofType is what the type of a variable says.
func ofType(p *check.Place, t types.Type) Explanation {
	name := check.Named(t)
	switch {
	case name == nil || name.Pkg() == nil:
		return Explanation{}
	case p.Ours(name):
		return Explanation{Doc: p.Definition(name.Name()).Doc}
	}
	entry, _ := docs.Find(name.Pkg().Path(), name.Name())
	return Explanation{Doc: entry.Doc, Import: name.Pkg().Path()}
}

// exported explains a name of a package.
func exported(o types.Object) Explanation {
	path := o.Pkg().Path()
	known := docs.Of(path)
	entry := known[o.Name()]
	explained := Explanation{entry.Signature, entry.Doc, path}
	if explained.Signature == "" {
		explained.Signature = declared(o)
	}
	if generic(o) {
		explained.Doc += "\n\nCells can't use it: it is generic."
	}
	if methods := known.Methods(o.Name()); len(methods) > 0 {
		explained.Signature += "\n\n" + strings.Join(methods, "\n")
	}
	return explained
}

func generic(o types.Object) bool {
	t, ok := o.Type().(interface{ TypeParams() *types.TypeParamList })
	return ok && t.TypeParams().Len() > 0
}

// ofMember explains a method or a field by the type that declares it.
func ofMember(p *check.Place, o types.Object) Explanation {
	owner := p.Owner()
	name := owner.Name() + "." + o.Name()
	var said source.Definition
	var path string
	switch {
	case p.Ours(o):
		said = p.Definition(name)
	case owner.Pkg() != nil:
		path = owner.Pkg().Path()
		entry, _ := docs.Find(path, name)
		said = source.Definition(entry)
	}
	_, isField := o.(*types.Var)
	signature := said.Signature
	switch {
	case isField && signature == "":
		signature = "field " + o.Name() + " " + typeName(o.Type())
	case isField:
		signature = "field " + signature
	case signature == "":
		signature = fmt.Sprintf("func (%s) %s%s", owner.Name(), o.Name(), strings.TrimPrefix(typeName(o.Type()), "func"))
	}
	return Explanation{signature, said.Doc, path}
}

// declared is the declaration of what no comment shows: its kind, name, type and value.
func declared(o types.Object) string {
	switch o := o.(type) {
	case *types.Const:
		if basic, ok := o.Type().(*types.Basic); ok && basic.Info()&types.IsUntyped != 0 {
			return fmt.Sprintf("const %s = %s", o.Name(), o.Val())
		}
		return fmt.Sprintf("const %s %s = %s", o.Name(), typeName(o.Type()), valueOf(o))
	case *types.Func:
		return "func " + o.Name() + strings.TrimPrefix(typeName(o.Type()), "func")
	case *types.TypeName:
		return "type " + o.Name()
	}
	return "var " + o.Name() + " " + typeName(o.Type())
}

// valueOf is a constant's value. One without a sign is a set of bits more often than a
// number.
func valueOf(c *types.Const) string {
	if basic, ok := c.Type().Underlying().(*types.Basic); ok && basic.Info()&types.IsUnsigned != 0 {
		if n, ok := constant.Uint64Val(c.Val()); ok {
			return fmt.Sprintf("%#x", n)
		}
	}
	return c.Val().String()
}

// typeName is a type as a cell would write it.
func typeName(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}

// Data is the explanation as fronts show it: as text, and as Markdown for those
// that can.
func (e Explanation) Data() display.MIMEMap {
	parser := comment.Parser{LookupSym: func(recv, name string) bool { return true }}
	parsed := parser.Parse(e.Doc)
	links := comment.Printer{DocLinkURL: func(*comment.DocLink) string { return "" }}
	text := []string{e.Signature, strings.TrimSpace(string((&comment.Printer{TextWidth: 80}).Text(parsed)))}
	markdown := []string{"```go\n" + e.Signature + "\n```", strings.TrimSpace(string(links.Markdown(parsed)))}
	if e.Import != "" {
		text = append(text, fmt.Sprintf("import %q", e.Import))
		markdown = append(markdown, fmt.Sprintf("`import %q`", e.Import))
	}
	join := func(parts []string) string {
		return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "\n\n") + "\n"
	}
	return display.MIMEMap{display.MIMETypeText: join(text), display.MIMETypeMarkdown: join(markdown)}
}
