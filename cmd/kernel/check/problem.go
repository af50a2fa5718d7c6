// problem.go: what is wrong with a cell, in the compiler's words. advice.go adds a plain
// sentence.

package check

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// A Problem is one thing for which a cell is refused.
type Problem struct {
	Cell         string // In[3]
	Line, Column int    // of the cell, counted from 1; the column in bytes
	Text         string // what the compiler says; it may have several lines
	Advice       string // what a learner can do about it, in a sentence; empty if Text says it all
	Import       string // the path of a package that cells can't import; empty for anything else
}

// String is the place, and what is wrong there.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", p.Cell, p.Line, p.Column, p.Text)
}

// most is how many problems are told at once, as by the compiler.
const most = 10

// tidy puts problems in order, each once.
func tidy(all []Problem) []Problem {
	slices.SortStableFunc(all, func(a, b Problem) int {
		return cmp.Or(a.Line-b.Line, a.Column-b.Column)
	})
	all = slices.CompactFunc(all, func(a, b Problem) bool { return a.Line == b.Line && a.Text == b.Text })
	for i := range all {
		all[i].Advice = cmp.Or(all[i].Advice, adviceFor(all[i].Text))
	}
	return all[:min(len(all), most)]
}

// problems are the errors that a cell is refused for.
func (p *pass) problems(found []types.Error) []Problem {
	var all []Problem
	for _, e := range found {
		if strings.HasPrefix(e.Msg, "\t") { // it belongs to the one before
			if last, at := len(all)-1, p.files.Position(e.Pos); last >= 0 && at.Filename == p.name {
				all[last].Text += fmt.Sprintf("\n\t%s: %s", at, strings.TrimSpace(e.Msg))
			}
			continue
		}
		if p.allowed(e) {
			continue
		}
		at := p.files.Position(e.Pos)
		if at.Filename != p.name { // a declaration of an earlier cell, which this one makes wrong
			at.Line, at.Column = 1, 1
		}
		all = append(all, Problem{Cell: p.name, Line: at.Line, Column: at.Column, Text: p.words(e.Msg), Advice: p.suggest(e)})
	}
	return tidy(all)
}

// otherwise are the errors for which go/types has other words than the compiler.
var otherwise = []struct {
	of   *regexp.Regexp
	says string
}{
	{regexp.MustCompile(`^label (\S+) declared and not used$`), "label $1 defined and not used"},
	{regexp.MustCompile(`^label (\S+) not declared$`), "label $1 not defined"},
	{regexp.MustCompile(` \(declared at -\)$`), ""}, // in another package
	{regexp.MustCompile(`^break not in for, switch, or select statement$`), "break is not in a loop, switch, or select"},
	{regexp.MustCompile(`^continue not in for statement$`), "continue is not in a loop"},
}

// noLabel is what go/types says of a label that is not where it must be, or nowhere.
var noLabel = regexp.MustCompile(`^invalid (break|continue) label (\S+)$`)

// words are the compiler's for an error.
func (p *pass) words(message string) string {
	for _, o := range otherwise {
		message = o.of.ReplaceAllString(message, o.says)
	}
	if found := noLabel.FindStringSubmatch(message); found != nil && !strings.Contains(p.code, found[2]+":") {
		return found[1] + " label not defined: " + found[2]
	}
	return message
}

// allowed reports whether a notebook allows what the compiler refuses.
func (p *pass) allowed(e types.Error) bool {
	switch {
	case strings.HasPrefix(e.Msg, "declared and not used"):
		return slices.ContainsFunc(p.defined, func(id *ast.Ident) bool { return id.Pos() == e.Pos })
	case strings.HasSuffix(e.Msg, "is not used"):
		return e.Pos == p.shown()
	}
	return false
}

// shown is where the expression stands that the cell shows; NoPos if it shows none.
func (p *pass) shown() token.Pos {
	if len(p.nodes) == 0 {
		return token.NoPos
	}
	if last, ok := p.nodes[len(p.nodes)-1].(*ast.ExprStmt); ok {
		return last.Pos()
	}
	return token.NoPos
}
