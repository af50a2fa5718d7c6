package update

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSeed(t *testing.T) {
	t.Run("an empty folder gets all", func(t *testing.T) {
		to := t.TempDir()
		_, added, err := Seed(courseOf(t, tree{"README.md": "r"}), to)
		require.NoError(t, err)
		assert.Equal(t, 4, added)
		assert.Equal(t, tree{"README.md": "r"}, read(t, to))
	})
	t.Run("what is there is not touched", func(t *testing.T) {
		to := folder(t, tree{"README.md": "theirs"})
		_, added, err := Seed(courseOf(t, tree{"README.md": "ours"}), to)
		require.NoError(t, err)
		assert.Equal(t, 3, added)
		assert.Equal(t, tree{"README.md": "theirs"}, read(t, to))
	})
	t.Run("a copy that has been given the course is left alone, and the plan says what is new", func(t *testing.T) {
		to := seeded(t, courseOf(t, nil))
		plan, added, err := Seed(courseOf(t, tree{"x": "x", "y": "y"}), to)
		require.NoError(t, err)
		assert.Zero(t, added)
		assert.Len(t, plan.Changes, 2)
		assert.Empty(t, read(t, to))
	})
	t.Run("a folder that had everything is given it too: what is deleted then stays deleted", func(t *testing.T) {
		course := courseOf(t, tree{"README.md": "r"})
		to := courseOf(t, tree{"README.md": "r"})
		_, added, err := Seed(course, to)
		require.NoError(t, err)
		assert.Zero(t, added)
		remove("README.md")(to)
		_, added, err = Seed(course, to)
		require.NoError(t, err)
		assert.Zero(t, added)
		assert.Empty(t, read(t, to))
	})
	t.Run("a command stays executable", func(t *testing.T) {
		from := courseOf(t, tree{"bin/run": "#!"})
		require.NoError(t, os.Chmod(filepath.Join(from, "bin/run"), 0o755))
		info, err := os.Stat(filepath.Join(seeded(t, from), "bin/run"))
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&0o100)
	})
	t.Run("no folder for the work", func(t *testing.T) {
		_, _, err := Seed(courseOf(t, nil), filepath.Join(t.TempDir(), "none"))
		assert.ErrorIs(t, err, fs.ErrNotExist)
	})
	t.Run("a seed that fails leaves the folder as it was", func(t *testing.T) {
		to := folder(t, tree{"pkg": "a file in a folder's place"})
		_, _, err := Seed(courseOf(t, nil), to)
		assert.ErrorContains(t, err, "move away what is there")
		assert.Equal(t, tree{"pkg": "a file in a folder's place"}, whole(t, to))
		assert.NoDirExists(t, filepath.Join(to, private))
		assert.NoDirExists(t, filepath.Join(to, "notebooks"))
		require.NoError(t, os.Remove(filepath.Join(to, "pkg")))
		_, added, err := Seed(courseOf(t, nil), to)
		require.NoError(t, err)
		assert.Equal(t, 3, added, "the next start lays all of it")
	})
}

// TestASecondUpdate checks that changes of the first update don't count as the learner's.
func TestASecondUpdate(t *testing.T) {
	to := seeded(t, courseOf(t, tree{"a.go": "1"}))
	for _, version := range []string{"2", "3"} {
		changes := updated(t, courseOf(t, tree{"a.go": version}), to)
		assert.Equal(t, []Change{{Kind: Renewed, Path: "a.go"}}, changes)
		assert.Equal(t, tree{"a.go": version}, read(t, to))
	}
}

// TestAFileThatBecameEqual checks that such a file counts as given: its next change is
// not the learner's.
func TestAFileThatBecameEqual(t *testing.T) {
	to := seeded(t, courseOf(t, nil))
	edit("a.go", "1")(to)
	assert.Empty(t, updated(t, courseOf(t, tree{"a.go": "1"}), to))
	assert.Equal(t, []Change{{Kind: Renewed, Path: "a.go"}}, updated(t, courseOf(t, tree{"a.go": "2"}), to))
}

func TestChangesAreToldInWords(t *testing.T) {
	told := make(map[string]bool)
	for _, c := range []Change{{Kind: New, Path: "a"}, {Kind: Back, Path: "a"}, {Kind: Renewed, Path: "a"}, {Kind: Both, Path: "a", Kept: "b"}, {Kind: Both, Path: "a"}, {Kind: Gone, Path: "a"}, {Kind: Yours, Path: "a"}} {
		told[c.String()] = true
	}
	assert.Len(t, told, 7, "two changes read alike")
	assert.Contains(t, Change{Kind: Both, Path: "a", Kept: "b"}.String(), "yours is now b")
}
