// Package site makes a static site of the course's notebooks: a page for each, with its
// committed outputs and pictures.
//
//	pages, err := site.Render(ctx, "notebooks")
//	…
//	links := site.Check(pages)
//	err = site.Write(dir, pages)
//
// A page contains everything that it shows, with its style and its pictures. It opens
// from a folder or a USB stick as well as from a server, and fetches nothing. The same
// notebooks always give the same bytes.
//
// Order of reading: site.go (which pages there are), page.go and page.html (the frame
// of a lesson), markdown.go, golang.go, output.go and ansi.go (its content), safe.go
// and allowed.go (what is allowed in it), links.go, write.go.
package site

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode"

	"stepwise/cmd/stepwise/internal/notebook"
)

// first is the notebook that the site opens with.
const first = "00-start-here"

// Page is a file of the site.
type Page struct {
	Name    string // in the site's folder, with slashes: "09-send.html"
	Content []byte
	Left    []string // descriptions of what was left out, because it isn't allowed on a page
}

// Render makes the pages of all notebooks in dir, in their order. A folder in dir, as
// for another language, becomes a site of its own beside the first; its name is that
// of the language. The error names the notebook; if ctx ends first, it is ctx's cause.
//
// The notebooks may come from a stranger: Render reads only regular files in dir, and
// no page contains a program.
func Render(ctx context.Context, dir string) ([]Page, error) {
	paths, err := notebook.Find(dir)
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("there are no notebooks in %s", dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the folder of the notebooks: %w", err)
	}
	defer root.Close()
	var lessons []*lesson
	for _, file := range paths {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		below, err := filepath.Rel(dir, file)
		if err != nil {
			return nil, err
		}
		if strings.ContainsFunc(below, unicode.IsControl) {
			return nil, fmt.Errorf("%q can't be the name of a page", below)
		}
		nb, err := notebook.ReadIn(root, below)
		if err != nil {
			return nil, err
		}
		lessons = append(lessons, newLesson(nb, filepath.ToSlash(below), root))
	}
	var pages []Page
	for i, l := range lessons {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		content, err := l.page(lessons, i)
		if err != nil {
			return nil, fmt.Errorf("rendering %s: %w", l.notebook.Path, err)
		}
		pages = append(pages, Page{l.name, content, l.left})
	}
	return pages, nil
}

// pageOf returns the name of a notebook's page, each relative to its folder.
func pageOf(file string) string {
	folder, name := path.Split(file)
	name = strings.TrimSuffix(name, ".ipynb")
	if name == first {
		name = "index"
	}
	return folder + name + ".html"
}
