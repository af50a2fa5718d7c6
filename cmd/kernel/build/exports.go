package build

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/gcexportdata"
)

// ours are the packages that cells can import beside those of the standard library.
var ours = []string{"stepwise/pkg/...", "stepwise/cmd/kernel/display", "golang.org/x/sys/unix"}

// exportsName is where package exports embeds the archive.
const exportsName = "cmd/kernel/exports/exports.zip"

// ListExports returns, for each package that cells can import, the file in Go's build
// cache that has what the compiler noted of it, and for each of Sources where it is. What is
// not compiled yet is compiled. moduleDir is a folder of the module.
func ListExports(ctx context.Context, moduleDir string, log io.Writer) (map[string]string, error) {
	text, err := goCommand(ctx, moduleDir, log, slices.Concat([]string{"list", "-export", "-trimpath", "-f", "{{.ImportPath}}={{.Export}}={{.Dir}}"}, Standard, Generic, ours)...)
	if err != nil {
		return nil, fmt.Errorf("listing the packages that cells can import: %w: go build ./... shows whether the module itself compiles", err)
	}
	files := make(map[string]string)
	for line := range strings.Lines(string(text)) {
		part := strings.SplitN(strings.TrimSpace(line), "=", 3)
		if len(part) < 3 || part[1] == "" {
			continue
		}
		files[part[0]] = part[1]
		for _, source := range Sources {
			if path.Dir(source) == part[0] {
				files[source] = filepath.Join(part[2], path.Base(source))
			}
		}
	}
	return files, nil
}

// OpenExport opens the part of such a file that says what a package exports; a source is
// opened as it is.
func OpenExport(file string) (io.ReadCloser, error) {
	archive, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("reading what a package exports: %w", err)
	}
	if path.Ext(file) == ".go" {
		return archive, nil
	}
	//lint:ignore SA1019 What go list -export names is an archive as long as the go command writes archives.
	data, err := gcexportdata.NewReader(bufio.NewReader(archive))
	if err != nil {
		_ = archive.Close()
		return nil, fmt.Errorf("reading what a package exports, in %s: %w", file, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{data, archive}, nil
}

// writeExports writes the archive that package exports embeds, a file for each package,
// named by its path.
func writeExports(ctx context.Context, moduleDir, out string, log io.Writer) error {
	files, err := ListExports(ctx, moduleDir, log)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	archive := zip.NewWriter(&text)
	known := make(map[string]*types.Package)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := addExport(archive, known, name, files[name]); err != nil {
			return fmt.Errorf("packing what %s exports: %w", name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.FromSlash(out), text.Bytes(), 0o600)
}

// addExport adds what a package exports without the bodies of its functions, for which the
// compiler alone has a use: a kernel would keep them in memory.
func addExport(archive *zip.Writer, known map[string]*types.Package, name, file string) error {
	data, err := OpenExport(file)
	if err != nil {
		return err
	}
	defer data.Close()
	entry, err := archive.Create(name)
	if err != nil {
		return err
	}
	if path.Ext(name) == ".go" {
		_, err = io.Copy(entry, data)
		return err
	}
	files := token.NewFileSet()
	p, err := gcexportdata.Read(data, files, known, name)
	if err != nil {
		return err
	}
	return gcexportdata.Write(entry, files, p)
}
