package update

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestASeedOnAFullDisk fails the first start; the next one copies the whole course.
func TestASeedOnAFullDisk(t *testing.T) {
	from := courseOf(t, tree{"README.md": "r"})
	for n := 0; ; n++ {
		to, left := t.TempDir(), n
		_, _, err := disk{before: func(string, string) error {
			if left--; left < 0 {
				return syscall.ENOSPC
			}
			return nil
		}}.seed(from, to)
		if err == nil {
			return
		}
		require.ErrorIs(t, err, syscall.ENOSPC)
		_, _, err = Seed(from, to)
		require.NoError(t, err, "the next start, after a failure at change %d", n)
		require.Equal(t, tree{"README.md": "r"}, read(t, to))
		require.Len(t, whole(t, to), 5)
	}
}

// TestAFinishThatNeverCan has something in the way that stays there.
func TestAFinishThatNeverCan(t *testing.T) {
	s := newScene(t)
	require.False(t, survives(t, func() error {
		return s.apply(func(what, name string) error {
			if what == "rename" && name == newFile(2) {
				panic(died{})
			}
			return nil
		})
	}))
	files, err := disk{before: func(what, name string) error {
		if what == "rename" && strings.HasPrefix(name, newFiles) {
			return syscall.EPERM
		}
		return nil
	}}.finish(s.to)
	assert.NotZero(t, files)
	assert.ErrorIs(t, err, syscall.EPERM)
	assert.ErrorContains(t, err, "your copy is as it was")
	assert.False(t, s.check(t, "undone by the next command"))
	files, err = Finish(s.to)
	assert.NoError(t, err)
	assert.Zero(t, files, "it is over")
}

// TestWhatStandsInTheWay checks that an update that can't be made changes nothing and
// says what to do; once that is done, the update works.
func TestWhatStandsInTheWay(t *testing.T) {
	cases := []struct {
		name        string
		before, end func(t *testing.T, to string)
		says        string
	}{
		{"a record that nobody can read", func(t *testing.T, to string) { edit(recordName, "{")(to) },
			func(t *testing.T, to string) { remove(recordName)(to) }, "remove .stepwise/course.json"},
		{"a record that is a folder", func(t *testing.T, to string) { edits(remove(recordName), edit(recordName+"/x", ""))(to) },
			func(t *testing.T, to string) { require.NoError(t, os.RemoveAll(filepath.Join(to, recordName))) }, "not a regular file"},
		{"a file in a folder's place", func(t *testing.T, to string) { edit("exercises", "theirs")(to) },
			func(t *testing.T, to string) { remove("exercises")(to) }, "exercises/new.go: mkdir exercises: not a directory: move away what is there"},
		{"a link to nowhere in a folder's place", func(t *testing.T, to string) {
			require.NoError(t, os.Symlink("nowhere", filepath.Join(to, "exercises")))
		}, func(t *testing.T, to string) { remove("exercises")(to) }, "move away what is there"},
		{"a link out of the copy in a folder's place", func(t *testing.T, to string) {
			require.NoError(t, os.Symlink(t.TempDir(), filepath.Join(to, "exercises")))
		}, func(t *testing.T, to string) { remove("exercises")(to) }, "exercises/new.go"},
		{"files that an update left whose journal is lost", func(t *testing.T, to string) { edit(oldFile(1), "theirs")(to) },
			func(t *testing.T, to string) { require.NoError(t, os.RemoveAll(filepath.Join(to, staging))) }, "move them to where you want them"},
		{"another stepwise at work", func(t *testing.T, to string) {
			d, err := disk{}.open(to)
			require.NoError(t, err)
			t.Cleanup(d.close)
		}, nil, ErrBusy.Error()},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			to, from := seeded(t, courseOf(t, tree{"a.go": "1"})), courseOf(t, tree{"a.go": "2", "exercises/new.go": "2"})
			edit("own.txt", "theirs")(to)
			c.before(t, to)
			before := whole(t, to)
			plan, err := Compare(from, to)
			if err == nil {
				err = plan.Apply(day)
			}
			require.ErrorContains(t, err, c.says)
			assert.Equal(t, before, whole(t, to))
			if c.end == nil {
				return
			}
			c.end(t, to)
			updated(t, from, to)
			files := read(t, to)
			delete(files, "a.go.yours-2026-11-24") // without a record, everything that differs is theirs
			assert.Equal(t, tree{"a.go": "2", "exercises/new.go": "2", "own.txt": "theirs"}, files)
		})
	}
}

func TestALinkInAFilesPlaceIsTheirs(t *testing.T) {
	to := seeded(t, courseOf(t, tree{"a.go": "1"}))
	target := filepath.Join(folder(t, tree{"elsewhere.go": "1"}), "elsewhere.go") // as in the course
	remove("a.go")(to)
	require.NoError(t, os.Symlink(target, filepath.Join(to, "a.go")))
	updated(t, courseOf(t, tree{"a.go": "2"}), to)
	content, err := os.ReadFile(target)
	require.NoError(t, err)
	assert.Equal(t, "1", string(content))
	assert.Equal(t, tree{"a.go": "2", "a.go.yours-2026-11-24": target}, read(t, to))

	remove("a.go")(to)
	require.NoError(t, os.Symlink("another", filepath.Join(to, "a.go")))
	updated(t, courseOf(t, tree{"a.go": "3"}), to)
	assert.Equal(t, tree{"a.go": "3", "a.go.yours-2026-11-24": target, "a.go.yours-2026-11-24-2": "another"}, read(t, to))
}

// TestAnotherUpdateOverOneThatWaits checks that it spoils nothing that the first needs.
func TestAnotherUpdateOverOneThatWaits(t *testing.T) {
	s := newScene(t)
	require.False(t, survives(t, func() error {
		return s.apply(func(what, name string) error {
			if what == "rename" && name == newFile(2) {
				panic(died{})
			}
			return nil
		})
	}))
	before := whole(t, s.to)
	require.ErrorIs(t, s.apply(nil), errWaits)
	assert.Equal(t, before, whole(t, s.to))
	_, err := Finish(s.to)
	require.NoError(t, err)
	assert.True(t, s.check(t, "finished"))
}

// TestAStrangersJournal has a journal with files that an update never changes.
func TestAStrangersJournal(t *testing.T) {
	for name, text := range map[string]string{
		"out of the copy":      `{"steps": [{"path": "../x"}, {"path": ".stepwise/course.json"}]}`,
		"an absolute path":     `{"steps": [{"path": "/tmp/x"}, {"path": ".stepwise/course.json"}]}`,
		"a hook of git's":      `{"steps": [{"path": ".git/hooks/pre-commit"}, {"path": ".stepwise/course.json"}]}`,
		"the kernel's program": `{"steps": [{"path": ".stepwise/bin/stepwise-kernel"}, {"path": ".stepwise/course.json"}]}`,
		"git's at the end":     `{"steps": [{"path": ".git/config"}]}`,
		"no record":            `{"steps": [{"path": "a.go"}]}`,
		"nothing":              `{}`,
		"no JSON":              `{`,
	} {
		t.Run(name, func(t *testing.T) {
			to := courseOf(t, tree{journalName: text, newFile(0): "evil", newFile(1): "{}", ".git/config": "mine"})
			before := whole(t, to)
			_, err := Finish(to)
			assert.ErrorContains(t, err, "move "+filepath.Join(to, staging)+" away")
			assert.Equal(t, before, whole(t, to))
		})
	}
}

// TestTheCourseChangesMeanwhile checks that an update copies what was compared, or
// nothing.
func TestTheCourseChangesMeanwhile(t *testing.T) {
	to, from := seeded(t, courseOf(t, tree{"a.go": "1"})), courseOf(t, tree{"a.go": "2"})
	plan, err := Compare(from, to)
	require.NoError(t, err)
	edit("a.go", "3")(from)
	assert.ErrorContains(t, plan.Apply(day), "try again")
	assert.Equal(t, tree{"a.go": "1"}, read(t, to))
}

// TestTheCopyChangesMeanwhile has the learner save a file after it was compared.
func TestTheCopyChangesMeanwhile(t *testing.T) {
	to, from := seeded(t, courseOf(t, tree{"a.go": "1", "gone.go": "1"})), courseOf(t, tree{"a.go": "2", "new.go": "2"})
	plan, err := Compare(from, to)
	require.NoError(t, err)
	edits(edit("a.go", "saved"), edit("gone.go", "saved too"), edit("new.go", "and new"))(to)
	require.NoError(t, plan.Apply(day))
	assert.Equal(t, tree{"a.go": "2", "a.go.yours-2026-11-24": "saved", "gone.go": "saved too",
		"new.go": "2", "new.go.yours-2026-11-24": "and new"}, read(t, to))
}
