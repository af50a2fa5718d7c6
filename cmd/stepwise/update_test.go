package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUpdate(t *testing.T) {
	t.Setenv("STEPWISE_COURSE", "")
	course, work := bare(t, "09-send.ipynb"), t.TempDir()

	status, out, err := call(t, "seed", "--from", course, work)
	require.Equal(t, ok, status, err)
	assert.Contains(t, out, "2 files")
	status, out, _ = call(t, "seed", "--from", course, work)
	assert.Equal(t, ok, status)
	assert.Empty(t, out, "a start without news says nothing")

	status, _, err = call(t, "-C", work, "update")
	assert.Equal(t, usage, status)
	assert.Contains(t, err, "git pull")

	lesson := filepath.Join("notebooks", "09-send.ipynb")
	require.NoError(t, os.WriteFile(filepath.Join(course, lesson), []byte("newer"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(work, lesson), []byte("his"), 0o644))
	_, out, _ = call(t, "seed", "--from", course, work)
	assert.Contains(t, out, "stepwise update")

	status, out, err = call(t, "-C", work, "update", "--from", course, "--dry-run")
	require.Equal(t, ok, status, err)
	assert.Contains(t, out, "1 files would change")
	text, _ := os.ReadFile(filepath.Join(work, lesson))
	assert.Equal(t, "his", string(text), "--dry-run has written")

	t.Setenv("STEPWISE_COURSE", course)
	status, out, err = call(t, "-C", work, "update")
	require.Equal(t, ok, status, err)
	assert.Contains(t, out, "yours is now notebooks/09-send.yours-")
	text, _ = os.ReadFile(filepath.Join(work, lesson))
	assert.Equal(t, "newer", string(text))

	_, out, _ = call(t, "-C", work, "update")
	assert.Equal(t, "Your copy is up to date.\n", out)
}
