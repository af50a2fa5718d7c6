package notebook

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzParse checks that a notebook that was read can be written, and reads as the same
// again.
func FuzzParse(f *testing.F) {
	shapes, err := os.ReadFile("testdata/shapes.ipynb")
	require.NoError(f, err)
	f.Add(shapes)
	for _, text := range []string{"", "{}", `{"nbformat": 4}`, `{"cells": [{}], "nbformat": 4, "nbformat_minor": 5}`,
		`{"cells": [{"cell_type": "code", "id": "a", "source": ["x\n", "\\u2028"], "outputs": [{"output_type": "display_data", "data": {"application/json": {"a": 1e300}, "text/html": ["<b>", "x"]}}]}], "nbformat": 4}`,
		`{"cells": [{"cell_type": "code", "outputs": [{"output_type": "error", "traceback": null}]}], "nbformat": 4}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		nb, err := Parse(content)
		if err != nil {
			return
		}
		written := nb.Bytes()
		again, err := Parse(written)
		require.NoError(t, err, "%s", written)
		assert.Equal(t, string(written), string(again.Bytes()))
		assert.Empty(t, Compare(again, again))
		_, err = Parse(Refreshed(nb, again, true).Bytes())
		require.NoError(t, err)
	})
}
