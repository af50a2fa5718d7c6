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
		for _, s := range Snippets(nb) {
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
		code("c", "```python\n```"),
		prose("d", "````text\n```python\n````"))
	assert.Equal(t, []Snippet{{0, "print(1)\n", "1\n"}}, Snippets(nb))
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
