// complete.go: is a cell that is being typed ready to run? A console asks at every
// Enter. Go's scanner and parser answer: an error where the text ends may go away as the
// reader types on, an error before it can't. Read split.go first.

package source

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// A Status says whether a cell lacks something, in the words of Jupyter's protocol.
type Status string

// The three statuses. A text that ends where Go puts a semicolon is Complete or Invalid:
// f(1 can't go on in the next line, f(1, can.
const (
	Complete   Status = "complete"   // it can be run
	Incomplete Status = "incomplete" // some text behind a new line makes it complete
	Invalid    Status = "invalid"    // no text behind a new line does
)

// Completeness says whether a cell can be run as it is. indent is what the next line of
// an incomplete cell begins with: tabs, as gofmt puts them, and none inside a raw string
// or a comment. Commands of the kernel at the top are complete. Completeness knows only
// the grammar: a cell that is Complete may still fail to compile.
func Completeness(source string) (status Status, indent string) {
	open, status := look(source)
	if status != Complete {
		return status, ""
	}
	parts := Parts(source)
	for i, p := range parts {
		status := p.completeness(open.last)
		if status == Incomplete && i == len(parts)-1 {
			return Incomplete, open.indent()
		}
		if status != Complete {
			return Invalid, ""
		}
	}
	return Complete, ""
}

// brackets are what is open where a text ends.
type brackets struct {
	open   []bracket
	last   token.Token // of the text, where a semicolon may be a line's end
	branch int         // how many brackets the latest switch or select is within; -1 when its block has begun
}

type bracket struct {
	line   int
	branch bool // the block of a switch or select
}

// look goes through a cell's words. A cell is Incomplete if it ends within a raw string
// or a comment, and Invalid if a word is not a token of Go, or if a bracket closes what
// no bracket has opened.
func look(source string) (brackets, Status) {
	open := brackets{branch: -1}
	words, wrong := scan(source)
	for _, w := range words {
		if !open.add(w) {
			return open, Invalid
		}
	}
	switch wrong {
	case "":
		return open, Complete
	case "raw string literal not terminated", "comment not terminated": // at the end, if they come first
		return open, Incomplete
	}
	return open, Invalid
}

// add takes one word, and reports whether it may stand there as far as brackets go.
func (b *brackets) add(w word) bool {
	b.last = w.token
	switch w.token {
	case token.SWITCH, token.SELECT:
		b.branch = len(b.open)
	case token.LPAREN, token.LBRACK, token.LBRACE:
		block := w.token == token.LBRACE && b.branch == len(b.open)
		if block {
			b.branch = -1
		}
		b.open = append(b.open, bracket{w.line, block})
	case token.RPAREN, token.RBRACK, token.RBRACE:
		if len(b.open) == 0 {
			return false // the parser would take a brace for the end of what the piece is wrapped in
		}
		b.open = b.open[:len(b.open)-1]
	}
	return true
}

// indent is a tab for each line that has left brackets open, and one more within a
// statement that goes on. The cases of a switch stand below its own word.
func (b *brackets) indent() string {
	depth, line := 0, 0
	for _, one := range b.open {
		if one.line != line {
			depth, line = depth+1, one.line
		}
	}
	switch last := len(b.open) - 1; {
	case b.last == token.LBRACE && last >= 0 && b.open[last].branch:
		depth--
	case b.last == token.LPAREN, b.last == token.LBRACK, b.last == token.LBRACE,
		b.last == token.COLON, b.last == token.SEMICOLON, b.last == token.COMMA && last >= 0:
	case b.last.IsOperator():
		depth++
	}
	return strings.Repeat("\t", depth)
}

// completeness is that of one part; last is the cell's last token.
func (p Part) completeness(last token.Token) Status {
	source, end := p.File("")
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.SkipObjectResolution|parser.AllErrors)
	errors, _ := err.(scanner.ErrorList)
	if len(errors) == 0 {
		return lacks(file)
	}
	if errors[len(errors)-1].Pos.Offset < end {
		return Invalid
	}
	for _, e := range errors {
		if e.Pos.Offset < end && !mayGoAway(e.Msg, last) {
			return Invalid
		}
	}
	return Incomplete
}

// mayGoAway reports whether more text may mend an error that the parser places before
// the text's end. It reports some errors of a whole expression at its beginning; and it
// says that go and defer need a call even of a function literal whose end is still to
// come.
func mayGoAway(message string, last token.Token) bool {
	if strings.HasPrefix(message, "expression in ") {
		return true
	}
	whole := strings.HasPrefix(message, "expected 1 expression") || strings.Contains(message, "found assignment")
	return whole && last != token.SEMICOLON
}

// lacks looks for what the parser accepts: a label whose statement is still to come, and
// a function without a body, which would have to be written elsewhere.
func lacks(file *ast.File) Status {
	function, ok := file.Decls[len(file.Decls)-1].(*ast.FuncDecl)
	if !ok {
		return Complete
	}
	if function.Body == nil {
		return Invalid
	}
	if function.Name.Name != "_" || len(function.Body.List) == 0 {
		return Complete
	}
	last := function.Body.List[len(function.Body.List)-1]
	for {
		labeled, ok := last.(*ast.LabeledStmt)
		if !ok {
			break
		}
		last = labeled.Stmt
	}
	if empty, ok := last.(*ast.EmptyStmt); ok && empty.Implicit {
		return Incomplete
	}
	return Complete
}
