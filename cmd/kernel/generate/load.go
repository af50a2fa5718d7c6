package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Files returns the content of every generated file of the module at dir, by its name in
// cmd/kernel, and writes nothing. The same sources give the same bytes on any system. A
// package of ours that does not compile is an error that quotes the compiler.
func Files(dir string) (map[string][]byte, error) {
	made := make(map[string][]byte)
	var course, others []*packages.Package
	for _, file := range files {
		loaded, err := load(dir, file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.name, err)
		}
		text, err := render(file, loaded)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file.name, err)
		}
		made["tables/"+file.name] = text
		switch {
		case file.name == "course.go":
			course = loaded
		case file.goarch == "amd64": // the comments are the same on arm64
			others = append(others, loaded...)
		}
	}
	return made, writeDocs(made, course, others)
}

// load returns the packages of one file, ordered by path. It leaves out commands,
// packages of tests only, and packages that can't be imported from everywhere.
func load(dir string, file tableFile) ([]*packages.Package, error) {
	config := &packages.Config{
		Dir:  dir,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedImports | packages.NeedTypes,
		Env:  append(os.Environ(), "GOOS=linux", "GOARCH="+file.goarch, "CGO_ENABLED=0"),
	}
	found, err := packages.Load(config, file.patterns...)
	if err != nil {
		return nil, fmt.Errorf("loading %s: %w", strings.Join(file.patterns, " "), err)
	}
	var loaded []*packages.Package
	for _, p := range found {
		if len(p.GoFiles) == 0 || p.Name == "main" || private(p.PkgPath) {
			continue
		}
		if len(p.Errors) > 0 {
			return nil, fmt.Errorf("loading %s: %w: mend it, then run go generate ./cmd/kernel again", p.PkgPath, p.Errors[0])
		}
		loaded = append(loaded, p)
	}
	slices.SortFunc(loaded, func(a, b *packages.Package) int { return strings.Compare(a.PkgPath, b.PkgPath) })
	return loaded, nil
}

// private reports whether a package can't be imported from everywhere.
func private(path string) bool {
	return slices.Contains(strings.Split(path, "/"), "internal")
}
