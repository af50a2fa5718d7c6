package stepwise

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// README.md opens with the first picture of lesson 00, which a run has drawn:
//
//	go test -run Readme -update .
//
// takes it out of the notebook, where GitHub can't show it.
func TestReadmeOpensWithAPictureOfARun(t *testing.T) {
	const file = "notebooks/three-pages.svg"
	want := firstPicture(t, "notebooks/00-start-here.ipynb")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
	}
	have, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, want, string(have), "renew it: go test -run Readme -update .")
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	assert.True(t, strings.Contains(string(readme), "]("+file+")"), "README.md doesn't show %s", file)
}

// firstPicture returns the first SVG that a notebook shows.
func firstPicture(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var nb struct {
		Cells []struct {
			Outputs []struct {
				Data struct {
					SVG []string `json:"image/svg+xml"`
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal(raw, &nb))
	for _, c := range nb.Cells {
		for _, o := range c.Outputs {
			if len(o.Data.SVG) > 0 {
				return strings.Join(o.Data.SVG, "")
			}
		}
	}
	require.Fail(t, "no picture", path)
	return ""
}
