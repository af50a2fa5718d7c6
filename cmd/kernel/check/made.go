// made.go: what a type is made of.

package check

import (
	"go/types"
	"slices"
)

// MadeOf reports whether a type, or one that it is made of, fits. It looks into types with a
// name and into interfaces only where inside says so.
func MadeOf(t types.Type, inside, fits func(types.Type) bool) bool {
	seen := make(map[types.Type]bool)
	var made func(types.Type) bool
	made = func(t types.Type) bool {
		if t = types.Unalias(t); t == nil || seen[t] {
			return false
		}
		seen[t] = true
		return fits(t) || slices.ContainsFunc(partsOf(t, inside), made)
	}
	return made(t)
}

// partsOf are the types that a type is made of.
func partsOf(t types.Type, inside func(types.Type) bool) (parts []types.Type) {
	switch t := t.(type) {
	case *types.Named:
		if inside(t) {
			parts = append(parts, t.Underlying())
		}
	case *types.Map:
		parts = append(parts, t.Key(), t.Elem())
	case interface{ Elem() types.Type }:
		parts = append(parts, t.Elem())
	case *types.Struct:
		for field := range t.Fields() {
			parts = append(parts, field.Type())
		}
	case *types.Signature:
		for _, list := range []*types.Tuple{t.Params(), t.Results()} {
			for v := range list.Variables() {
				parts = append(parts, v.Type())
			}
		}
	case *types.Interface:
		for i := 0; inside(t) && i < t.NumMethods(); i++ {
			parts = append(parts, t.Method(i).Type())
		}
	}
	return parts
}
