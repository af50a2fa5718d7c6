package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// page returns a notebook with one cell.
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
	assert.Contains(t, out, "1 to other sites\n    https://go.dev (index.html): not tried\n")
	assert.Empty(t, err)
	index := read(t, filepath.Join(dir, "index.html"))
	assert.Contains(t, index, `href="09-send.html"`)

	status, _, err = call(t, "-C", course, "site", "-o", dir)
	require.Equal(t, ok, status, err)
	assert.Equal(t, index, read(t, filepath.Join(dir, "index.html")), "a second run writes the same bytes")

	require.NoError(t, os.WriteFile(second, page("# Send\\n\\n[that](#there)"), 0o644))
	status, _, err = call(t, "-C", course, "site", "-o", dir)
	assert.Equal(t, failed, status)
	assert.Contains(t, err, "the site is written, with 1 wrong link:\n    09-send.html: #there: nothing on 09-send.html has that name")
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

// late is a context that ends when the renderer checks it for the second time, in the
// middle of its first notebook.
type late struct {
	context.Context
	end   func()
	asked atomic.Int32
}

func (c *late) Err() error {
	if c.asked.Add(1) == 2 {
		defer c.end()
	}
	return c.Context.Err()
}

// TestSiteEndsAtOnce: SIGTERM ends the command's context.
func TestSiteEndsAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	course, dir := bare(t, "09-send.ipynb"), filepath.Join(t.TempDir(), "site")
	lesson := filepath.Join(course, "notebooks", "09-send.ipynb")
	require.NoError(t, os.WriteFile(lesson, page(strings.Repeat("[a](", 5000)), 0o644)) // takes long to render
	_, err := render(&late{Context: ctx, end: cancel}, filepath.Dir(lesson))
	assert.ErrorIs(t, err, context.Canceled, "it waits for the notebook")

	var said strings.Builder
	assert.Equal(t, failed, run(ctx, []string{"-C", course, "site", "-o", dir}, streams{Out: &said, Err: &said}))
	assert.Equal(t, "stepwise: stopped\n", said.String())
	assert.NoDirExists(t, dir)
}

// TestSiteOfAStrangersNotebook checks that what isn't allowed on a page is left out and
// reported.
func TestSiteOfAStrangersNotebook(t *testing.T) {
	course, dir := bare(t, "09-send.ipynb"), filepath.Join(t.TempDir(), "site")
	lesson := filepath.Join(course, "notebooks", "09-send.ipynb")
	require.NoError(t, os.WriteFile(lesson, page("# Send <script>alert(1)</script>"), 0o644))
	status, _, err := call(t, "-C", course, "site", "-o", dir)
	assert.Equal(t, failed, status)
	assert.Contains(t, err, "09-send.html: <script>: it is not allowed on a page and was left out")
	assert.NotContains(t, read(t, filepath.Join(dir, "09-send.html")), "<script")

	require.NoError(t, os.WriteFile(lesson, page("![x](../../../etc/passwd)"), 0o644))
	status, _, err = call(t, "-C", course, "site", "-o", filepath.Join(t.TempDir(), "other"))
	assert.Equal(t, failed, status)
	assert.Contains(t, err, "09-send.ipynb: cell 1 (a): the picture ../../../etc/passwd")
}
