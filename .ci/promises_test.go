package ci

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every promise of SECURITY.md names tests that make the attack, and these exist.
func TestPromises(t *testing.T) {
	text, err := os.ReadFile("../SECURITY.md")
	require.NoError(t, err)
	tests := testNames(t)
	rows := regexp.MustCompile(`(?m)^\| [^|]+ \| [^|]+ \| [^|]+ \| [^|]+ \|$`).FindAllString(string(text), -1)
	require.Greater(t, len(rows), 10)
	for _, row := range rows[1:] { // the first is the table's head
		cells := strings.Split(row, " | ")
		for _, name := range strings.Split(strings.TrimSuffix(cells[3], " |"), ", ") {
			assert.True(t, tests[name], "no test %s holds: %s", name, row)
		}
	}
}

// testNames are the names of all tests in the clone, those of docker/test included.
func testNames(t *testing.T) map[string]bool {
	names := make(map[string]bool)
	function := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	require.NoError(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != ".." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		content, err := os.ReadFile(path)
		for _, found := range function.FindAllSubmatch(content, -1) {
			names[string(found[1])] = true
		}
		return err
	}))
	return names
}
