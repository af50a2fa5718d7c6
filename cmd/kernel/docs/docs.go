// Package docs knows the signature and the doc comment of every exported name that
// a cell can use: what Shift-Tab shows in a notebook.
//
//	entry, ok := docs.Find("stepwise/pkg/fetch", "Get")
//	fmt.Println(entry.Signature, entry.Doc)
//
// course.json holds the course's own packages, so that a change of a comment can
// be read in a diff; standard.zip holds the others, a file each, so that a look-up
// unpacks only one. Both are generated, beside package tables:
//
//	go generate ./cmd/kernel
package docs

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

// An Entry is what is known of one name.
type Entry struct {
	// Signature is the declaration without its body, as gofmt prints it; empty for
	// constants and variables, whose type and value the running program knows.
	Signature string `json:"signature,omitempty"`
	// Doc is the doc comment, without its slashes; it may be empty.
	Doc string `json:"doc,omitempty"`
}

// A Package is all that is known of one: "" is the package itself, "Get" a
// function, type, constant or variable, "Loop.Run" a method or field of a type.
type Package map[string]Entry

var (
	//go:embed course.json
	courseText []byte
	//go:embed standard.zip
	standardText []byte
)

var course = sync.OnceValue(func() map[string]Package {
	var all map[string]Package
	if err := json.Unmarshal(courseText, &all); err != nil {
		return nil // TestEveryNameHasADoc fails then
	}
	return all
})

var standard = sync.OnceValue(func() *zip.Reader {
	archive, err := zip.NewReader(bytes.NewReader(standardText), int64(len(standardText)))
	if err != nil {
		return new(zip.Reader)
	}
	return archive
})

// FileName is the name of a package's file in standard.zip.
func FileName(path string) string { return path + ".json" }

// Of returns what is known of the package at an import path; nil if nothing is. Any
// goroutine may call it. What it returns must not be changed.
func Of(path string) Package {
	if p, ok := course()[path]; ok {
		return p
	}
	file, err := standard().Open(FileName(path))
	if err != nil {
		return nil
	}
	defer file.Close()
	var p Package
	if err := json.NewDecoder(file).Decode(&p); err != nil {
		return nil
	}
	return p
}

// Find returns what is known of a name in the package at an import path; a method
// or field is written as Type.Name.
func Find(path, name string) (Entry, bool) {
	entry, ok := Of(path)[name]
	return entry, ok
}

// Methods returns the signatures of a type's methods, in the order of their names.
// An interface's methods are in its own signature, not here.
func (p Package) Methods(of string) []string {
	var names, signatures []string
	for name, entry := range p {
		if strings.HasPrefix(name, of+".") && strings.HasPrefix(entry.Signature, "func (") && !strings.Contains(p[of].Signature, "interface {") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		signatures = append(signatures, p[name].Signature)
	}
	return signatures
}
