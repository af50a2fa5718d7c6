// dynamic.go: a type that a cell declares has no name of its own while the program runs: a
// value in an interface, and compiled code that looks at a value by reflection, know only
// what the type is made of. Read rules.go first.

package limits

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"stepwise/cmd/kernel/check"
)

const underPkg = "put the type into a package under pkg"

// mentioned is the first type of the notebook that a type is made of; nil if the notebook has no part in it.
func (j *judge) mentioned(t types.Type, fits func(*types.Named) bool) (found *types.Named) {
	ours := func(t types.Type) bool {
		named, ok := t.(*types.Named)
		return ok && named.Obj().Pkg() == j.Package
	}
	check.MadeOf(t, ours, func(t types.Type) bool {
		if ours(t) && fits(t.(*types.Named)) {
			found = t.(*types.Named)
		}
		return found != nil
	})
	return found
}

// reflected judges a call of a function that looks at its arguments by reflection.
func (j *judge) reflected(call *ast.CallExpr, f *types.Func) {
	switch {
	case f.Pkg() == nil:
	case f.Pkg().Path() == "encoding/json" && slices.Contains([]string{"Marshal", "MarshalIndent", "Unmarshal", "Encode", "Decode"}, f.Name()):
		for _, argument := range call.Args {
			j.encoded(argument)
		}
	case f.FullName() == "context.WithValue" || strings.HasSuffix(f.FullName(), "context.Context).Value"):
		for _, argument := range call.Args[:len(call.Args)-len(call.Args)/2] {
			j.key(argument)
		}
	}
}

// encoded finds a type that encoding/json doesn't see as the notebook does.
func (j *judge) encoded(argument ast.Expr) {
	t := j.Info.TypeOf(argument)
	for _, method := range []string{"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText"} {
		named := j.mentioned(t, func(n *types.Named) bool {
			found, _, _ := types.LookupFieldOrMethod(types.NewPointer(n), true, j.Package, method)
			f, ok := found.(*types.Func)
			return ok && f.Pkg() == j.Package
		})
		if named != nil {
			j.addSilent(argument.Pos(), "json ignores the method %s of %s, a type that a cell declares: %s", method, named.Obj().Name(), underPkg)
			return
		}
	}
	switch field := hiddenField(t, make(map[types.Type]bool)); {
	case field == nil || field.Pkg() != j.Package:
	case field.Embedded():
		j.addSilent(argument.Pos(), "json takes the embedded %s for a field of that name: write out its fields, or %s", field.Name(), underPkg)
	default:
		j.addSilent(argument.Pos(), "json sees the field %s, although its name begins with a small letter: leave it out, or %s", field.Name(), underPkg)
	}
}

// hiddenField is a field of a notebook's struct that other packages must not see; nil if
// there is none.
func hiddenField(t types.Type, seen map[types.Type]bool) *types.Var {
	if t == nil || seen[t] {
		return nil
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for field := range u.Fields() {
			if !field.Exported() || field.Embedded() {
				return field
			}
			if found := hiddenField(field.Type(), seen); found != nil {
				return found
			}
		}
	case interface{ Elem() types.Type }:
		return hiddenField(u.Elem(), seen)
	}
	return nil
}

// key finds a key in an interface that the interpreter takes for one of another type.
func (j *judge) key(e ast.Expr) {
	named, ok := types.Unalias(j.Info.TypeOf(e)).(*types.Named)
	if !ok || named.Obj().Pkg() != j.Package {
		return
	}
	if types.IsInterface(named) || isOwn(named) {
		return
	}
	j.addSilent(e.Pos(), "as a key in an interface, a value of the type %s equals any other with its contents: %s", named.Obj().Name(), underPkg)
}

// indexed judges the keys of a map.
func (j *judge) indexed(over ast.Expr, keys ...ast.Expr) {
	if m, ok := j.underlying(over).(*types.Map); ok && types.IsInterface(m.Key()) {
		for _, key := range keys {
			j.key(key)
		}
	}
}

// isOwn reports whether a type is one that the interpreter tells from all others: package
// lower makes each differ.
func isOwn(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Basic, *types.Struct:
		return true
	}
	return false
}

func (j *judge) underlying(e ast.Expr) types.Type {
	if t := j.Info.TypeOf(e); t != nil {
		return t.Underlying()
	}
	return nil
}

// literal judges the keys of a map's literal.
func (j *judge) literal(n *ast.CompositeLit) {
	for _, element := range n.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			j.indexed(n, pair.Key)
		}
	}
}

// typeSwitch finds cases that the interpreter can't tell from each other.
func (j *judge) typeSwitch(n *ast.TypeSwitchStmt) {
	var above []types.Type
	for _, clause := range n.Body.List {
		for _, e := range clause.(*ast.CaseClause).List {
			t := j.Info.TypeOf(e)
			if t == nil {
				continue
			}
			if types.IsInterface(t) {
				continue
			}
			for _, other := range above {
				if j.confused(t, other) {
					j.addSilent(e.Pos(), "the interpreter can't tell %s and %s from each other in an interface: %s", j.name(other), j.name(t), underPkg)
				}
			}
			above = append(above, t)
		}
	}
}

func (j *judge) name(t types.Type) string { return types.TypeString(t, types.RelativeTo(j.Package)) }

// confused reports whether two types are made of the same, and one is the notebook's.
func (j *judge) confused(a, b types.Type) bool {
	if p, ok := a.(*types.Pointer); ok {
		if q, ok := b.(*types.Pointer); ok {
			return j.confused(p.Elem(), q.Elem())
		}
	}
	any := func(*types.Named) bool { return true }
	return !isOwn(a) && !types.Identical(a, b) && types.Identical(a.Underlying(), b.Underlying()) && (j.mentioned(a, any) != nil || j.mentioned(b, any) != nil)
}
