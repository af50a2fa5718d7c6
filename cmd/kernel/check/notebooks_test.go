package check

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newSession is a session as the kernel has it.
func newSession(t testing.TB) *Session {
	t.Helper()
	s := NewSession()
	require.NoError(t, s.Predeclare("Display", "display", "Show"))
	return s
}

// TestNotebooks checks every cell of the course, without running any. A cell that is
// meant to fail may be Go or not.
func TestNotebooks(t *testing.T) {
	paths, err := filepath.Glob("../../../notebooks/*.ipynb")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			var nb struct {
				Cells []struct {
					Type     string                  `json:"cell_type"`
					Metadata struct{ Tags []string } `json:"metadata"`
					Source   []string                `json:"source"`
				} `json:"cells"`
			}
			require.NoError(t, json.Unmarshal(text, &nb))
			s := newSession(t)
			for i, cell := range nb.Cells {
				if cell.Type != "code" || slices.Contains(cell.Metadata.Tags, "skip-execution") {
					continue
				}
				checked, wrong := s.Check(strings.Join(cell.Source, ""), fmt.Sprintf("cell %d", i+1))
				if len(wrong) == 0 {
					assert.Empty(t, checked.Notes)
					s.Accept(checked)
				} else if !slices.Contains(cell.Metadata.Tags, "raises-exception") {
					for _, w := range wrong {
						t.Error(w)
					}
				}
			}
		})
	}
}

// TestExercises takes each exercise and each solution for a cell.
func TestExercises(t *testing.T) {
	for _, folder := range []string{"exercises", "solutions"} {
		paths, err := filepath.Glob("../../../" + folder + "/[0-9]*/*.go")
		require.NoError(t, err)
		require.NotEmpty(t, paths)
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			t.Run(folder+"/"+filepath.Base(path), func(t *testing.T) {
				text, err := os.ReadFile(path)
				require.NoError(t, err)
				_, code, found := strings.Cut(string(text), "\nimport")
				require.True(t, found)
				_, wrong := newSession(t).Check("import"+code, "In[1]")
				assert.Empty(t, wrong)
			})
		}
	}
}
