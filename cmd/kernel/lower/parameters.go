package lower

import (
	"go/ast"

	"golang.org/x/tools/go/ast/astutil"
)

// parameters names those that have no name:
//
//	func always(int) bool { return true }
//	fmt.Println(always(1))
//
// The interpreter looks for a place where it has put them.
func parameters(l *Lowered, c *astutil.Cursor) {
	switch n := c.Node().(type) {
	case *ast.FuncDecl:
		l.nameFields(n.Recv)
		l.nameFields(n.Type.Params)
	case *ast.FuncLit:
		l.nameFields(n.Type.Params)
	}
}

func (l *Lowered) nameFields(list *ast.FieldList) {
	if list == nil {
		return
	}
	for _, field := range list.List {
		if len(field.Names) == 0 {
			field.Names = []*ast.Ident{l.name("_")}
		}
		for _, id := range field.Names {
			if id.Name == "_" {
				id.Name = l.fresh("unused")
			}
		}
	}
}
