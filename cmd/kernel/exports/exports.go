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
func (i *Importer) Import(path string) (*types.Package, error) {
	if other, ok := aliases[path]; ok {
		path = other
	}
	if p := i.known[path]; p != nil && p.Complete() {
		return p, nil
	}
	data, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("import %q: %w", path, err)
	}
	defer data.Close()
	p, err := gcexportdata.Read(io.Reader(data), i.files, i.known, path)
	if err != nil {
		return nil, fmt.Errorf("import %q: reading its types: %w", path, err)
	}
	return p, nil
}

// Has reports whether cells can import a package.
func Has(path string) bool {
	if _, ok := aliases[path]; ok || path == "unsafe" {
		return true
	}
	data, err := open(path)
	if err != nil {
		return false
	}
	_ = data.Close()
	return true
}
