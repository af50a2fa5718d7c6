//go:debug gotypesalias=0

package player

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
)

// TestLessons runs every notebook without Jupyter, so that a machine that has only Go
// can check whether the lessons do what they show.
func TestLessons(t *testing.T) {
	root, err := filepath.Abs("../../../..")
	require.NoError(t, err)
	paths, err := notebook.Find(filepath.Join(root, "notebooks"))
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		nb, err := notebook.Read(path)
		require.NoError(t, err)
		t.Run(nb.Name(), func(t *testing.T) {
			t.Chdir(filepath.Dir(path))
			fresh, err := record(nb)
			require.NoError(t, err)
			for _, difference := range notebook.Compare(nb, fresh) {
				t.Error(difference)
			}
		})
	}
}
