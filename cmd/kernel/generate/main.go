// Command generate writes the tables that let a notebook cell import compiled
// packages: ours, the needed part of golang.org/x/sys/unix, all of syscall, and
// the standard packages that the course uses, as they are in today's Go.
//
// The interpreter behind the kernel, gomacro, can only call what was compiled
// into it. A package that is in no table is built as a plugin when a cell
// imports it, which takes seconds and a download; one that is in a table is
// there at once.
//
// Run it after every change of an exported name under pkg:
//
//	go generate ./cmd/kernel
//
// The test of this package fails as long as that was forgotten. Read wanted.go
// first: it says what goes in.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// folder is where the tables lie in the module; byHand is the one file there that
// is not generated.
const (
	folder = "cmd/kernel/tables"
	byHand = "doc.go"
)

// run writes every table that changed, and removes those that are wanted no longer.
func run() error {
	module, err := moduleDir()
	if err != nil {
		return err
	}
	tables, err := Tables(module)
	if err != nil {
		return err
	}
	dir := filepath.Join(module, folder)
	old, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	for _, path := range old {
		if _, wanted := tables[filepath.Base(path)]; !wanted && filepath.Base(path) != byHand {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("removing a table that is wanted no longer: %w", err)
			}
		}
	}
	for name, text := range tables {
		path := filepath.Join(dir, name)
		if now, err := os.ReadFile(path); err == nil && bytes.Equal(now, text) {
			continue
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return fmt.Errorf("writing a table: %w", err)
		}
	}
	return nil
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
