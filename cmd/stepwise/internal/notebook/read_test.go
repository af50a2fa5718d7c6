package notebook

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Jupyter (nbformat) wrote testdata/shapes.ipynb. It has everything that Jupyter treats
// specially: every kind of output, unusual line ends, attachments.
func TestWhatIsReadIsWrittenAsJupyterDoes(t *testing.T) {
	path := filepath.Join("testdata", "shapes.ipynb")
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	nb, err := Read(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(nb.Bytes()))
	assert.Equal(t, "10%\r20%\r\ndone\v\u0085\u2029x\n", nb.Cells[2].Outputs[0].Text)
	assert.Equal(t, "a\nb", nb.Cells[2].Outputs[2].Data["text/plain"])
	assert.Equal(t, "shapes", nb.Name())

	copied := filepath.Join(t.TempDir(), "copy.ipynb")
	require.NoError(t, nb.Write(copied))
	got, err := os.ReadFile(copied)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

func TestParseRefuses(t *testing.T) {
	cases := []struct{ name, content string }{
		{"nothing", ""},
		{"no JSON", "# Send"},
		{"an older nbformat", `{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "cells": []}`},
		{"what it would lose", `{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [], "extra": 1}`},
		{"invalid text", `{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "source": 7}]}`},
		{"an invalid picture", `{"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code", "outputs": [{"output_type": "display_data", "data": {"image/png": 7}}]}]}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.content))
			require.ErrorIs(t, err, ErrFormat)
		})
	}
}

func TestReadNamesTheFile(t *testing.T) {
	_, err := Read("none.ipynb")
	require.ErrorIs(t, err, os.ErrNotExist)
	path := filepath.Join(t.TempDir(), "x.ipynb")
	require.NoError(t, os.WriteFile(path, []byte("{"), 0o644))
	_, err = Read(path)
	require.ErrorIs(t, err, ErrFormat)
	assert.ErrorContains(t, err, path)
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"10-read.ipynb", "09-send.ipynb", "ru/09-send.ipynb", ".ipynb_checkpoints/09-send-checkpoint.ipynb", "notes.md"} {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, nil, 0o644))
	}
	got, err := Find(dir)
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(dir, "09-send.ipynb"), filepath.Join(dir, "10-read.ipynb"), filepath.Join(dir, "ru", "09-send.ipynb")}, got)

	got, err = Find(filepath.Join(dir, "none"))
	require.NoError(t, err)
	assert.Empty(t, got)
}
