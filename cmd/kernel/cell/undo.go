package cell

// gomacro declares names while it compiles, and gives them values when it runs. A
// cell that fails to compile would leave names without values behind, hide those
// that existed, and take their functions from existing methods. So what the
// compiler knows is noted before a cell is compiled, and put back if that fails.
//
// Everything that a declaration changes is in two places: the scope's tables, and
// the named types, which a redeclaration and a new method change in place.

import (
	"maps"
	"reflect"
	"slices"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/go/types"
	"github.com/cosmos72/gomacro/xreflect"
)

// compiled is what a compiler knows at one moment.
type compiled struct {
	compiler *fast.Comp
	scope    fast.CompBinds // its maps are copies
	types    []namedType
}

// namedType is a copy of a type that cells can redeclare or add methods to.
type namedType struct {
	kind      xreflect.Type
	copied    reflect.Value // of the struct behind kind
	named     *types.Named
	copyNamed types.Named
	methods   []*types.Func   // of named, in order
	functions []reflect.Value // of the methods
}

// remember notes what the compiler knows now.
func remember(c *fast.Comp) *compiled {
	now := &compiled{compiler: c, scope: c.CompBinds}
	now.scope.Binds, now.scope.Types = maps.Clone(c.Binds), maps.Clone(c.Types)
	seen := make(map[*types.Named]bool)
	for outer := c; outer != nil; outer = outer.Outer {
		for _, kind := range outer.Types {
			named, ok := kind.GoType().(*types.Named)
			if ok && named.Obj().Pkg() != nil && !seen[named] {
				seen[named] = true
				now.types = append(now.types, rememberType(kind, named))
			}
		}
	}
	return now
}

func rememberType(kind xreflect.Type, named *types.Named) namedType {
	t := namedType{kind: kind, named: named}
	if kind.Kind() != reflect.Interface && kind.Kind() != reflect.Invalid {
		t.functions = slices.Clone(*kind.GetMethods())
	}
	for i := range named.NumMethods() {
		t.methods = append(t.methods, named.Method(i))
	}
	t.copied, t.copyNamed = copyOf(kind), *named
	return t
}

// restore makes the compiler forget everything that it has learned since. It hands
// its copies over, so it may be called once. A type that has not changed is not
// written: goroutines of earlier cells may be calling its methods.
func (c *compiled) restore() {
	c.compiler.CompBinds = c.scope
	for _, t := range c.types {
		if t.changed() {
			c.compiler.Universe.InvalidateCache()
			t.restore()
		}
	}
}

func (t namedType) changed() bool {
	if t.named.Underlying() != t.copyNamed.Underlying() || t.named.NumMethods() != len(t.methods) {
		return true
	}
	for i, method := range t.methods {
		if t.named.Method(i) != method {
			return true
		}
	}
	return false
}

func (t namedType) restore() {
	*t.named = t.copyNamed
	for _, method := range t.methods {
		t.named.ReplaceMethod(method) // the copy shares its list with the type that was changed
	}
	structOf(t.kind).Set(t.copied)
	if t.functions != nil {
		*t.kind.GetMethods() = t.functions
	}
}
