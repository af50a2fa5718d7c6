package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
)

// stepwise lab signs what was refreshed last.
func TestRefreshNotesTheDigest(t *testing.T) {
	home := bare(t, "01-a.ipynb")
	lay := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(home, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), mode))
		return path
	}
	lay("notebooks/concepts.txt", "", 0o644)
	digests := lay("cmd/stepwise/internal/lab/digests.txt", "", 0o644)
	python := lay("python", "#!/bin/sh\ncp \"$2\" \"$3\"\necho '{\"cell\": 0, \"kind\": \"\"}'\n", 0o755)
	nb := &notebook.Notebook{Nbformat: 4, NbformatMinor: 5, Cells: []notebook.Cell{{ID: "a", Type: "markdown", Source: "# A"}}}
	path := lay("notebooks/01-a.ipynb", string(nb.Bytes()), 0o644)
	refresh := func() (verdict, noted string) {
		verdict, err := (&refreshCommand{}).refresh(t.Context(), notebook.Runner{Python: python}, path, home)
		require.NoError(t, err)
		return verdict, read(t, digests)
	}
	verdict, first := refresh()
	assert.Equal(t, "written", verdict)
	assert.Regexp(t, `^[0-9a-f]{64}  01-a\.ipynb\n$`, first)

	lay("cmd/stepwise/internal/lab/digests.txt", "", 0o644)
	verdict, second := refresh()
	assert.Equal(t, "unchanged", verdict)
	assert.Equal(t, first, second, "it is noted also if the notebook was good before")

	nb.Cells[0].Source = "# B"
	lay("notebooks/01-a.ipynb", string(nb.Bytes()), 0o644)
	_, third := refresh()
	assert.NotEqual(t, first, third)
}
