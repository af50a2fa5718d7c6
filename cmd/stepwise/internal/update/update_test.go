package update

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var day = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// tree has a folder's files by their paths, without the record.
type tree map[string]string

func (files tree) write(t *testing.T, dir string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
	}
}

// base has the files that make a folder a course.
var base = tree{"go.mod": "module stepwise\n", "notebooks/00-start-here.ipynb": "{}", "pkg/loop/loop.go": "package loop\n"}

// read returns the files of a folder without the record and without unchanged files of
// base.
func read(t *testing.T, dir string) tree {
	t.Helper()
	files := whole(t, dir)
	for name, content := range base {
		if files[name] == content {
			delete(files, name)
		}
	}
	delete(files, recordName)
	return files
}

// whole returns all files of a folder; the content of a link is its target.
func whole(t *testing.T, dir string) tree {
	t.Helper()
	files := make(tree)
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		name = filepath.ToSlash(name)
		if d.Type()&fs.ModeSymlink != 0 {
			files[name], err = os.Readlink(path)
			return err
		}
		content, err := os.ReadFile(path)
		files[name] = string(content)
		return err
	}))
	return files
}

// folder makes a folder with these files.
func folder(t *testing.T, files tree) string {
	t.Helper()
	dir := t.TempDir()
	files.write(t, dir)
	return dir
}

// courseOf makes a course that has these files too.
func courseOf(t *testing.T, files tree) string {
	t.Helper()
	dir := folder(t, base)
	files.write(t, dir)
	return dir
}

// seeded makes a copy that was given the course.
func seeded(t *testing.T, course string) string {
	t.Helper()
	dir := t.TempDir()
	_, _, err := Seed(course, dir)
	require.NoError(t, err)
	return dir
}

// updated updates a copy to a course.
func updated(t *testing.T, from, to string) []Change {
	t.Helper()
	plan, err := Compare(from, to)
	require.NoError(t, err)
	require.NoError(t, plan.Apply(day))
	return plan.Changes
}

func TestUpdate(t *testing.T) {
	const notebook, code = "notebooks/09-send.ipynb", "pkg/sock/send.go"
	cases := []struct {
		name  string
		given tree             // the course that the copy was seeded with
		did   func(dir string) // what the learner does
		newer tree             // the newer course
		want  tree             // the copy in the end
		kinds []Kind           // in the order of the paths
	}{
		{name: "nothing changed", given: tree{notebook: "1"}, newer: tree{notebook: "1"}, want: tree{notebook: "1"}},
		{name: "a new lesson comes", given: tree{notebook: "1"}, newer: tree{notebook: "1", "notebooks/12-fetch.ipynb": "1"},
			want: tree{notebook: "1", "notebooks/12-fetch.ipynb": "1"}, kinds: []Kind{New}},
		{name: "what the learner left alone is renewed", given: tree{code: "1"}, newer: tree{code: "2"},
			want: tree{code: "2"}, kinds: []Kind{Renewed}},
		{name: "what the learner alone changed stays", given: tree{code: "1"}, did: edit(code, "edited"), newer: tree{code: "1"},
			want: tree{code: "edited"}},
		{name: "their notebook is kept and opens in Jupyter", given: tree{notebook: "1"}, did: edit(notebook, "edited"), newer: tree{notebook: "2"},
			want: tree{notebook: "2", "notebooks/09-send.yours-2026-11-24.ipynb": "edited"}, kinds: []Kind{Both}},
		{name: "their code is kept where Go does not compile it", given: tree{code: "1"}, did: edit(code, "edited"), newer: tree{code: "2"},
			want: tree{code: "2", "pkg/sock/send.go.yours-2026-11-24": "edited"}, kinds: []Kind{Both}},
		{name: "the learner made the same change", given: tree{code: "1"}, did: edit(code, "2"), newer: tree{code: "2"}, want: tree{code: "2"}},
		{name: "what the learner removed stays removed", given: tree{code: "1", notebook: "1"}, did: remove(code), newer: tree{code: "2", notebook: "1"},
			want: tree{notebook: "1"}},
		{name: "a file of their own stays", given: tree{code: "1"}, did: edit("pkg/sock/mine.go", "edited"), newer: tree{code: "1"},
			want: tree{code: "1", "pkg/sock/mine.go": "edited"}},
		{name: "a new lesson has the name of a file of theirs", given: tree{code: "1"}, did: edit(notebook, "edited"), newer: tree{code: "1", notebook: "1"},
			want: tree{code: "1", notebook: "1", "notebooks/09-send.yours-2026-11-24.ipynb": "edited"}, kinds: []Kind{Both}},
		{name: "what the course dropped goes", given: tree{code: "1", notebook: "1"}, newer: tree{notebook: "1"},
			want: tree{notebook: "1"}, kinds: []Kind{Gone}},
		{name: "what the course dropped and the learner changed stays", given: tree{code: "1", notebook: "1"}, did: edit(code, "edited"), newer: tree{notebook: "1"},
			want: tree{code: "edited", notebook: "1"}, kinds: []Kind{Yours}},
		{name: "a version kept today already is not overwritten", given: tree{code: "1"},
			did:   edits(edit(code, "edited"), edit(code+".yours-2026-11-24", "of this morning")),
			newer: tree{code: "2"},
			want:  tree{code: "2", code + ".yours-2026-11-24": "of this morning", code + ".yours-2026-11-24-2": "edited"}, kinds: []Kind{Both}},
		{name: "an update that was cut off keeps one version, not two", given: tree{code: "1"},
			did:   edits(edit(code, "edited"), edit(code+".yours-2026-11-24", "edited")),
			newer: tree{code: "2"}, want: tree{code: "2", code + ".yours-2026-11-24": "edited"}, kinds: []Kind{Both}},
		{name: "without the record all that differs is theirs", given: tree{code: "1"}, did: remove(recordName), newer: tree{code: "2"},
			want: tree{code: "2", code + ".yours-2026-11-24": "1"}, kinds: []Kind{Both}},
		{name: "a folder where the course has a file is kept whole", given: tree{code: "1"}, did: edits(remove(code), edit(code+"/mine.go", "theirs")), newer: tree{code: "2"},
			want: tree{code: "2", code + ".yours-2026-11-24/mine.go": "theirs"}, kinds: []Kind{Both}},
		{name: "a lost go.mod comes back", given: tree{code: "1"}, did: remove("go.mod"), newer: tree{code: "1"}, want: tree{code: "1"}, kinds: []Kind{Back}},
		{name: "what the learner and the course removed stays away", given: tree{code: "1", notebook: "1"}, did: remove(code), newer: tree{notebook: "1"}, want: tree{notebook: "1"}},
		{name: "a new lesson's folder is made", given: tree{}, newer: tree{"exercises/12_fetch/a/b.go": "1"}, want: tree{"exercises/12_fetch/a/b.go": "1"}, kinds: []Kind{New}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			to, from := seeded(t, courseOf(t, c.given)), courseOf(t, c.newer)
			if c.did != nil {
				c.did(to)
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
			entries, err := os.ReadDir(filepath.Join(to, private))
			require.NoError(t, err)
			assert.Len(t, entries, 1, "only the record stays")
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
