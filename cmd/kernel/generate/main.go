// Command generate writes the tables that let a notebook cell import compiled
// packages: ours, the needed part of golang.org/x/sys/unix, all of syscall, and
// the standard packages that the course uses, as they are in today's Go.
//
// The interpreter behind the kernel, gomacro, can only call what was compiled
// into it. A package that is in no table is built as a plugin when a cell
// imports it, which takes seconds and a download; one that is in a table is
// there at once.
//
// Run it after every change of an exported name under pkg, or of its comment:
//
//	go generate ./cmd/kernel
//
// Beside the tables it writes what package docs knows: signatures and doc comments.
// The test of this package fails until you have done so. Read wanted.go first: it says
// what goes in.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// folder is where the generated files lie in the module, in two folders of their
// own; byHand are those there that are not generated.
const folder = "cmd/kernel"

var byHand = []string{"tables/doc.go", "docs/docs.go", "docs/docs_test.go"}

// run writes every file that has changed, and removes those that are no longer wanted.
func run() error {
	module, err := moduleDir()
	if err != nil {
		return err
	}
	made, err := Files(module)
	if err != nil {
		return err
	}
	old, err := generated(module)
	if err != nil {
		return err
	}
	for _, name := range old {
		if _, wanted := made[name]; !wanted {
			if err := os.Remove(filepath.Join(module, folder, name)); err != nil {
				return fmt.Errorf("removing a file that is no longer wanted: %w", err)
			}
		}
	}
	for name, text := range made {
		path := filepath.Join(module, folder, name)
		if now, err := os.ReadFile(path); err == nil && bytes.Equal(now, text) {
			continue
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return fmt.Errorf("writing a generated file: %w", err)
		}
	}
	return nil
}

// generated lists the generated files that are there, by their names in folder.
func generated(module string) ([]string, error) {
	var names []string
	for _, dir := range []string{"tables", "docs"} {
		found, err := os.ReadDir(filepath.Join(module, folder, dir))
		if err != nil {
			return nil, fmt.Errorf("listing the generated files: %w", err)
		}
		for _, file := range found {
			if name := dir + "/" + file.Name(); !slices.Contains(byHand, name) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// moduleDir is the nearest folder, from the current one upwards, that holds a
// go.mod.
func moduleDir() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod in %s or above it: run this inside the course", start)
		}
	}
}
