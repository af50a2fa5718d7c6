// cell.go: one cell. Read session.go, parse.go and alive.go first.

package check

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"maps"
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"stepwise/cmd/kernel/source"
)

// An outline is what a cell is going to declare.
type outline struct {
	*tree
	hoisted map[string]bool // the names of its functions, types, constants and imports
	methods map[string]bool // Type.Name
	again   map[string]bool // types of the session that it declares as they are
	defined []*ast.Ident    // by statements
	new     []*Declaration
}

func (s *Session) outline(t *tree) *outline {
	o := &outline{tree: t, hoisted: make(map[string]bool), methods: make(map[string]bool), again: make(map[string]bool), defined: t.definitions()}
	for _, spec := range t.imports {
		o.imported(s, spec)
	}
	for _, declaration := range t.hoisted {
		switch declaration := declaration.(type) {
		case *ast.FuncDecl:
			name := declaration.Name.Name
			if of := source.Receiver(declaration); of != "" {
				o.methods[of+"."+name] = true
				o.declare(&Declaration{Name: of + "." + name, Node: declaration})
			} else if declaration.Recv == nil {
				o.declare(&Declaration{Name: name, Node: declaration})
			}
		case *ast.GenDecl:
			for _, spec := range declaration.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					d := &Declaration{Name: spec.Name.Name, Node: spec, text: text(t.files, spec)}
					old := s.names[d.Name]
					o.again[d.Name] = old != nil && old.text == d.text
					o.declare(d)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						o.declare(&Declaration{Name: name.Name, Node: spec})
					}
				}
			}
		}
	}
	return o
}

func (o *outline) declare(d *Declaration) {
	if d.Name == "_" || d.Name == "init" {
		return
	}
	d.Cell = o.name
	o.new = append(o.new, d)
	if _, _, isMethod := cutMethod(d.Name); !isMethod {
		o.hoisted[d.Name] = true
	}
}

// imported notes the name by which the cell imports a package.
func (o *outline) imported(s *Session, spec *ast.ImportSpec) {
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return
	}
	name := ""
	if spec.Name != nil {
		name = spec.Name.Name
	} else if p, err := s.importer.Import(path); err == nil {
		name = p.Name()
	}
	if name != "" && name != "." {
		o.declare(&Declaration{Name: name, Path: path, Node: spec})
	}
}

// text is a node's source, without what gofmt changes.
func text(files *token.FileSet, node ast.Node) string {
	var out bytes.Buffer
	if format.Node(&out, files, node) != nil {
		return ""
	}
	return out.String()
}

// Check checks a cell without its commands; name stands before the lines in what is said
// of it: In[3]. It returns the cell, or else all that is wrong with it, in order. Nothing
// is changed in the session: Accept does that.
func (s *Session) Check(code, name string) (*Checked, []Problem) {
	_, code = source.Commands(code)
	t := parse(code, name)
	if len(t.wrong) > 0 {
		return nil, tidy(t.wrong)
	}
	if wrong := s.missing(t); len(wrong) > 0 {
		return nil, wrong
	}
	o := s.outline(t)
	c, found := s.check(o)
	if wrong := c.problems(found); len(wrong) > 0 {
		return nil, wrong
	}
	return s.finish(c), nil
}

// missing finds imports of packages that cells can't import.
func (s *Session) missing(t *tree) (wrong []Problem) {
	for _, spec := range t.imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		if _, err := s.importer.Import(path); err != nil {
			at := t.files.Position(spec.Path.Pos())
			wrong = append(wrong, Problem{Cell: t.name, Line: at.Line, Column: at.Column, Import: path, Text: err.Error(), Advice: importsLike(path)})
		}
	}
	return wrong
}

// A pass is one run of the type checker over a cell.
type pass struct {
	*outline
	session *Session
	pack    *types.Package
	info    *types.Info
	found   []types.Error
	scope   *types.Scope // of the cell's imports
}

// check runs the type checker. A cell whose statements define variables needs two runs,
// for its functions may use these variables, and statements see only those above them: in
// the first run they are the variables of one function, and the bodies of the cell's
// functions are left out. In the second the variables belong to the session.
func (s *Session) check(o *outline) (*pass, []types.Error) {
	alive := s.newAlive(o, o.hoisted, nil)
	if len(o.defined) == 0 {
		p := s.run(o, alive, o.tree.hoisted, o.body)
		return p, p.found
	}
	first := s.run(o, alive, bodiless(o.tree.hoisted), o.body)
	retired := maps.Clone(o.hoisted)
	for _, name := range o.defined {
		retired[name.Name] = true
	}
	renamed, wanted := first.older(retired)
	for id := range renamed {
		id.Name = s.names[id.Name].HiddenName()
	}
	alive = s.newAlive(o, retired, wanted)
	alive.variables(o.defined, first.info, first.pack)
	second := s.run(o, alive, o.tree.hoisted, blocks(o.body))
	for id, name := range renamed {
		id.Name = name
	}
	second.own(first)
	found := first.found
	for _, e := range second.found {
		if o.inBody(e.Pos) {
			found = append(found, e)
		}
	}
	return second, found
}

// run runs the type checker over what is alive and a cell's declarations and statements.
func (s *Session) run(o *outline, a *alive, declarations []ast.Decl, statements []ast.Stmt) *pass {
	p := &pass{outline: o, session: s, pack: a.pack, info: &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Instances: make(map[*ast.Ident]types.Instance),
		Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope),
	}}
	decls := a.imports()
	for _, spec := range o.imports {
		decls = append(decls, &ast.GenDecl{Tok: token.IMPORT, Specs: []ast.Spec{spec}})
	}
	decls = append(decls, declarations...)
	if len(statements) > 0 {
		decls = append(decls, &ast.FuncDecl{Name: ast.NewIdent("_"), Type: &ast.FuncType{Params: &ast.FieldList{}}, Body: &ast.BlockStmt{
			Lbrace: statements[0].Pos(), List: statements, Rbrace: statements[len(statements)-1].End(),
		}})
	}
	config := types.Config{
		Importer: s.importer, Sizes: types.SizesFor("gc", runtime.GOARCH), DisableUnusedImportCheck: true,
		Error: func(err error) {
			if e, ok := err.(types.Error); ok {
				p.found = append(p.found, e)
			}
		},
	}
	file := &ast.File{Name: ast.NewIdent("main"), Decls: decls}
	_ = types.NewChecker(&config, o.files, a.pack, p.info).Files([]*ast.File{a.file(), file}) // Error has them all
	p.scope = p.info.Scopes[file]
	return p
}

// bodiless are declarations without the bodies of their functions.
func bodiless(declarations []ast.Decl) []ast.Decl {
	var all []ast.Decl
	for _, d := range declarations {
		if f, ok := d.(*ast.FuncDecl); ok {
			if f.Recv == nil && f.Name.Name == "init" { // nobody can call it
				continue
			}
			d = function(f.Name, f.Recv, f.Type)
		}
		all = append(all, d)
	}
	return all
}

// blocks puts each statement that defines something into a block of its own, so that all
// others mean the session's variable.
func blocks(statements []ast.Stmt) []ast.Stmt {
	var all []ast.Stmt
	for _, s := range statements {
		if len(defines(s)) > 0 {
			s = &ast.BlockStmt{Lbrace: s.Pos(), List: []ast.Stmt{s}, Rbrace: s.End()}
		}
		all = append(all, s)
	}
	return all
}

// older finds the uses of names that the cell's statements define further down: there
// they mean what the cells before have declared. wanted are these names.
func (p *pass) older(retired map[string]bool) (uses map[*ast.Ident]string, wanted map[string]bool) {
	uses, wanted = make(map[*ast.Ident]string), make(map[string]bool)
	for id, o := range p.info.Uses {
		_, isPackage := o.(*types.PkgName)
		if (isPackage || o.Parent() == p.pack.Scope()) && retired[id.Name] && !p.outline.hoisted[id.Name] && p.session.names[id.Name] != nil {
			uses[id], wanted[id.Name] = id.Name, true
		}
	}
	return uses, wanted
}

// own gives the session's variables to the statements that define them.
func (p *pass) own(first *pass) {
	for _, id := range p.defined {
		o := p.pack.Scope().Lookup(id.Name)
		if first.info.Defs[id] != nil {
			p.info.Defs[id] = o
		} else { // a := that has another new name
			delete(p.info.Defs, id)
			p.info.Uses[id] = o
		}
	}
}

// inBody reports whether a place is in the body of one of the cell's functions.
func (o *outline) inBody(pos token.Pos) bool {
	return slices.ContainsFunc(o.tree.hoisted, func(d ast.Decl) bool {
		f, ok := d.(*ast.FuncDecl)
		return ok && f.Body != nil && f.Body.Pos() <= pos && pos < f.Body.End()
	})
}

// finish makes a Checked of the last pass.
func (s *Session) finish(p *pass) *Checked {
	c := &Checked{Cell: p.name, Source: p.code, Files: p.files, Nodes: p.nodes, Info: p.info, Package: p.pack, New: p.new, Again: p.again, IsProgram: p.program}
	for _, spec := range p.imports {
		if spec.Name != nil && spec.Name.Name == "." {
			imported, _ := strconv.Unquote(spec.Path.Value)
			c.dots = append(c.dots, imported)
		}
	}
	for _, statement := range p.body {
		for _, id := range defines(statement) {
			c.New = append(c.New, &Declaration{Name: id.Name, Cell: p.name, Node: statement})
		}
	}
	for _, d := range c.New {
		d.In = c
		if d.Path == "" {
			d.Object = p.pack.Scope().Lookup(d.Name)
			if f, ok := d.Node.(*ast.FuncDecl); ok && f.Recv != nil {
				d.Object = p.info.Defs[f.Name]
			}
			d.uses = p.usedBy(d.Node)
		}
		if old := s.names[d.Name]; old != nil {
			c.Replaced = append(c.Replaced, old)
		}
	}
	c.Notes = s.notes(c, p)
	return c
}

// usedBy are the names of the session that a function or type uses.
func (p *pass) usedBy(node ast.Node) map[string]bool {
	used := make(map[string]bool)
	switch node.(type) {
	case *ast.FuncDecl, *ast.TypeSpec:
		ast.Inspect(node, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if o := p.info.Uses[id]; o != nil && o.Parent() == p.pack.Scope() {
					used[o.Name()] = true
				}
			}
			return true
		})
	}
	return used
}

// notes say what keeps an old declaration, for each that has become something else.
func (s *Session) notes(c *Checked, p *pass) (all []string) {
	fresh := make(map[string]bool)
	for _, d := range c.New {
		fresh[d.Name] = true
	}
	for _, old := range c.Replaced {
		if old.Object == nil || p.again[old.Name] || same(old.Object, p.pack.Scope().Lookup(old.Name)) {
			continue
		}
		c.Changed = append(c.Changed, old)
		var users []string
		for _, name := range slices.Sorted(maps.Keys(s.names)) {
			d := s.names[name]
			of, _, _ := cutMethod(name)
			if !fresh[name] && !fresh[of] && d.Object != nil && (d.uses[old.Name] || strings.Contains(said(p.pack.Scope().Lookup(name)), old.HiddenName())) {
				users = append(users, name)
			}
		}
		if len(users) > 0 {
			all = append(all, list(users)+keeps(len(users))+" the old "+old.Name+": run "+its(len(users))+" again to change that")
		}
	}
	return all
}

func keeps(n int) string {
	if n == 1 {
		return " keeps"
	}
	return " keep"
}

func its(n int) string {
	if n == 1 {
		return "its cell"
	}
	return "their cells"
}

// list is one name, or two, or more.
func list(names []string) string {
	if last := len(names) - 1; last > 0 {
		return strings.Join(names[:last], ", ") + " and " + names[last]
	}
	return names[0]
}

// same reports whether two objects are the same kind of thing, of the same type.
func same(old, now types.Object) bool {
	if _, isType := old.(*types.TypeName); isType || now == nil {
		return false
	}
	return said(old) == said(now)
}

// said is an object in words; the values of constants don't count.
func said(o types.Object) string {
	if o == nil {
		return ""
	}
	kind := map[bool]string{true: "const "}[isConst(o)]
	return kind + types.TypeString(o.Type(), func(p *types.Package) string { return path.Clean(p.Path()) })
}

func isConst(o types.Object) bool {
	_, ok := o.(*types.Const)
	return ok
}
