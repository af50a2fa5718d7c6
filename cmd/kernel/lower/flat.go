package lower

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// flat lists all methods of an interface that embeds others:
//
//	type both interface {
//		reader
//		write(string)
//	}
//
// The interpreter counts the methods in two orders.
func flat(l *Lowered, c *astutil.Cursor) {
	n, ok := c.Node().(*ast.InterfaceType)
	if !ok {
		return
	}
	t, ok := l.typeOf(n).(*types.Interface)
	if !ok || t.NumEmbeddeds() == 0 || !t.IsMethodSet() || !l.canWrite(t) {
		return
	}
	face := l.face(t)
	l.typed(face, t)
	c.Replace(face)
}
