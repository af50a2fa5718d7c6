package update

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFind(t *testing.T) {
	copied := seeded(t, courseOf(t, nil))
	remove("go.mod")(copied)
	cut := folder(t, tree{journalName: "{}"})
	other := folder(t, tree{recordName + "/x": ""})
	cases := []struct{ name, start, want string }{
		{"the copy itself, without go.mod", copied, copied},
		{"a folder in it", filepath.Join(copied, "notebooks"), copied},
		{"a folder in it that is not there any more", filepath.Join(copied, "none", "x"), copied},
		{"one whose first update was cut off", cut, cut},
		{"a clone that was never updated", courseOf(t, nil), ""},
		{"a record that is not a file", other, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir, found := Find(c.start)
			assert.Equal(t, c.want, dir)
			assert.Equal(t, c.want != "", found)
		})
	}
	t.Run("somebody else's record", func(t *testing.T) {
		info, err := os.Lstat(filepath.Join(copied, recordName))
		require.NoError(t, err)
		assert.True(t, mine(info))
		root, err := os.Lstat("/proc/1/status")
		require.NoError(t, err)
		assert.Equal(t, os.Geteuid() == 0, mine(root))
		if os.Geteuid() == 0 {
			require.NoError(t, os.Chown(filepath.Join(copied, recordName), 65534, 65534))
			_, found := Find(copied)
			assert.False(t, found)
		}
	})
}

func TestRestore(t *testing.T) {
	const lesson = "notebooks/09-send.ipynb"
	course := tree{lesson: "1", "notebooks/10-read.ipynb": "1", "pkg/sock/send.go": "1"}
	newer := tree{lesson: "2", "notebooks/10-read.ipynb": "2", "pkg/sock/send.go": "1", "new.go": "2"}
	kept := "notebooks/09-send.yours-2026-11-24.ipynb"
	cases := []struct {
		name  string
		did   func(string)
		newer tree
		paths []string
		want  tree
		kinds []Kind
	}{
		{"nothing is missing", nil, course, nil, course, nil},
		{"a deleted lesson", remove(lesson), course, nil, course, []Kind{Back}},
		{"all that is missing", edits(remove(lesson), remove("pkg/sock/send.go"), remove("go.mod")), course, nil, course, []Kind{Back, Back, Back}},
		{"what was changed is left alone", edits(remove(lesson), edit("pkg/sock/send.go", "theirs")), course, nil,
			tree{lesson: "1", "notebooks/10-read.ipynb": "1", "pkg/sock/send.go": "theirs"}, []Kind{Back}},
		{"what is newer is left alone, and comes with the next update", remove(lesson), newer, nil,
			tree{lesson: "2", "notebooks/10-read.ipynb": "1", "pkg/sock/send.go": "1", "new.go": "2"}, []Kind{New, Back}},
		{"one file by name", edits(remove(lesson), remove("pkg/sock/send.go")), course, []string{lesson},
			tree{lesson: "1", "notebooks/10-read.ipynb": "1"}, []Kind{Back}},
		{"a folder", edits(remove(lesson), remove("notebooks/10-read.ipynb"), remove("pkg/sock/send.go")), course, []string{"./notebooks/"},
			tree{lesson: "1", "notebooks/10-read.ipynb": "1"}, []Kind{Back, Back}},
		{"a changed file that is named: theirs is kept", edit(lesson, "theirs"), course, []string{lesson},
			tree{lesson: "1", kept: "theirs", "notebooks/10-read.ipynb": "1", "pkg/sock/send.go": "1"}, []Kind{Both}},
		{"one that is older than the course's", nil, newer, []string{lesson},
			tree{lesson: "2", "notebooks/10-read.ipynb": "1", "pkg/sock/send.go": "1"}, []Kind{Renewed}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			to, from := seeded(t, courseOf(t, course)), courseOf(t, c.newer)
			if c.did != nil {
				c.did(to)
			}
			plan, err := Restore(from, to, c.paths...)
			require.NoError(t, err)
			require.NoError(t, plan.Apply(day))
			var kinds []Kind
			for _, change := range plan.Changes {
				kinds = append(kinds, change.Kind)
			}
			assert.Equal(t, c.kinds, kinds)
			assert.Equal(t, c.want, read(t, to))
		})
	}
	t.Run("a name that the course lacks", func(t *testing.T) {
		_, err := Restore(courseOf(t, course), t.TempDir(), lesson, "notebooks/9")
		var missing *NoSuchFileError
		require.ErrorAs(t, err, &missing)
		assert.Equal(t, "notebooks/9", missing.Path)
	})
}
