package cell

// Types that refer to each other in a circle. gomacro learns them one after the
// other, in an order that varies from session to session, and while it is at it
// takes some for unfinished: a pointer whose element it is about to learn, say. It
// never looks back. A slice of such pointers is a slice of anything to it then, which it
// calls Forward: []*task.Task{} in a cell can't be handed to anybody, and what task.All
// returns has tasks without methods. So we look back.

import (
	"go/ast"
	"reflect"
	"strconv"
	"strings"

	"github.com/cosmos72/gomacro/fast"
	"github.com/cosmos72/gomacro/xreflect"

	"stepwise/cmd/kernel/source"
)

// importAhead imports what the cell is going to, and binds no name: so that the
// types are finished before the first line that uses them is compiled.
func (s *Session) importAhead(c *fast.Comp, nodes []ast.Node) error {
	paths := make(map[string]fast.PackageName)
	for _, imported := range source.Imports(nodes) {
		path, _ := strconv.Unquote(imported.Path.Value) // checkImports has looked at it
		paths[path] = "_"
	}
	_, err := c.ImportPackagesOrError(paths)
	s.finishTypes(c.Universe)
	return err
}

// finishTypes says of every compiled type that it is as finished as Go has made it, and
// gives those back what they are made of for which gomacro has put Forward. None is under
// construction between two cells. A cell's own types may have Forward in them for good.
func (s *Session) finishTypes(u *xreflect.Universe) {
	if len(u.ReflectTypes) == s.finished {
		return
	}
	for compiled, known := range u.ReflectTypes {
		if !strings.Contains(compiled.String(), forward) {
			known.UnsafeForceReflectType(compiled)
			finish(known)
		}
	}
	s.finished = len(u.ReflectTypes)
}

var forward = reflect.TypeFor[xreflect.Forward]().String()
