package site

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
)

// FuzzClean checks that the result is harmless for any input, and that cleaning it again
// changes nothing.
func FuzzClean(f *testing.F) {
	for _, attack := range attacks {
		f.Add(attack)
		f.Add("<svg>" + attack + "</svg>")
	}
	f.Fuzz(func(t *testing.T, fragment string) {
		safe, _ := clean(fragment)
		for _, around := range []string{safe, "<div>" + safe + "</div>", "<table><tr><td>" + safe + "</td></tr></table>"} {
			if found := dangers(t, around); len(found) > 0 {
				t.Fatalf("%q: %q in %q", fragment, found, around)
			}
		}
		if again, left := clean(safe); again != safe || len(left) > 0 {
			t.Fatalf("%q: %q is not clean: %q, %q", fragment, safe, again, left)
		}
	})
}

// FuzzNotebook makes a page of any notebook, from its file.
func FuzzNotebook(f *testing.F) {
	shapes, err := os.ReadFile("../notebook/testdata/shapes.ipynb")
	require.NoError(f, err)
	f.Add(shapes)
	for _, attack := range attacks {
		nb := &notebook.Notebook{Nbformat: 4, NbformatMinor: 5, Cells: []notebook.Cell{prose(attack),
			code(attack, stream(attack, attack), value(map[string]any{"text/html": attack, "text/plain": attack}), value(map[string]any{"image/svg+xml": "<svg>" + attack + "</svg>"}))}}
		f.Add(nb.Bytes())
	}
	dir := f.TempDir()
	root, err := os.OpenRoot(dir)
	require.NoError(f, err)
	f.Cleanup(func() { _ = root.Close() })
	f.Fuzz(func(t *testing.T, content []byte) {
		nb, err := notebook.Parse(content)
		if err != nil {
			return
		}
		nb.Path = "x.ipynb"
		l := newLesson(nb, "x.ipynb", root)
		page, err := l.page([]*lesson{l}, 0)
		if err != nil {
			return // a picture that doesn't exist
		}
		if found := dangers(t, string(page)); len(found) > 0 {
			t.Fatalf("%q on the page", found)
		}
	})
}
