package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// page is a notebook of one cell.
func page(markdown string) []byte {
	return []byte(`{"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["` + markdown + `"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}`)
}

func TestSite(t *testing.T) {
	course, dir := bare(t, "00-start-here.ipynb", "09-send.ipynb"), filepath.Join(t.TempDir(), "site")
	first, second := filepath.Join(course, "notebooks", "00-start-here.ipynb"), filepath.Join(course, "notebooks", "09-send.ipynb")
	require.NoError(t, os.WriteFile(first, page("# Start with [send](09-send.ipynb) or [Go](https://go.dev)"), 0o644))
	require.NoError(t, os.WriteFile(second, page("# Send"), 0o644))

	status, out, err := call(t, "-C", course, "site", "-o", dir)
	require.Equal(t, ok, status, err)
	assert.Contains(t, out, "2 pages; open "+filepath.Join(dir, "index.html"))
	assert.Contains(t, out, "1 out of it\n    https://go.dev (index.html): not tried\n")
	assert.Empty(t, err)
	index := read(t, filepath.Join(dir, "index.html"))
	assert.Contains(t, index, `href="09-send.html"`)

	status, _, err = call(t, "-C", course, "site", "-o", dir)
	require.Equal(t, ok, status, err)
	assert.Equal(t, index, read(t, filepath.Join(dir, "index.html")), "a second run writes the same bytes")

	require.NoError(t, os.WriteFile(second, page("# Send\\n\\n[that](#there)"), 0o644))
	status, _, err = call(t, "-C", course, "site", "-o", dir)
	assert.Equal(t, failed, status)
	assert.Contains(t, err, "1 of its links are wrong:\n    09-send.html: #there: nothing on 09-send.html has that name")
	assert.Contains(t, read(t, filepath.Join(dir, "09-send.html")), "#there", "it is written all the same")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "index.html"), []byte("mine"), 0o644))
	status, _, err = call(t, "-C", course, "site", "-o", dir)
	assert.Equal(t, failed, status)
	assert.Contains(t, err, "index.html; nothing was written")
	assert.Equal(t, "mine", read(t, filepath.Join(dir, "index.html")))

	require.NoError(t, os.WriteFile(second, []byte("{"), 0o644))
	status, _, err = call(t, "-C", course, "site", "-o", dir)
	assert.Equal(t, failed, status)
	assert.Contains(t, err, "09-send.ipynb: not a notebook")
}
