package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/printer"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"stepwise/cmd/kernel/docs"
)

// This file makes what package docs embeds, from the sources of the tables.

// writeDocs adds the two files of package docs to the generated ones.
func writeDocs(files map[string][]byte, course, others []*packages.Package) error {
	ours, err := documents(course)
	if err != nil {
		return err
	}
	text, err := marshal(ours)
	if err != nil {
		return err
	}
	files["docs/course.json"] = text
	theirs, err := documents(others)
	if err != nil {
		return err
	}
	files["docs/standard.zip"], err = pack(theirs)
	return err
}

// marshal writes a line for each name; < and & stay what they are.
func marshal(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	err := encoder.Encode(value)
	return text.Bytes(), err
}

// pack makes a zip archive with a file for each package. It holds no times: the
// same sources give the same bytes.
func pack(all map[string]docs.Package) ([]byte, error) {
	var paths []string
	for path := range all {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, path := range paths {
		text, err := json.Marshal(all[path])
		if err != nil {
			return nil, err
		}
		file, err := archive.CreateHeader(&zip.FileHeader{Name: docs.FileName(path), Method: zip.Deflate})
		if err != nil {
			return nil, err
		}
		if _, err := file.Write(text); err != nil {
			return nil, err
		}
	}
	err := archive.Close()
	return out.Bytes(), err
}

// documents reads the doc comments of all packages.
func documents(loaded []*packages.Package) (map[string]docs.Package, error) {
	all := make(map[string]docs.Package)
	for _, p := range loaded {
		set := token.NewFileSet()
		var files []*ast.File
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
			if err != nil {
				return nil, fmt.Errorf("reading the comments of %s: %w", p.PkgPath, err)
			}
			files = append(files, file)
		}
		read, err := doc.NewFromFiles(set, files, p.PkgPath)
		if err != nil {
			return nil, fmt.Errorf("reading the comments of %s: %w", p.PkgPath, err)
		}
		d := documented{set: set, path: p.PkgPath, read: read, names: docs.Package{"": {Signature: "package " + read.Name, Doc: tidy(read.Doc)}}}
		d.all()
		all[p.PkgPath] = d.names
	}
	return all, nil
}

// A documented is one package while its comments are read.
type documented struct {
	set   *token.FileSet
	path  string
	read  *doc.Package
	names docs.Package // what comes of it
}

func (d documented) all() {
	functions, values := d.read.Funcs, append(d.read.Consts, d.read.Vars...)
	for _, t := range d.read.Types {
		if !wanted(d.path, t.Name) {
			continue
		}
		functions = append(functions, t.Funcs...)
		values = append(append(values, t.Consts...), t.Vars...)
		for _, method := range t.Methods {
			d.names[t.Name+"."+method.Name] = docs.Entry{Signature: d.function(method.Decl), Doc: tidy(method.Doc)}
		}
		spec := t.Decl.Specs[0].(*ast.TypeSpec)
		d.members(t.Name, spec.Type)
		t.Decl.Doc, spec.Doc = nil, nil
		d.names[t.Name] = docs.Entry{Signature: d.source(t.Decl), Doc: tidy(t.Doc)}
	}
	for _, f := range functions {
		if wanted(d.path, f.Name) {
			d.names[f.Name] = docs.Entry{Signature: d.function(f.Decl), Doc: tidy(f.Doc)}
		}
	}
	for _, group := range values {
		d.value(group)
	}
}

// value adds a group of constants or variables, each with its own comment or that of the
// group; those without a comment are left out.
func (d documented) value(group *doc.Value) {
	for _, spec := range group.Decl.Specs {
		spec := spec.(*ast.ValueSpec)
		text := tidy(spec.Doc.Text() + spec.Comment.Text())
		if text == "" {
			text = tidy(group.Doc)
		}
		for _, name := range spec.Names {
			if text != "" && wanted(d.path, name.Name) {
				d.names[name.Name] = docs.Entry{Doc: text}
			}
		}
	}
}

// members adds the fields of a struct, and the methods of an interface, including those
// that it embeds from another interface of its package.
func (d documented) members(of string, kind ast.Expr) {
	switch kind := kind.(type) {
	case *ast.StructType:
		for _, field := range kind.Fields.List {
			for _, name := range field.Names {
				d.names[of+"."+name.Name] = docs.Entry{Signature: name.Name + " " + d.source(field.Type), Doc: tidy(field.Doc.Text() + field.Comment.Text())}
			}
		}
	case *ast.InterfaceType:
		for _, method := range kind.Methods.List {
			for _, name := range method.Names {
				signature := fmt.Sprintf("func (%s) %s%s", of, name.Name, strings.TrimPrefix(d.source(method.Type), "func"))
				d.names[of+"."+name.Name] = docs.Entry{Signature: signature, Doc: tidy(method.Doc.Text() + method.Comment.Text())}
			}
			embedded, ok := method.Type.(*ast.Ident)
			for _, t := range d.read.Types {
				if ok && t.Name == embedded.Name {
					d.members(of, t.Decl.Specs[0].(*ast.TypeSpec).Type)
				}
			}
		}
	}
}

// function is a declaration without body and comment.
func (d documented) function(declaration *ast.FuncDecl) string {
	bare := *declaration
	bare.Doc, bare.Body = nil, nil
	return d.source(&bare)
}

// source is a node as gofmt prints it.
func (d documented) source(node ast.Node) string {
	var text strings.Builder
	if err := (&printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}).Fprint(&text, d.set, node); err != nil {
		return ""
	}
	return text.String()
}

func tidy(comment string) string { return strings.TrimSpace(comment) }
