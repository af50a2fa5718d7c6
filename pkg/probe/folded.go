package probe

import (
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// Folded is the way to the function that calls it: the functions of this course that are on
// the stack of its goroutine, from the outermost to the innermost, with ";" between them, as
// a flame graph takes them (draw.Flame). The caller itself isn't part of it; where a call is
// told of (sys.Told, selector.Told), the way ends at the function that made it. A function
// within a function has the name of the outer one; what a notebook's cells define is
// CellFunc. A coroutine has a stack of its
// own, so there the way begins with the coroutine. It looks at 200 frames at most. Any
// goroutine may call it.
func Folded() string {
	var frames [200]uintptr
	var names []string
	all := runtime.CallersFrames(frames[:runtime.Callers(3, frames[:])]) // without Callers, Folded and its caller
	for {
		frame, more := all.Next()
		switch name := folded(frame.Function); {
		case name == tells: // what it tells, and so the caller, is no part of the way
			names = names[:0]
		case name != "" && (len(names) == 0 || names[len(names)-1] != name):
			names = append(names, name)
		}
		if !more {
			break
		}
	}
	slices.Reverse(names)
	return strings.Join(names, ";")
}

// tells is what folded returns for a function that tells of a call.
const tells = "told"

var within = regexp.MustCompile(`(\.func\d+|\.gowrap\d+|\.deferwrap\d+|\.\d+|-range\d+)+$`)

// packages is where those of the engine are, with a slash behind it.
var packages = strings.TrimSuffix(reflect.TypeFor[Nothing]().PkgPath(), "probe")

// folded is the name of a function in a way; empty if it is left out.
func folded(function string) string {
	switch {
	case Interpreted(function):
		return CellFunc
	case !strings.HasPrefix(function, packages):
		return ""
	}
	name := within.ReplaceAllString(Short(function), "")
	if name == "sys.Told" || strings.HasPrefix(name, "selector.told.") {
		return tells
	}
	return name
}
