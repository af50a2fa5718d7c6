package notebook

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// snippet is Python in a lesson, with what the lesson says it prints.
type snippet struct {
	Cell   int // its index
	Source string
	Prints string
}

// snippets returns the snippets of nb, in order.
func snippets(nb *Notebook) []snippet {
	var all []snippet
	for i := range nb.Cells {
		blocks := blocksOf(&nb.Cells[i])
		for n, b := range blocks {
			if b.language == "python" && n+1 < len(blocks) && blocks[n+1].language == "text" {
				all = append(all, snippet{i, b.text, blocks[n+1].text})
			}
		}
	}
	return all
}

// The Python in the lessons must print what they say.
func TestThePythonOfTheLessons(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 here")
	}
	paths, err := Find(filepath.Join("../../../..", "notebooks"))
	require.NoError(t, err)
	for _, path := range paths {
		nb, err := Read(path)
		require.NoError(t, err)
		for _, s := range snippets(nb) {
			t.Run(nb.Name()+"/"+nb.Cells[s.Cell].ID, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				run := exec.CommandContext(ctx, python, "-I", "-")
				run.Stdin = strings.NewReader(s.Source)
				out, err := run.CombinedOutput()
				require.NoError(t, err, string(out))
				assert.Equal(t, s.Prints, string(out))
			})
		}
	}
}

func TestSnippets(t *testing.T) {
	nb := sample(
		prose("a", "# A\n\n```python\nprint(1)\n```\nprints\n\n```text\n1\n```\n"),
		prose("b", "```go\nx\n```\n\n```text\n2\n```"),
		code("c", "/*\n```python\n```\n*/"),
		prose("d", "````text\n```python\n````"))
	assert.Equal(t, []snippet{{0, "print(1)\n", "1\n"}}, snippets(nb))
	assert.Empty(t, Lint(nb))

	for name, source := range map[string]string{
		"nothing behind it": "# A\n\n```python\nprint(1)\n```",
		"Go behind it":      "# A\n\n```python\nprint(1)\n```\n\n```go\nx\n```",
	} {
		t.Run(name, func(t *testing.T) {
			found := Lint(sample(prose("a", source)))
			require.Len(t, found, 1)
			assert.Contains(t, found[0], "what it prints")
		})
	}
}
