package cell

import (
	"cmp"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/cosmos72/gomacro/imports"

	"stepwise/cmd/kernel/docs"
	"stepwise/cmd/kernel/source"
)

// An unknown name is usually a mistyped one. This file finds the names that may be used
// at its place; package source finds those among them that look alike.

var (
	noMember  = regexp.MustCompile(`(?:not a (?:type|package): (?:"\w+" in )?|, found: |has no field "\w+": )(\S.*)\.(\w+)(?: <\*ast|$)`)
	noSymbol  = regexp.MustCompile(`package \w+ "\S+" has no symbol (\w+)$`)
	noName    = regexp.MustCompile(`undefined identifier: (\w+)$`)
	noPackage = regexp.MustCompile(`undefined "(\w+)" in `)
	noImport  = regexp.MustCompile(`import "([^"]+)"`)
	placeIn   = regexp.MustCompile(`In\[\d+\]:(\d+):(\d+)`)
)

// suggest is a sentence for an error that speaks of an unknown name in a cell; empty
// if nothing looks like it.
func (s *Session) suggest(message, code string) string {
	at := offset(message, code)
	if found := noMember.FindStringSubmatch(message); found != nil {
		return s.suggestMember(code, at, found[1], found[2])
	}
	if found := noSymbol.FindStringSubmatch(message); found != nil {
		used := regexp.MustCompile(`(\w+)\.` + found[1] + `\b`).FindStringSubmatch(code[at:])
		if used != nil {
			return s.suggestMember(code, at, used[1], found[1])
		}
	}
	if found := noPackage.FindStringSubmatch(message); found != nil {
		return s.suggestPackage(code, at, found[1])
	}
	if found := noName.FindStringSubmatch(message); found != nil {
		if paths := packagesNamed(found[1]); len(paths) > 0 {
			return "Write import " + strconv.Quote(paths[0]) + " first."
		}
		return source.DidYouMean("", found[1], s.scopeAt(code, at).names())
	}
	if found := noImport.FindStringSubmatch(message); found != nil && strings.Contains(message, "not compiled into") {
		var all []string
		for known := range imports.Packages {
			all = append(all, strconv.Quote(known))
		}
		return source.DidYouMean("", strconv.Quote(found[1]), all)
	}
	return ""
}

// offset is the place, in bytes, that an error names.
func offset(message, code string) int {
	found := placeIn.FindStringSubmatch(message)
	if found == nil {
		return len(code)
	}
	line, _ := strconv.Atoi(found[1])
	column, _ := strconv.Atoi(found[2])
	at := 0
	for rest := code; line > 1; line-- {
		_, after, ok := strings.Cut(rest, "\n")
		if !ok {
			break
		}
		at += len(rest) - len(after)
		rest = after
	}
	return min(at+max(column-1, 0), len(code))
}

// suggestMember looks among the names of a package, or the fields and methods of a
// value.
func (s *Session) suggestMember(code string, at int, of, name string) string {
	if imported := s.scopeAt(code, at).packageOf(ast.NewIdent(of)); imported != nil {
		if entry, _ := docs.Find(docsPath(imported.Path), name); strings.Contains(entry.Signature, name+"[") {
			return of + "." + name + " is generic, and cells can't use that: write the code for the one type you need."
		}
	}
	start := strings.Index(code[at:], of+"."+name)
	if start < 0 {
		return ""
	}
	head := code[:at+start+len(of)+1]
	known, _, _ := s.Complete(head, len([]rune(head)))
	return source.DidYouMean(of+".", name, known)
}

// suggestPackage looks among the packages that cells can import, and the names that
// are known: either may be mistyped.
func (s *Session) suggestPackage(code string, at int, name string) string {
	if instead := source.Instead(name); instead != "" {
		return "All of package " + name + " is generic, and cells can't use that: " + instead + "."
	}
	if paths := packagesNamed(name); len(paths) > 0 {
		return "Write import " + strconv.Quote(paths[0]) + " first."
	}
	return source.DidYouMean("", name, s.scopeAt(code, at).names())
}

// packagesNamed are the paths of the packages of that name, ours first.
func packagesNamed(name string) []string {
	var paths []string
	for known := range imports.Packages {
		if path.Base(known) == name && docs.Of(known) != nil {
			paths = append(paths, known)
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		return cmp.Or(-cmp.Compare(strings.Count(a, "stepwise"), strings.Count(b, "stepwise")), cmp.Compare(a, b))
	})
	return paths
}

// names are all that may be used in the scope.
func (sc scope) names() []string {
	var all []string
	for c := sc.c; c != nil; c = c.Outer {
		for name := range c.Binds {
			all = append(all, name)
		}
		for name := range c.Types {
			all = append(all, name)
		}
	}
	return slices.DeleteFunc(all, func(name string) bool { return hidden(name, false) })
}
