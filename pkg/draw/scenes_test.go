package draw

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files of this run")

// TestScenes compares the words of each scene's pictures, and of one scene also the SVGs,
// with those that a human has looked at.
func TestScenes(t *testing.T) {
	for _, scene := range scenes {
		t.Run(scene.name, func(t *testing.T) {
			r := record(t, scene.pieces, scene.body)
			all := pictures(r)
			var words strings.Builder
			for _, name := range slices.Sorted(maps.Keys(all)) {
				checkPicture(t, name, all[name])
				fmt.Fprintf(&words, "--- %s\n%s\n", name, all[name])
				if scene.name == "lesson_11" {
					golden(t, scene.name+"_"+strings.ReplaceAll(name, " ", "_")+".svg", all[name].SVG())
				}
			}
			fmt.Fprintf(&words, "--- result\n%v, %v\n", r.Value, r.Err)
			golden(t, scene.name+".txt", words.String())

			again := pictures(record(t, scene.pieces, scene.body))
			for name, p := range again {
				assert.Equal(t, all[name], p, "the same run is the same bytes: %s", name)
			}
		})
	}
}

func golden(t *testing.T, name, got string) {
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "%s; go test ./pkg/draw -update writes it anew", name)
}
