// Package exports knows the types of every package that a cell can import: what the
// compiler noted of each for those that import it, as go list -export names it. The
// checker of cells reads it, so that neither a Go installation nor sources are needed
// where a kernel runs.
//
//	importer := exports.NewImporter()
//	http, err := importer.Import("net/http")
//
// A program that is built by package build has all of it inside (embedded.go). Any other,
// such as a test, asks the go command once, in the folder that it runs in (listed.go).
package exports

import (
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"path"
	"slices"

	"golang.org/x/tools/go/gcexportdata"
)

// ErrUnknown says that cells can't import a package.
var ErrUnknown = errors.New("no such package is there for cells")

// An Importer is a types.Importer. It reads a package when it is asked for it first, and
// gives the same one ever after. One goroutine at a time may use it.
type Importer struct {
	files *token.FileSet
	known map[string]*types.Package // also those that others mention, which are not complete
}

// NewImporter returns one that has read nothing yet.
func NewImporter() *Importer {
	return &Importer{token.NewFileSet(), map[string]*types.Package{"unsafe": types.Unsafe}}
}

// aliases are the paths by which notebooks written for gophernotes import a package of
// ours.
var aliases = map[string]string{
	"display":                           "stepwise/cmd/kernel/display",
	"github.com/gopherdata/gophernotes": "stepwise/cmd/kernel/display",
}

// Import returns a package. The error is ErrUnknown, or says why it can't be read.
func (i *Importer) Import(name string) (*types.Package, error) {
	if other, ok := aliases[name]; ok {
		name = other
	}
	if p := i.known[name]; p != nil && p.Complete() {
		return p, nil
	}
	data, err := open(name)
	if path.Ext(name) == ".go" {
		err = ErrUnknown
	}
	if err != nil {
		return nil, fmt.Errorf("import %q: %w", name, err)
	}
	defer data.Close()
	p, err := gcexportdata.Read(io.Reader(data), i.files, i.known, name)
	if err != nil {
		return nil, fmt.Errorf("import %q: reading its types: %w", name, err)
	}
	return p, nil
}

// Has reports whether cells can import a package.
func Has(name string) bool {
	_, ours := aliases[name]
	return ours || name == "unsafe" || slices.Contains(Paths(), name)
}

// Paths are those of all packages that cells can import.
func Paths() []string {
	return slices.DeleteFunc(names(), func(name string) bool { return path.Ext(name) == ".go" })
}

// Sources are the texts of the files of Go's own that have the generic functions of a package,
// as far as cells run copies of them; none for most packages.
func Sources(of string) (texts [][]byte, err error) {
	for _, name := range names() {
		if path.Ext(name) != ".go" || path.Dir(name) != of {
			continue
		}
		file, err := open(name)
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(file)
		_ = file.Close()
		if err != nil {
			return nil, fmt.Errorf("reading the source of %s: %w", name, err)
		}
		texts = append(texts, text)
	}
	return texts, nil
}
