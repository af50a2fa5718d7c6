package site

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"stepwise/cmd/stepwise/internal/notebook"
)

// notebooks is the path of the course's notebooks from this package.
const notebooks = "../../../../notebooks"

func prose(source string) notebook.Cell {
	return notebook.Cell{ID: "p", Type: "markdown", Source: source}
}

func code(source string, outputs ...notebook.Output) notebook.Cell {
	return notebook.Cell{ID: "c", Type: "code", Source: source, Outputs: outputs}
}

func stream(name, text string) notebook.Output {
	return notebook.Output{Type: "stream", Name: name, Text: text}
}

func value(data map[string]any) notebook.Output {
	return notebook.Output{Type: "execute_result", Data: data}
}

// bodyOf renders a notebook with these cells and parses the page.
func bodyOf(t *testing.T, cells ...notebook.Cell) *html.Node {
	t.Helper()
	l := newLesson(&notebook.Notebook{Path: "09-send.ipynb", Cells: cells}, "09-send.ipynb", rootOf(t, t.TempDir()))
	body, err := l.body()
	require.NoError(t, err)
	return parse(t, body)
}

// rootOf opens a folder of notebooks.
func rootOf(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { _ = root.Close() })
	return root
}

func parse(t *testing.T, text string) *html.Node {
	t.Helper()
	document, err := html.Parse(strings.NewReader(text))
	require.NoError(t, err)
	return document
}

// find lists the elements of a name, and of a class if one is given.
func find(document *html.Node, name, class string) (found []*html.Node) {
	for n := range document.Descendants() {
		if n.Type == html.ElementNode && n.Data == name && (class == "" || strings.Contains(" "+attribute(n, "class")+" ", " "+class+" ")) {
			found = append(found, n)
		}
	}
	return found
}

// textOf returns all the text of a node.
func textOf(n *html.Node) string {
	var b strings.Builder
	for child := range n.Descendants() {
		if child.Type == html.TextNode {
			b.WriteString(child.Data)
		}
	}
	return b.String()
}

// folderOf makes a folder of notebooks, each with the given prose.
func folderOf(t *testing.T, prose map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, source := range prose {
		nb := &notebook.Notebook{Nbformat: 4, NbformatMinor: 5, Metadata: map[string]any{}, Cells: []notebook.Cell{{ID: "a", Type: "markdown", Source: source, Metadata: map[string]any{}}}}
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, nb.Bytes(), 0o644))
	}
	return dir
}
