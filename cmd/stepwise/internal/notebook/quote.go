// quote.go: how a lesson shows the library's own code. A markdown cell whose
// metadata has
//
//	"quote": "pkg/sock/send.go#Send"
//
// has that declaration in its one fenced block of Go. `stepwise refresh` copies it
// from the file, and the linter compares it with the file from then on, so it can't
// become outdated. A method is named as in pkg/future/future.go#Future.finish. Read
// notebook.go first.

package notebook

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// quoted matches the fenced block of a quote.
var quoted = regexp.MustCompile("(?ms)^```go\n(.*?)^```[ \t]*$")

// FillQuotes returns a copy of nb with every quote as it is in the files of the clone
// at root. The error names the cell.
func FillQuotes(nb *Notebook, root string) (*Notebook, error) {
	out := *nb
	out.Cells = append([]Cell{}, nb.Cells...)
	for i := range out.Cells {
		c := &out.Cells[i]
		source, err := c.withQuote(root)
		if err != nil {
			return nil, fmt.Errorf("%s: cell %d (%s): %w", nb.Path, i+1, c.ID, err)
		}
		c.Source = source
	}
	return &out, nil
}

// quotes finds quotes that differ from the files.
func (l *linter) quotes(root string) {
	for i := range l.nb.Cells {
		c := &l.nb.Cells[i]
		switch source, err := c.withQuote(root); {
		case err != nil:
			l.add(i, "%v", err)
		case source != c.Source:
			l.add(i, "the quote of %s differs from the file: stepwise refresh updates it; check that the text around it still fits", c.Metadata["quote"])
		}
	}
}

// withQuote returns the cell's source with its quote as it is in the file, or just
// the source if the cell has no quote.
func (c *Cell) withQuote(root string) (string, error) {
	value, there := c.Metadata["quote"]
	if !there {
		return c.Source, nil
	}
	what, ok := value.(string)
	path, symbol, cut := strings.Cut(what, "#")
	if !ok || !cut || symbol == "" || !strings.HasSuffix(path, ".go") || !filepath.IsLocal(path) {
		return "", fmt.Errorf("metadata.quote is %v: want a form like pkg/sock/send.go#Send", value)
	}
	blocks := quoted.FindAllStringIndex(c.Source, -1)
	if c.Type != "markdown" || len(blocks) != 1 {
		return "", fmt.Errorf("quotes %s: want a markdown cell with one block ```go; this %s cell has %d", what, c.Type, len(blocks))
	}
	text, err := declaration(filepath.Join(root, path), symbol)
	if err != nil {
		return "", fmt.Errorf("quotes %s: %w", what, err)
	}
	at := blocks[0]
	return c.Source[:at[0]] + "```go\n" + text + "\n```" + c.Source[at[1]:], nil
}

// declaration returns the text of a function, method, type, variable or constant in a
// Go file. It leaves out the doc comment, because the lesson explains the code.
func declaration(path, symbol string) (string, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("no such file: %w", withoutPath(err))
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "", source, parser.ParseComments)
	if err != nil {
		return "", err
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if nameOf(d) == symbol {
				return string(source[files.Position(d.Type.Func).Offset:files.Position(d.End()).Offset]), nil
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				if declares(spec, symbol) {
					return d.Tok.String() + " " + specText(files, source, spec), nil
				}
			}
		}
	}
	return "", fmt.Errorf("the file doesn't declare %s", symbol)
}

// withoutPath removes the clone's path on this machine from an error.
func withoutPath(err error) error {
	if e, ok := err.(*os.PathError); ok {
		return e.Err
	}
	return err
}

// specText returns a spec as it would look outside its group: at the margin.
func specText(files *token.FileSet, source []byte, spec ast.Spec) string {
	start := files.Position(spec.Pos())
	text := string(source[start.Offset:files.Position(spec.End()).Offset])
	return strings.ReplaceAll(text, "\n"+strings.Repeat("\t", start.Column-1-len(spec0(source, start))), "\n")
}

// spec0 returns the text before a spec on its line, if that is more than tabs: the
// keyword of a declaration that is not a group.
func spec0(source []byte, start token.Position) string {
	line := string(source[start.Offset-(start.Column-1) : start.Offset])
	return strings.TrimLeft(line, "\t")
}

func nameOf(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	var receiver bytes.Buffer
	_ = printer.Fprint(&receiver, token.NewFileSet(), d.Recv.List[0].Type)
	name, _, _ := strings.Cut(strings.TrimPrefix(receiver.String(), "*"), "[")
	return name + "." + d.Name.Name
}

func declares(spec ast.Spec, symbol string) bool {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		return spec.Name.Name == symbol
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if name.Name == symbol {
				return true
			}
		}
	}
	return false
}
