package lab

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
)

// Readers may change their lessons. With STEPWISE_UNTOUCHED=1, for those who change the
// course, every notebook must match its digest.
func TestTheDigestsAreThoseOfTheNotebooks(t *testing.T) {
	paths, err := notebook.Find("../../../../notebooks")
	require.NoError(t, err)
	list := committed()
	require.Len(t, regexp.MustCompile(`(?m)^[0-9a-f]{64}  \S+\.ipynb$`).FindAllString(digests, -1), len(list), "a line is not a digest and a name")
	require.GreaterOrEqual(t, len(list), 13)
	if os.Getenv("STEPWISE_UNTOUCHED") == "" {
		return
	}
	assert.Len(t, list, len(paths), "a lesson came or went: go run ./cmd/stepwise refresh")
	for _, path := range paths {
		nb, err := notebook.Read(path)
		require.NoError(t, err)
		assert.Equal(t, list[filepath.Base(path)], digestOf(nb), "%s has changed, and Jupyter would not show its pictures: go run ./cmd/stepwise refresh %s", path, nb.Name())
	}
}

func TestRenewDigests(t *testing.T) {
	course := t.TempDir()
	file := filepath.Join(course, filepath.FromSlash(digestsFile))
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	lay := func(name, word string) string {
		path := filepath.Join(course, "notebooks", name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(strings.ReplaceAll(picture, "draw()", word)), 0o644))
		return path
	}
	noted := func() map[string]string {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, strings.Count(string(text), "\n"), len(parseDigests(string(text))))
		return parseDigests(string(text))
	}
	one, two := lay("01.ipynb", "draw()"), lay("more/02.ipynb", "two()")
	require.NoError(t, RenewDigests(course, two, one))
	first := noted()
	assert.Equal(t, digestsOf(t)["01.ipynb"], first["01.ipynb"])
	assert.Len(t, first["more/02.ipynb"], 64)

	lay("01.ipynb", "changed()")
	lay("more/02.ipynb", "changed()")
	lay("sent.ipynb", "steal()")
	require.NoError(t, RenewDigests(course, one))
	second := noted()
	assert.NotEqual(t, first["01.ipynb"], second["01.ipynb"])
	assert.Equal(t, first["more/02.ipynb"], second["more/02.ipynb"], "nobody has refreshed it")
	assert.NotContains(t, second, "sent.ipynb")

	require.NoError(t, os.Remove(one))
	require.NoError(t, RenewDigests(course))
	assert.NotContains(t, noted(), "01.ipynb", "it is gone")

	before, err := os.Stat(file)
	require.NoError(t, err)
	require.NoError(t, os.Chmod(file, 0o444))
	require.NoError(t, RenewDigests(course))
	after, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, before.ModTime(), after.ModTime(), "nothing has changed, and nothing is written")
	assert.ErrorContains(t, RenewDigests(course, one), "noting the notebooks' digests: ")
}

func TestACourseWithoutTheProgramHasNoDigests(t *testing.T) {
	course := t.TempDir()
	require.NoError(t, RenewDigests(course))
	assert.NoDirExists(t, filepath.Join(course, "cmd"))
}
