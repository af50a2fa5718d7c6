package update

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWhatIsNotACourse checks that an update from a folder that isn't a whole course
// changes nothing.
func TestWhatIsNotACourse(t *testing.T) {
	cases := []struct {
		name string
		from func(t *testing.T, to string) string
		says string
	}{
		{"an empty folder", func(t *testing.T, _ string) string { return t.TempDir() }, "no go.mod of the course"},
		{"a folder of other files", func(t *testing.T, _ string) string { return folder(t, tree{"a.txt": "a", "b/c": "c"}) }, "no go.mod of the course"},
		{"another Go module", func(t *testing.T, _ string) string { return courseOf(t, tree{"go.mod": "module example.org/x\n"}) }, "no go.mod of the course"},
		{"a go.mod that is a folder", func(t *testing.T, _ string) string {
			return folder(t, tree{"go.mod/x": "module stepwise\n", "notebooks/a.ipynb": "", "pkg/a/a.go": ""})
		}, "no go.mod of the course"},
		{"a course without lessons", func(t *testing.T, _ string) string {
			return folder(t, tree{"go.mod": base["go.mod"], "pkg/a/a.go": ""})
		}, "no lessons in notebooks"},
		{"half of a course", func(t *testing.T, _ string) string {
			return folder(t, tree{"go.mod": base["go.mod"], "notebooks/a.ipynb": "{}"})
		}, "no packages in pkg"},
		{"the notebooks of a course", func(t *testing.T, _ string) string { return filepath.Join(courseOf(t, nil), "notebooks") }, "no go.mod of the course"},
		{"the copy itself", func(_ *testing.T, to string) string { return to }, "must be separate folders"},
		{"the copy by another name", func(t *testing.T, to string) string {
			link := filepath.Join(t.TempDir(), "link")
			require.NoError(t, os.Symlink(to, link))
			return link
		}, "must be separate folders"},
		{"a folder above the copy", func(_ *testing.T, to string) string { return filepath.Dir(to) }, "must be separate folders"},
		{"a folder in the copy", func(_ *testing.T, to string) string { return filepath.Join(to, "notebooks") }, "must be separate folders"},
		{"a folder that is not there", func(_ *testing.T, to string) string { return to + "-none" }, "there is no folder"},
		{"a file", func(_ *testing.T, to string) string { return folderFile(t, "x") }, "there is no folder"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			to := seeded(t, courseOf(t, tree{"README.md": "r"}))
			before := whole(t, to)
			from := c.from(t, to)
			_, err := Compare(from, to)
			require.ErrorContains(t, err, c.says)
			assert.ErrorContains(t, err, from, "it names what was tried")
			_, err = Restore(from, to)
			require.ErrorContains(t, err, c.says)
			_, _, err = Seed(from, to)
			require.ErrorContains(t, err, c.says)
			assert.Equal(t, before, whole(t, to))
		})
	}
}

func folderFile(t *testing.T, name string) string {
	return filepath.Join(folder(t, tree{name: ""}), name)
}

// TestForeignFilesDoNotSpread checks that an update takes from a clone only what git
// tracks, and from a copy only what it was given.
func TestForeignFilesDoNotSpread(t *testing.T) {
	git := func(dir string, args ...string) {
		out, err := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=x", "-c", "user.email=x@example.org"}, args...)...).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
	cases := []struct {
		name string
		from func() string
	}{
		{"a clone with files of its owner's", func() string {
			from := courseOf(t, tree{"new.go": "1"})
			require.NoError(t, os.Symlink("/etc/passwd", filepath.Join(from, "link")))
			git(from, "init", "-q")
			git(from, "add", ".")
			tree{"secret.txt": "s", "notebooks/mine.ipynb": "m"}.write(t, from)
			return from
		}},
		{"a worktree, whose .git is a file", func() string {
			clone, from := courseOf(t, tree{"new.go": "1"}), filepath.Join(t.TempDir(), "worktree")
			git(clone, "init", "-q")
			git(clone, "add", ".")
			git(clone, "commit", "-qm", "x")
			git(clone, "worktree", "add", "-q", from)
			tree{"secret.txt": "s"}.write(t, from)
			return from
		}},
		{"another learner's copy", func() string {
			from := seeded(t, courseOf(t, tree{"new.go": "1"}))
			tree{"secret.txt": "s", "new.go.yours-2026-11-24": "mine"}.write(t, from)
			return from
		}},
		{"a folder that tools have worked in", func() string {
			return courseOf(t, tree{"new.go": "1", ".ipynb_checkpoints/x": "", "pkg/__pycache__/x": ""})
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			from, to := c.from(), courseOf(t, nil)
			t.Setenv("GIT_DIR", filepath.Join(to, ".git")) // as in a git hook
			git(to, "init", "-q", "--separate-git-dir", filepath.Join(t.TempDir(), "git"))
			assert.Equal(t, []Change{{Kind: New, Path: "new.go"}}, updated(t, from, to))
			files := read(t, to)
			delete(files, ".git")
			assert.Equal(t, tree{"new.go": "1"}, files)
		})
	}
	t.Run("a clone that git can't read", func(t *testing.T) {
		from, to := courseOf(t, tree{".git": "gitdir: nowhere"}), t.TempDir()
		_, err := Compare(from, to)
		assert.ErrorContains(t, err, "git can't list its files")
	})
}

func TestACloneWithoutGit(t *testing.T) {
	from, to := courseOf(t, nil), seeded(t, courseOf(t, nil))
	require.NoError(t, os.Mkdir(filepath.Join(from, ".git"), 0o755))
	t.Setenv("PATH", "")
	_, err := Compare(from, to)
	require.ErrorContains(t, err, from+" is a clone, and only git can list its files: install git")
	assert.NotErrorIs(t, err, exec.ErrNotFound, "doctor can't help")
}
