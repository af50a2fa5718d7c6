package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
)

// TestReplace checks that a notebook is not overwritten if somebody saved it while it
// ran.
func TestReplace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "09-send.ipynb")
	nb := &notebook.Notebook{Nbformat: 4, NbformatMinor: 5}
	require.NoError(t, os.WriteFile(path, []byte("saved meanwhile"), 0o644))
	err := replace(path, []byte("as it was"), nb)
	assert.ErrorIs(t, err, errSaved)
	assert.ErrorContains(t, err, path)
	assert.Equal(t, "saved meanwhile", read(t, path))
	require.NoError(t, replace(path, []byte("saved meanwhile"), nb))
	assert.Equal(t, string(nb.Bytes()), read(t, path))
	require.NoError(t, os.Remove(path))
	assert.ErrorIs(t, replace(path, nil, nb), os.ErrNotExist, "a lesson that was deleted meanwhile comes back")
}
