package cell

import (
	"fmt"
	"go/ast"
	"go/doc/comment"
	"go/parser"
	"reflect"
	"slices"
	"strings"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/go/types"
	"github.com/cosmos72/gomacro/xreflect"

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
	characters := []rune(code)
	cursor = len(string(characters[:min(max(cursor, 0), len(characters))]))
	start, end := source.ExpressionAt(code, cursor)
	if start == end {
		return Explanation{}, false
	}
	expression, err := parser.ParseExpr(code[start:end])
	if err != nil {
		return Explanation{}, false
	}
	x := explainer{scope: s.scopeAt(code, start), session: s, defined: s.definedIn(code)}
	sc := x.scope
	var e Explanation
	sc.try(func() { e = x.explain(expression) })
	return e, e.Signature != ""
}

// An explainer explains names of one scope.
type explainer struct {
	scope
	session *Session
	defined map[string]source.Definition // by the cell itself
}

// definition is what a cell says of a name that it defines; the latest word counts.
func (x explainer) definition(name string) source.Definition {
	if d, ok := x.defined[name]; ok {
		return d
	}
	return x.session.defined[name]
}

func (x explainer) explain(e ast.Expr) Explanation {
	switch e := e.(type) {
	case *ast.Ident:
		return x.name(e)
	case *ast.SelectorExpr:
		if imported := x.packageOf(e.X); imported != nil {
			return x.exported(imported, e.Sel.Name)
		}
		of := x.typesOf(e.X)
		if len(of) == 1 {
			return x.memberOf(of[0], e.Sel.Name)
		}
	}
	return Explanation{}
}

// name explains a name without a dot.
func (x explainer) name(e *ast.Ident) Explanation {
	if imported := x.packageOf(e); imported != nil {
		path := docsPath(imported.Path)
		entry, _ := docs.Find(path, "")
		return Explanation{"package " + imported.Name, entry.Doc, path}
	}
	said := x.definition(e.Name)
	if said.Signature != "" {
		return Explanation{Signature: said.Signature + x.methodsOf(e.Name), Doc: said.Doc}
	}
	if kinds := x.typesOf(e); len(kinds) == 1 && x.c.TryResolve(e.Name) != nil {
		word := "var"
		if x.c.TryResolve(e.Name).Const() {
			word = "const"
		}
		explained := x.ofType(kinds[0])
		explained.Signature = fmt.Sprintf("%s %s %s", word, e.Name, typeName(kinds[0]))
		if said.Doc != "" {
			explained.Doc = said.Doc
		}
		return explained
	}
	return Explanation{}
}

// ofType is what the type of a variable says.
func (x explainer) ofType(kind xreflect.Type) Explanation {
	path, name := deref(kind).PkgPath(), deref(kind).Name()
	if path == "" {
		return Explanation{}
	}
	if path == "main" {
		return Explanation{Doc: x.definition(name).Doc}
	}
	entry, _ := docs.Find(path, name)
	return Explanation{Doc: entry.Doc, Import: path}
}

// methodsOf lists the methods that cells have declared on a type.
func (x explainer) methodsOf(kind string) string {
	var lines []string
	for _, all := range []map[string]source.Definition{x.session.defined, x.defined} {
		for name, d := range all {
			if strings.HasPrefix(name, kind+".") && !slices.Contains(lines, d.Signature) {
				lines = append(lines, d.Signature)
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(append([]string{""}, lines...), "\n")
}

// exported explains a name of a package.
func (x explainer) exported(imported *fast.Import, name string) Explanation {
	path := docsPath(imported.Path)
	known := docs.Of(path)
	entry, found := known[name]
	explained := Explanation{entry.Signature, entry.Doc, path}
	bind := imported.Binds[name]
	switch {
	case bind == nil && imported.Types[name] == nil && found && entry.Signature != "":
		explained.Doc += "\n\nCells can't use it: it is generic."
	case bind == nil && imported.Types[name] == nil:
		return Explanation{}
	case entry.Signature != "":
		if methods := known.Methods(name); len(methods) > 0 {
			explained.Signature += "\n\n" + strings.Join(methods, "\n")
		}
	case bind != nil && bind.Const():
		explained.Signature = "const " + name + typeOfConstant(bind) + " = " + valueOfConstant(bind)
	case bind != nil:
		explained.Signature = fmt.Sprintf("var %s %s", name, typeName(bind.Type))
		if bind.Type.Kind() == reflect.Func {
			explained.Signature = "func " + name + strings.TrimPrefix(typeName(bind.Type), "func")
		}
	default:
		explained.Signature = "type " + name
	}
	return explained
}

func typeOfConstant(bind *fast.Bind) string {
	if bind.Untyped() {
		return ""
	}
	return " " + typeName(bind.Type)
}

func valueOfConstant(bind *fast.Bind) string {
	if untyped, ok := bind.Value.(fast.UntypedLit); ok {
		return untyped.Val.String()
	}
	return fmt.Sprintf("%#v", bind.Value)
}

// memberOf explains a method or a field of a type's values.
func (x explainer) memberOf(of xreflect.Type, name string) Explanation {
	of = deref(of)
	field, isField, method, isMethod, err := x.c.TryLookupFieldOrMethod(of, name)
	index := method.FieldIndex
	switch {
	case err != nil || !isField && !isMethod:
		return Explanation{}
	case isField:
		index = field.Index[:max(len(field.Index)-1, 0)]
	}
	for _, i := range index { // to the embedded type that has it
		of = deref(of.Field(i).Type)
	}
	path, kind := of.PkgPath(), of.Name()
	if path == "main" {
		if said := x.definition(kind + "." + name); said.Signature != "" {
			return Explanation{Signature: said.Signature, Doc: said.Doc}
		}
		path = ""
	}
	entry, _ := docs.Find(path, kind+"."+name)
	signature := entry.Signature
	switch {
	case isField && signature == "":
		signature = fmt.Sprintf("field %s %s", name, typeName(field.Type))
	case isField:
		signature = "field " + signature
	case signature == "":
		signature = fmt.Sprintf("func (%s) %s%s", kind, name, strings.TrimPrefix(typeName(x.withoutReceiver(method, of)), "func"))
	}
	return Explanation{signature, entry.Doc, path}
}

// typeName is a type as a cell would write it.
func typeName(kind xreflect.Type) string {
	return types.TypeString(kind.GoType(), func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}

// docsPath is the path that package docs knows a package by.
func docsPath(path string) string {
	if path == "display" || path == "github.com/gopherdata/gophernotes" {
		return displayPath
	}
	return path
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
