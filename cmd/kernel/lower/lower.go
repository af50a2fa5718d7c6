// Package lower makes, of a cell that Go's checker has accepted, one that the interpreter
// runs as Go would. The interpreter is older than today's Go and gets a few things wrong;
// with the types at hand each of these can be said in words that it gets right.
//
//	lowered := lower.Cell(checked, place)
//	compile(lowered.Imports …)
//
// Each rule has a file of its own, and shows there the smallest program that it is for. A
// rule sees the tree as the rules before it have left it, with all types, also those of
// the nodes that they have made.
//
// Read lower.go, then copy.go and build.go, then any rule.
package lower

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/ast/astutil"

	"stepwise/cmd/kernel/check"
)

// Prefix begins every name that a rule makes up. Nobody else would choose such a name, and
// it is not shown to readers.
const Prefix = "stepwise_kernel_"

// Lowered is a cell that the interpreter can run.
type Lowered struct {
	*check.Checked
	Info *types.Info // of what follows, and not of Checked.Nodes

	// In the order in which they are compiled. Functions and methods run first, then
	// Body.
	Imports   []ast.Node
	Kinds     map[string]*ast.FuncType // types of functions, to which rules convert
	Own       map[string]reflect.Kind  // names of types that nobody else uses, of which the cell's are made
	Ahead     []string                 // types in circles: their names are declared before the first type
	Types     []ast.Node               // and constants
	Functions []*ast.FuncDecl          // their names are declared before the methods, their bodies compiled last
	Methods   []*ast.FuncDecl          // they call functions
	Body      []ast.Stmt
	Refused   []Remark // what can't be said in the interpreter's words; if there is any, nothing else counts
	Beware    []Remark // what the interpreter does otherwise than Go

	at      token.Pos               // of the node that a rule is looking at; new nodes stand there
	last    int                     // number of the last fresh name
	imports map[string]string       // the names of packages that rules need, by path
	ahead   map[ast.Stmt][]ast.Stmt // what comes before a statement's label
	circle  map[*types.Named]bool   // what inCircle has found
	targets map[string]bool         // labels that goto leads to
	inside  []*types.Signature      // of the functions around the node
}

// A Remark says something of a place in a cell.
type Remark struct {
	Pos  token.Pos
	Text string
}

func (l *Lowered) refuse(n ast.Node, what string) {
	l.Refused = append(l.Refused, Remark{n.Pos(), "cells can't have " + what})
}

// A rule changes one node if it is the rule's business. It is called for all nodes of a
// cell, for those in a node before the node itself.
type rule func(*Lowered, *astutil.Cursor)

// rules are applied one after the other, each to the whole cell.
var rules = []rule{
	older,
	selves,
	own,
	constants,
	indexes,
	parameters,
	assignOp,
	defines,
	flat,
	rangeInteger,
	rangeFunction,
	rangeAssign,
	perRound,
	selectOk,
	wakes,
	asserts,
	waits,
	builtins,
	promoted,
	circles,
	shown,
	toInterface,
	methods,
	nils,
	leaving,
	oneValue,
	called,
	started,
	labels,
	known,
}

// Cell lowers a cell, of which nothing is changed. place says where the interpreter finds
// a place of the cell: errors and panics name its line.
func Cell(c *check.Checked, place func(token.Pos) token.Pos) *Lowered {
	l := &Lowered{Checked: c, Info: newInfo(), Kinds: make(map[string]*ast.FuncType), Own: make(map[string]reflect.Kind), imports: make(map[string]string), ahead: make(map[ast.Stmt][]ast.Stmt), targets: make(map[string]bool), circle: make(map[*types.Named]bool)}
	copied := copier{from: c.Info, into: l.Info, place: place}
	var nodes []ast.Node
	for _, node := range c.Nodes {
		nodes = append(nodes, copied.node(node))
		l.findTargets(node)
	}
	for _, rule := range rules {
		for i, node := range nodes {
			nodes[i] = l.apply(rule, node)
		}
	}
	l.sort(nodes)
	l.lookAtTop()
	l.inits()
	l.wrap()
	l.promotedMethods()
	l.importsNeeded()
	return l
}

// apply applies a rule to a node and all that is in it.
func (l *Lowered) apply(rule rule, node ast.Node) ast.Node {
	enter := func(c *astutil.Cursor) bool {
		if s := l.functionType(c.Node()); s != nil {
			l.inside = append(l.inside, s)
		}
		return true
	}
	return astutil.Apply(node, enter, func(c *astutil.Cursor) bool {
		if l.functionType(c.Node()) != nil {
			l.inside = l.inside[:len(l.inside)-1]
		}
		if c.Node() != nil {
			l.at = c.Node().Pos()
			rule(l, c)
			l.aheadOfLabel(c)
		}
		return true
	})
}

// functionType is the type of a function, declared or literal; nil for any other node.
func (l *Lowered) functionType(n ast.Node) *types.Signature {
	switch n := n.(type) {
	case *ast.FuncDecl:
		s, _ := l.Info.Defs[n.Name].Type().(*types.Signature)
		return s
	case *ast.FuncLit:
		return l.typeOf(n).(*types.Signature)
	}
	return nil
}

// fresh is a name that nothing in the session has.
func (l *Lowered) fresh(word string) string {
	l.last++
	return fmt.Sprintf("%s%s%d", Prefix, word, l.last)
}
