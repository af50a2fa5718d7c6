// complete.go: is a cell that is being typed ready to run? A console asks that at
// every Enter. The answer is that of Go's scanner and parser: what is wrong where the
// text ends may still come, what is wrong before can't be mended by writing on. Read
// split.go first.

package cells

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// Status says what a cell lacks, in the words of Jupyter's protocol.
type Status string

// The three statuses. A text that ends at a line's end where Go puts a semicolon is
// Complete or Invalid: f(1 can't go on in the next line, f(1, can.
const (
	Complete   Status = "complete"   // it can be run
	Incomplete Status = "incomplete" // some text behind a new line makes it complete
	Invalid    Status = "invalid"    // no text behind a new line does
)

// Completeness says whether a cell can be run as it is, and the indent that the next
// line of an incomplete one begins with: tabs, as gofmt puts them, and none inside a
// raw string or a comment. Commands of the kernel at the top are complete. It knows
// the grammar only: a cell that is Complete may still fail to compile.
func Completeness(source string) (status Status, indent string) {
	_, source = Commands(source)
	open, status := look(source)
	if status != Complete {
		return status, ""
	}
	pieces := split(source)
	for i, p := range pieces {
		status := p.completeness(open.last)
		if status == Incomplete && i == len(pieces)-1 {
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

// look goes through a text's tokens. It is Incomplete within a raw string or a
// comment, and Invalid if a token is no token of Go, or a bracket closes what none has
// opened.
func look(source string) (brackets, Status) {
	all := brackets{branch: -1}
	status := Complete
	file := token.NewFileSet().AddFile("", -1, len(source))
	var s scanner.Scanner
	s.Init(file, []byte(source), func(_ token.Position, message string) {
		if status != Complete {
			return // the first error counts
		}
		status = Invalid
		if message == "raw string literal not terminated" || message == "comment not terminated" {
			status = Incomplete
		}
	}, 0)
	for status == Complete {
		pos, tok, _ := s.Scan()
		if tok == token.EOF {
			break
		}
		if !all.add(tok, file.Line(pos)) {
			return all, Invalid
		}
	}
	return all, status
}

// add takes one token, and reports whether it may stand there as far as brackets go.
func (b *brackets) add(tok token.Token, line int) bool {
	b.last = tok
	switch tok {
	case token.SWITCH, token.SELECT:
		b.branch = len(b.open)
	case token.LPAREN, token.LBRACK, token.LBRACE:
		block := tok == token.LBRACE && b.branch == len(b.open)
		if block {
			b.branch = -1
		}
		b.open = append(b.open, bracket{line, block})
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

// completeness is that of one piece, whose last token is given.
func (p *piece) completeness(last token.Token) Status {
	source, end := p.wrapped("")
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

// mayGoAway reports whether more text may mend what the parser says of a place
// before the text's end. It says some things of a whole expression, at its beginning,
// and that go and defer need a call at the end of a function literal, also of one
// whose end is still to come.
func mayGoAway(message string, last token.Token) bool {
	if strings.HasPrefix(message, "expression in ") {
		return true
	}
	whole := strings.HasPrefix(message, "expected 1 expression") || strings.Contains(message, "found assignment")
	return whole && last != token.SEMICOLON
}

// lacks looks for what the parser lets pass: a label without its statement, which is
// still to come, and a function without a body, which would be written elsewhere.
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
