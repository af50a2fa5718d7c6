package update

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var day = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// tree is a folder's files by their paths, without the record.
type tree map[string]string

func (files tree) write(t *testing.T, dir string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
}

func read(t *testing.T, dir string) tree {
	t.Helper()
	files := make(tree)
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if name = filepath.ToSlash(name); name == recordName {
			return nil
		}
		content, err := os.ReadFile(path)
		files[name] = string(content)
		return err
	}))
	return files
}

// folder makes a folder of these files.
func folder(t *testing.T, files tree) string {
	t.Helper()
	dir := t.TempDir()
	files.write(t, dir)
	return dir
}

func TestUpdate(t *testing.T) {
	const notebook, code = "notebooks/09-send.ipynb", "pkg/sock/send.go"
	cases := []struct {
		name  string
		given tree             // the course that the copy was seeded with
		he    func(dir string) // what the learner does
		newer tree             // the newer course
		want  tree             // his copy in the end
		kinds []Kind           // in the order of the paths
	}{
		{name: "nothing changed", given: tree{notebook: "1"}, newer: tree{notebook: "1"}, want: tree{notebook: "1"}},
		{name: "a new lesson comes", given: tree{notebook: "1"}, newer: tree{notebook: "1", "notebooks/12-fetch.ipynb": "1"},
			want: tree{notebook: "1", "notebooks/12-fetch.ipynb": "1"}, kinds: []Kind{New}},
		{name: "what he left alone is renewed", given: tree{code: "1"}, newer: tree{code: "2"},
			want: tree{code: "2"}, kinds: []Kind{Renewed}},
		{name: "what he alone changed stays", given: tree{code: "1"}, he: edit(code, "his"), newer: tree{code: "1"},
			want: tree{code: "his"}},
		{name: "his notebook is kept and opens in Jupyter", given: tree{notebook: "1"}, he: edit(notebook, "his"), newer: tree{notebook: "2"},
			want: tree{notebook: "2", "notebooks/09-send.yours-2026-11-24.ipynb": "his"}, kinds: []Kind{Both}},
		{name: "his code is kept where Go does not compile it", given: tree{code: "1"}, he: edit(code, "his"), newer: tree{code: "2"},
			want: tree{code: "2", "pkg/sock/send.go.yours-2026-11-24": "his"}, kinds: []Kind{Both}},
		{name: "he made the same change", given: tree{code: "1"}, he: edit(code, "2"), newer: tree{code: "2"}, want: tree{code: "2"}},
		{name: "what he removed stays removed", given: tree{code: "1", notebook: "1"}, he: remove(code), newer: tree{code: "2", notebook: "1"},
			want: tree{notebook: "1"}},
		{name: "a file of his own stays", given: tree{code: "1"}, he: edit("pkg/sock/mine.go", "his"), newer: tree{code: "1"},
			want: tree{code: "1", "pkg/sock/mine.go": "his"}},
		{name: "a new lesson has the name of a file of his", given: tree{code: "1"}, he: edit(notebook, "his"), newer: tree{code: "1", notebook: "1"},
			want: tree{code: "1", notebook: "1", "notebooks/09-send.yours-2026-11-24.ipynb": "his"}, kinds: []Kind{Both}},
		{name: "what the course dropped goes", given: tree{code: "1", notebook: "1"}, newer: tree{notebook: "1"},
			want: tree{notebook: "1"}, kinds: []Kind{Gone}},
		{name: "what the course dropped and he changed stays", given: tree{code: "1", notebook: "1"}, he: edit(code, "his"), newer: tree{notebook: "1"},
			want: tree{code: "his", notebook: "1"}, kinds: []Kind{Yours}},
		{name: "a version kept today already is not overwritten", given: tree{code: "1"},
			he:    edits(edit(code, "his"), edit(code+".yours-2026-11-24", "of this morning")),
			newer: tree{code: "2"},
			want:  tree{code: "2", code + ".yours-2026-11-24": "of this morning", code + ".yours-2026-11-24-2": "his"}, kinds: []Kind{Both}},
		{name: "an update that was cut off keeps one version, not two", given: tree{code: "1"},
			he:    edits(edit(code, "his"), edit(code+".yours-2026-11-24", "his")),
			newer: tree{code: "2"}, want: tree{code: "2", code + ".yours-2026-11-24": "his"}, kinds: []Kind{Both}},
		{name: "without the record all that differs is his", given: tree{code: "1"}, he: remove(recordName), newer: tree{code: "2"},
			want: tree{code: "2", code + ".yours-2026-11-24": "1"}, kinds: []Kind{Both}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			to, from := t.TempDir(), folder(t, c.newer)
			_, _, err := Seed(folder(t, c.given), to)
			require.NoError(t, err)
			if c.he != nil {
				c.he(to)
			}
			before := read(t, to)
			plan, err := Compare(from, to)
			require.NoError(t, err)
			assert.Equal(t, before, read(t, to), "Compare has written")
			require.NoError(t, plan.Apply(day))
			assert.Equal(t, c.want, read(t, to))
			var kinds []Kind
			for _, change := range plan.Changes {
				kinds = append(kinds, change.Kind)
			}
			assert.Equal(t, c.kinds, kinds)

			again, err := Compare(from, to)
			require.NoError(t, err)
			assert.Empty(t, again.Changes, "a second update finds something to do")
		})
	}
}

func edit(name, content string) func(string) {
	return func(dir string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		_ = os.MkdirAll(filepath.Dir(path), 0o755)
		_ = os.WriteFile(path, []byte(content), 0o644)
	}
}

func edits(all ...func(string)) func(string) {
	return func(dir string) {
		for _, f := range all {
			f(dir)
		}
	}
}

func remove(name string) func(string) {
	return func(dir string) { _ = os.Remove(filepath.Join(dir, filepath.FromSlash(name))) }
}

func TestSeed(t *testing.T) {
	t.Run("an empty folder gets all", func(t *testing.T) {
		course, to := tree{"go.mod": "m", "notebooks/00.ipynb": "0"}, t.TempDir()
		_, added, err := Seed(folder(t, course), to)
		require.NoError(t, err)
		assert.Equal(t, 2, added)
		assert.Equal(t, course, read(t, to))
	})
	t.Run("what is there is not touched", func(t *testing.T) {
		to := folder(t, tree{"README.md": "his"})
		_, added, err := Seed(folder(t, tree{"README.md": "ours", "go.mod": "m"}), to)
		require.NoError(t, err)
		assert.Equal(t, 1, added)
		assert.Equal(t, tree{"README.md": "his", "go.mod": "m"}, read(t, to))
	})
	t.Run("a copy that has been given the course is left alone, and the plan says what is new", func(t *testing.T) {
		to := t.TempDir()
		_, _, err := Seed(folder(t, tree{"go.mod": "m"}), to)
		require.NoError(t, err)
		plan, added, err := Seed(folder(t, tree{"go.mod": "m2", "x": "x"}), to)
		require.NoError(t, err)
		assert.Zero(t, added)
		assert.Len(t, plan.Changes, 2)
		assert.Equal(t, tree{"go.mod": "m"}, read(t, to))
	})
	t.Run("a command stays executable", func(t *testing.T) {
		from, to := folder(t, tree{"bin/run": "#!"}), t.TempDir()
		require.NoError(t, os.Chmod(filepath.Join(from, "bin/run"), 0o755))
		_, _, err := Seed(from, to)
		require.NoError(t, err)
		info, err := os.Stat(filepath.Join(to, "bin/run"))
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&0o100)
	})
}

func TestWhatGoesWrong(t *testing.T) {
	course := folder(t, tree{"pkg/a.go": "1"})
	t.Run("no course", func(t *testing.T) {
		_, err := Compare(t.TempDir(), t.TempDir())
		assert.ErrorIs(t, err, errEmpty)
	})
	t.Run("no folder for the work", func(t *testing.T) {
		_, _, err := Seed(course, filepath.Join(t.TempDir(), "none"))
		assert.ErrorIs(t, err, fs.ErrNotExist)
	})
	t.Run("a record that nobody can read", func(t *testing.T) {
		to := folder(t, tree{recordName: "{"})
		_, err := Compare(course, to)
		assert.ErrorContains(t, err, recordName)
	})
	t.Run("a link out of the copy is not followed", func(t *testing.T) {
		outside, to := t.TempDir(), t.TempDir()
		require.NoError(t, os.Symlink(outside, filepath.Join(to, "pkg")))
		_, _, err := Seed(course, to)
		assert.ErrorContains(t, err, "pkg/a.go")
		assert.Empty(t, read(t, outside))
	})
	t.Run("a link in a file's place is his", func(t *testing.T) {
		to := t.TempDir()
		_, _, err := Seed(course, to)
		require.NoError(t, err)
		target := filepath.Join(t.TempDir(), "elsewhere.go")
		require.NoError(t, os.WriteFile(target, []byte("1"), 0o644)) // as in the course
		require.NoError(t, os.Remove(filepath.Join(to, "pkg/a.go")))
		require.NoError(t, os.Symlink(target, filepath.Join(to, "pkg/a.go")))
		plan, err := Compare(folder(t, tree{"pkg/a.go": "2"}), to)
		require.NoError(t, err)
		require.NoError(t, plan.Apply(day))
		content, err := os.ReadFile(target)
		require.NoError(t, err)
		assert.Equal(t, "1", string(content))
		link, err := os.Readlink(filepath.Join(to, "pkg/a.go.yours-2026-11-24"))
		require.NoError(t, err)
		assert.Equal(t, target, link)
	})
	t.Run("a failed write leaves nothing half done, and the next update ends it", func(t *testing.T) {
		newer, to := folder(t, tree{"pkg/a.go": "2", "pkg/b.go": "2"}), t.TempDir()
		_, _, err := Seed(course, to)
		require.NoError(t, err)
		blocked := filepath.Join(to, "pkg", ".b.go.new") // where the temporary file is to be
		require.NoError(t, os.Mkdir(blocked, 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(blocked, "x"), nil, 0o644))
		plan, err := Compare(newer, to)
		require.NoError(t, err)
		assert.ErrorContains(t, plan.Apply(day), "pkg/b.go")
		require.NoError(t, os.RemoveAll(blocked))
		plan, err = Compare(newer, to)
		require.NoError(t, err)
		assert.Equal(t, []Change{{Kind: New, Path: "pkg/b.go"}}, plan.Changes)
		require.NoError(t, plan.Apply(day))
		assert.Equal(t, tree{"pkg/a.go": "2", "pkg/b.go": "2"}, read(t, to))
	})
}

// TestASecondUpdate: what the first has renewed is not his doing.
func TestASecondUpdate(t *testing.T) {
	to := t.TempDir()
	_, _, err := Seed(folder(t, tree{"a.go": "1"}), to)
	require.NoError(t, err)
	for _, version := range []string{"2", "3"} {
		plan, err := Compare(folder(t, tree{"a.go": version}), to)
		require.NoError(t, err)
		require.NoError(t, plan.Apply(day))
		assert.Equal(t, []Change{{Kind: Renewed, Path: "a.go"}}, plan.Changes)
		assert.Equal(t, tree{"a.go": version}, read(t, to))
	}
}

func TestChangesAreToldInWords(t *testing.T) {
	var told []string
	for _, c := range []Change{{Kind: New, Path: "a"}, {Kind: Both, Path: "a", Kept: "b"}, {Kind: Both, Path: "a"}, {Kind: Gone, Path: "a"}, {Kind: Yours, Path: "a"}} {
		told = append(told, c.String())
	}
	assert.Len(t, slices.Compact(told), 5, "two changes read alike")
	assert.Contains(t, told[1], "yours is now b")
}
