package stepwise

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/pkg/lesson"
)

// floors is the house of doc.go, from the ground up.
func floors() (names []string) {
	for _, s := range lesson.Stories() {
		names = append(names, s.Package)
	}
	return names
}

// mayImport: what pkg/ depends on besides itself and the standard library.
var mayImport = []string{"golang.org/x/sys/unix"}

func TestFloors(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./pkg/...").Output()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	assert.Len(t, lines, len(floors()), "lesson.Stories lacks a package, or has one that isn't there")
	for _, line := range lines {
		words := strings.Fields(line)
		at := floor(words[0])
		require.GreaterOrEqual(t, at, 0, "%s is not in lesson.Stories", words[0])
		for _, imported := range words[1:] {
			switch {
			case strings.HasPrefix(imported, "stepwise/"):
				assert.True(t, floor(imported) >= 0 && floor(imported) < at, "%s imports %s, which is not below it", words[0], imported)
			case strings.Contains(strings.Split(imported, "/")[0], "."):
				assert.Contains(t, mayImport, imported, "imported by %s", words[0])
			default:
				assert.NotEqual(t, "testing", imported, "imported by %s", words[0])
			}
		}
	}
}

func floor(path string) int {
	name, ok := strings.CutPrefix(path, "stepwise/pkg/")
	if !ok {
		return -1
	}
	return slices.Index(floors(), name)
}

// TestFloorOfTheJudge: it knows neither what it judges nor the course's pictures.
func TestFloorOfTheJudge(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./pkg/trial").Output()
	require.NoError(t, err)
	for _, other := range []string{"lesson", "draw", "faulty", "fetch", "stages"} {
		assert.NotContains(t, strings.Fields(string(out)), "stepwise/pkg/"+other)
	}
}
