// typeverb.go: the types whose names a %T of package fmt shows. A type that a cell
// declares has no name of its own while the program runs, but the checker knows it.

package check

import (
	"go/ast"
	"go/constant"
	"go/types"
	"regexp"
	"strconv"
	"strings"
)

var (
	// verb is one of a format. What is only a % has an index or a * behind it.
	verb = regexp.MustCompile(`%[-+# 0]*[0-9]*(?:\.[0-9]+)?[a-zA-Z%]|%`)
	// typeVerb has flags that mean the same for %s.
	typeVerb = regexp.MustCompile(`^%-?[0-9]*T$`)
	// nameVerb shows names of types.
	nameVerb = regexp.MustCompile(`^%[-+# 0]*[0-9.]*T$`)
)

// Dynamic stands for the name of a type that is known only when the program runs.
const Dynamic = "?"

// TypeVerbs are the verbs of a format that show names of types.
type TypeVerbs struct {
	Format string         // with %s in place of each %T whose type is in Names
	At     int            // the place of the format among the arguments
	Names  map[int]string // by the place of the argument: as Go prints it, or Dynamic
	Others map[int]string // the verbs that nobody replaces
}

// FindTypeVerbs looks for verbs that show names of types in a call of one of fmt's
// functions that have a format. It returns nil if there is no constant format, or if the
// format chooses its arguments by an index or a *. It names the types that are made of
// pkg's, and takes note of interfaces.
func FindTypeVerbs(info *types.Info, pkg *types.Package, call *ast.CallExpr) *TypeVerbs {
	signature, ok := info.TypeOf(call.Fun).(*types.Signature)
	if !ok || !signature.Variadic() || call.Ellipsis.IsValid() {
		return nil
	}
	at := signature.Params().Len() - 2
	if at < 0 || at >= len(call.Args) || info.Types[call.Args[at]].Value == nil || info.Types[call.Args[at]].Value.Kind() != constant.String {
		return nil
	}
	next, found, odd := at, &TypeVerbs{At: at, Names: make(map[int]string), Others: make(map[int]string)}, false
	found.Format = verb.ReplaceAllStringFunc(constant.StringVal(info.Types[call.Args[at]].Value), func(v string) string {
		odd = odd || v == "%"
		if strings.HasSuffix(v, "%") {
			return v
		}
		next++
		if next >= len(call.Args) || !nameVerb.MatchString(v) {
			return v
		}
		name, ours := runtimeName(info.TypeOf(call.Args[next]), pkg)
		if types.IsInterface(info.TypeOf(call.Args[next])) {
			name, ours = Dynamic, true
		}
		if !ours || name == "" || !typeVerb.MatchString(v) {
			found.Others[next] = v
			return v
		}
		found.Names[next] = name
		return strings.TrimSuffix(v, "T") + "s"
	})
	if odd {
		return nil
	}
	return found
}

// runtimeName is the name that reflect has for a type in a compiled program; empty if it
// needs more than the types of pkg that it is made of. ours says whether it has any.
func runtimeName(t types.Type, pkg *types.Package) (name string, ours bool) {
	of := func(prefix string, elem types.Type) (string, bool) {
		name, ours := runtimeName(elem, pkg)
		if name == "" {
			return "", ours
		}
		return prefix + name, ours
	}
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return types.Default(t).String(), false
	case *types.Named:
		if t.Obj().Pkg() == pkg && t.TypeArgs().Len() == 0 {
			return "main." + t.Obj().Name(), true
		}
		if t.TypeArgs().Len() > 0 || t.Obj().Pkg() == nil {
			return "", t.Obj().Pkg() == pkg
		}
		return t.Obj().Pkg().Name() + "." + t.Obj().Name(), false
	case *types.Pointer:
		return of("*", t.Elem())
	case *types.Slice:
		return of("[]", t.Elem())
	case *types.Array:
		return of("["+strconv.FormatInt(t.Len(), 10)+"]", t.Elem())
	case *types.Map:
		key, ourKey := runtimeName(t.Key(), pkg)
		name, ours := of("map["+key+"]", t.Elem())
		if key == "" {
			name = ""
		}
		return name, ours || ourKey
	}
	return "", false
}
