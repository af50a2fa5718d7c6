package notebook

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const library = `package send

// Most is the most.
const (
	Most = 1 << 30 // bytes
	Least = 1
)

// ErrGone says so.
var ErrGone = errors.New("gone")

type (
	// Peer is one.
	Peer struct {
		name string
	}
)

// Send sends.
func Send(data []byte) error {
	// why
	return nil
}

func (p *Peer) Send() {}

func (l List[T]) Len() int { return 0 }
`

func quoting(what any, source string) Cell {
	c := prose("q", source)
	c.Metadata["quote"] = what
	return c
}

func clone(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(root, "pkg"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(root, "pkg", "send.go"), []byte(library), 0o644))
	return root
}

func TestFillQuotes(t *testing.T) {
	root := clone(t)
	cases := []struct{ name, symbol, want string }{
		{"a function, without its doc comment", "Send", "func Send(data []byte) error {\n\t// why\n\treturn nil\n}"},
		{"a method", "Peer.Send", "func (p *Peer) Send() {}"},
		{"a method of a generic type", "List.Len", "func (l List[T]) Len() int { return 0 }"},
		{"a variable", "ErrGone", `var ErrGone = errors.New("gone")`},
		{"a constant of a group", "Least", "const Least = 1"},
		{"a type of a group, at the margin", "Peer", "type Peer struct {\n\tname string\n}"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			nb := sample(prose("a", "# A"), quoting("pkg/send.go#"+c.symbol, "It is:\n\n```go\nold\n```\n\nSo."))
			filled, err := FillQuotes(nb, root)
			require.NoError(t, err)
			assert.Equal(t, "It is:\n\n```go\n"+c.want+"\n```\n\nSo.", filled.Cells[1].Source)
			assert.Contains(t, nb.Cells[1].Source, "old", "what was read is left as it is")

			l := &linter{nb: filled}
			l.quotes(root)
			require.Empty(t, l.found)
			l.nb = nb
			l.quotes(root)
			require.Len(t, l.found, 1)
			assert.Contains(t, l.found[0], "differs from the file")
		})
	}
}

func TestQuotesThatCannotBe(t *testing.T) {
	root := clone(t)
	good := "```go\n```"
	code := code("q", good)
	code.Metadata["quote"] = "pkg/send.go#Send"
	cases := []struct {
		name string
		cell Cell
		want string
	}{
		{"a symbol that is gone", quoting("pkg/send.go#Gone", good), "the file doesn't declare Gone"},
		{"a file that is gone", quoting("pkg/gone.go#Send", good), "quotes pkg/gone.go#Send: no such file"},
		{"no symbol", quoting("pkg/send.go", good), "want a form like pkg/sock/send.go#Send"},
		{"another folder", quoting("../send.go#Send", good), "want a form like"},
		{"no text", quoting(7, good), "metadata.quote is 7"},
		{"no block", quoting("pkg/send.go#Send", "none"), "this markdown cell has 0"},
		{"two blocks", quoting("pkg/send.go#Send", good+"\n\n"+good), "this markdown cell has 2"},
		{"a cell of code", code, "this code cell has 1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			nb := sample(c.cell)
			_, err := FillQuotes(nb, root)
			require.ErrorContains(t, err, c.want)
			assert.NotContains(t, err.Error(), root)
			l := &linter{nb: nb}
			l.quotes(root)
			require.Len(t, l.found, 1)
			assert.Contains(t, l.found[0], c.want)
		})
	}
}
