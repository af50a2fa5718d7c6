// generic_instance.go: a generic declaration and its instances. Read generic.go first.

package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
	"unicode"

	"stepwise/cmd/kernel/check"
	"stepwise/cmd/kernel/source"
)

// A template is a generic declaration.
type template struct {
	key     string   // which name means it, and since when
	node    ast.Node // *ast.FuncDecl or *ast.TypeSpec
	object  types.Object
	info    *types.Info
	files   *token.FileSet
	methods []*template // of a type
}

// An instance is a template with a list of type arguments.
type instance struct {
	name string
	of   *template
	args []bound
}

// bound is a type in which the type parameters stand for others.
type bound struct {
	t  types.Type
	in map[*types.TypeParam]bound
}

// templateOf is the declaration of something generic; nil if there is none that the
// interpreter can run.
func (p *pass) templateOf(o types.Object) *template {
	if o.Pkg() == p.cell.Package || o.Pkg().Path() == p.cell.Package.Path() {
		return p.templateNamed(o.Name())
	}
	return p.library.template(o.Pkg().Path(), o.Name())
}

// templateNamed is the session's newest of that name.
func (p *pass) templateNamed(name string) *template {
	d := p.declaration(name)
	if d == nil || d.In == nil {
		return nil
	}
	t := p.templateIn(d)
	t.key = fmt.Sprintf("%s %d", name, p.versions[name])
	for _, m := range append(p.written.Methods(name), p.cell.New...) {
		if of, _, isMethod := strings.Cut(m.Name, "."); isMethod && of == name && p.declaration(m.Name) == m {
			t.methods = append(t.methods, p.templateIn(m))
		}
	}
	return t
}

func (p *pass) templateIn(d *check.Declaration) *template {
	t := &template{node: d.Node, info: d.In.Info, files: d.In.Files}
	switch node := d.Node.(type) {
	case *ast.FuncDecl:
		t.object = t.info.Defs[node.Name]
	case *ast.TypeSpec:
		t.object = t.info.Defs[node.Name]
	}
	return t
}

// declaration is the newest of a name, the cell's own before the session's.
func (p *pass) declaration(name string) *check.Declaration {
	for _, d := range p.cell.New {
		if d.Name == name {
			return d
		}
	}
	return p.written.Lookup(name)
}

// instanceOf is the instance with these arguments. A new one is declared with the cell.
func (p *pass) instanceOf(of *template, args []bound) *instance {
	key, words := of.key, make([]string, 0, len(args))
	for _, a := range args {
		words = append(words, types.ExprString(p.typeExpr(a)))
		key += "|" + words[len(words)-1] + p.versionsIn(a)
	}
	if i := p.instances[key]; i != nil {
		return i
	}
	i := &instance{of: of, args: args, name: p.unused(instanceName(of.object.Name(), words))}
	p.instances[key] = i
	p.todo = append(p.todo, i)
	return i
}

// versionsIn tells types of the same name from each other.
func (p *pass) versionsIn(b bound) (all string) {
	ast.Inspect(p.typeExpr(b), func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && p.versions[id.Name] > 0 {
			all += fmt.Sprintf(" %s %d", id.Name, p.versions[id.Name])
		}
		return true
	})
	return all
}

// unused is a name that no other instance has.
func (p *pass) unused(name string) string {
	for _, other := range p.instances {
		if other.name == name {
			return p.unused(name + "ʹ")
		}
	}
	return name
}

// The letters that stand for what can't stand in a name.
const (
	opening, closing, point, star = 'ᐸ', 'ᐳ', 'ᐧ', 'ᕽ'
)

// instanceName is what an instance is called: Stackᐸintᐳ. Readable is the way back.
func instanceName(of string, args []string) string {
	text := strings.ReplaceAll(of+"["+strings.Join(args, ",")+"]", packagePrefix, "")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '[' || r == '{' || r == '(':
			return opening
		case r == ']' || r == '}' || r == ')':
			return closing
		case r == '*':
			return star
		case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return r
		}
		return point
	}, text)
}

var readable = strings.NewReplacer(string(opening), "[", string(closing), "]", string(point), ",", string(star), "*", "ʹ", "")

// Readable is a text with the names of instances as Go writes them: Stack[int].
func Readable(text string) string { return readable.Replace(text) }

// declare declares an instance.
func (p *pass) declare(i *instance) {
	switch node := i.of.node.(type) {
	case *ast.FuncDecl:
		f, kind := *node, *node.Type
		kind.TypeParams = nil
		f.Type, f.Doc = &kind, nil
		made := p.writer(i.of, i.of.object.Type().(*types.Signature).TypeParams(), i.args).copy(&f).(*ast.FuncDecl)
		made.Name.Name = i.name
		p.nodes = append(p.nodes, made)
	case *ast.TypeSpec:
		w := p.writer(i.of, parametersOf(i.of.object.Type()), i.args)
		spec := &ast.TypeSpec{Name: &ast.Ident{Name: i.name, NamePos: w.place(node.Pos())}, Type: w.copy(node.Type).(ast.Expr)}
		p.nodes = append(p.nodes, &ast.GenDecl{Tok: token.TYPE, Specs: []ast.Spec{spec}})
		for _, m := range i.of.methods {
			p.method(i, m)
		}
	}
}

// method declares a method of an instance.
func (p *pass) method(i *instance, m *template) {
	signature := m.object.Type().(*types.Signature)
	f := *m.node.(*ast.FuncDecl)
	receiver := *f.Recv.List[0]
	f.Recv, f.Doc = nil, nil
	made := p.writer(m, signature.RecvTypeParams(), i.args).copy(&f).(*ast.FuncDecl)
	kind := ast.Expr(&ast.Ident{Name: i.name, NamePos: made.Pos()})
	if source.IsPointer(receiver.Type) {
		kind = &ast.StarExpr{X: kind, Star: made.Pos()}
	}
	list := &ast.Field{Type: kind}
	for _, name := range receiver.Names {
		list.Names = append(list.Names, &ast.Ident{Name: name.Name, NamePos: made.Pos()})
	}
	made.Recv = &ast.FieldList{List: []*ast.Field{list}}
	p.nodes = append(p.nodes, made)
}

func parametersOf(t types.Type) *types.TypeParamList {
	if t, ok := t.(interface{ TypeParams() *types.TypeParamList }); ok {
		return t.TypeParams()
	}
	return nil
}

// writer writes copies of a template in which arguments stand for its parameters.
func (p *pass) writer(of *template, parameters *types.TypeParamList, args []bound) *writer {
	w := &writer{pass: p, info: of.info, in: make(map[*types.TypeParam]bound), place: p.placesFrom(of.files)}
	if of.object.Pkg().Path() != p.cell.Package.Path() {
		w.home = of.object.Pkg()
	}
	for i := range parameters.Len() {
		w.in[parameters.At(i)] = args[i]
	}
	return w
}

// placesFrom gives places of other cells one in the files of this cell: the checker
// compares them.
func (p *pass) placesFrom(files *token.FileSet) func(token.Pos) token.Pos {
	if files == p.cell.Files {
		return func(at token.Pos) token.Pos { return at }
	}
	return func(at token.Pos) token.Pos {
		old := files.File(at)
		if old == nil {
			return token.NoPos
		}
		if p.moved[old] == nil {
			p.moved[old] = p.cell.Files.AddFile("another cell", -1, old.Size())
		}
		return token.Pos(p.moved[old].Base() + old.Offset(at))
	}
}
