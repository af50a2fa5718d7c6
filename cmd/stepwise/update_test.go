package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// aCourse is bare, with what an update requires of a course and some more lessons.
func aCourse(t *testing.T, files int) string {
	t.Helper()
	dir := bare(t, "09-send.ipynb")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "pkg", "loop"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pkg", "loop", "loop.go"), []byte("package loop\n"), 0o644))
	for i := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "notebooks", fmt.Sprintf("%d-more.ipynb", 20+i)), nil, 0o644))
	}
	return dir
}

// aCopy makes a folder that the course was copied into.
func aCopy(t *testing.T, course string) string {
	t.Helper()
	t.Setenv("STEPWISE_COURSE", "")
	work := t.TempDir()
	status, _, err := call(t, "seed", "--from", course, work)
	require.Equal(t, ok, status, err)
	return work
}

func TestUpdate(t *testing.T) {
	t.Setenv("STEPWISE_COURSE", "")
	course, work := aCourse(t, 0), t.TempDir()

	status, out, err := call(t, "seed", "--from", course, work)
	require.Equal(t, ok, status, err)
	assert.Contains(t, out, "3 files")
	status, out, _ = call(t, "seed", "--from", course, work)
	assert.Equal(t, ok, status)
	assert.Empty(t, out, "a start without news says nothing")

	status, _, err = call(t, "-C", work, "update")
	assert.Equal(t, usage, status)
	assert.Contains(t, err, "git pull")

	lesson := filepath.Join("notebooks", "09-send.ipynb")
	require.NoError(t, os.WriteFile(filepath.Join(course, lesson), []byte("newer"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(work, lesson), []byte("theirs"), 0o644))
	_, out, _ = call(t, "seed", "--from", course, work)
	assert.Contains(t, out, "stepwise update")

	status, out, err = call(t, "-C", work, "update", "--from", course, "--dry-run")
	require.Equal(t, ok, status, err)
	assert.Contains(t, out, "1 file would change. To go ahead: stepwise -C "+work+" update --from "+course+"\n")
	assert.Equal(t, "theirs", read(t, filepath.Join(work, lesson)), "--dry-run has written")

	t.Setenv("STEPWISE_COURSE", course)
	_, out, _ = call(t, "-C", work, "update", "--dry-run")
	assert.Contains(t, out, "To go ahead: stepwise -C "+work+" update\n", "the image's course needs no name")
	status, out, err = call(t, "-C", work, "update")
	require.Equal(t, ok, status, err)
	assert.Contains(t, out, "yours is now notebooks/09-send.yours-")
	assert.Equal(t, "newer", read(t, filepath.Join(work, lesson)))

	_, out, _ = call(t, "-C", work, "update")
	assert.Equal(t, "Your copy is up to date.\n", out)
}

// TestUpdateFromWhatIsNoCourse checks that this is a usage error and changes nothing.
func TestUpdateFromWhatIsNoCourse(t *testing.T) {
	work := aCopy(t, aCourse(t, 0))
	elsewhere := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(elsewhere, "x.txt"), nil, 0o644))
	for name, from := range map[string]string{"a folder of files": elsewhere, "a file": filepath.Join(elsewhere, "x.txt"), "the copy": work, "a folder above": filepath.Dir(work)} {
		t.Run(name, func(t *testing.T) {
			for _, more := range [][]string{nil, {"--force"}, {"--restore"}, {"--dry-run"}} {
				status, out, err := call(t, append([]string{"-C", work, "update", "--from", from}, more...)...)
				assert.Equal(t, usage, status)
				assert.Empty(t, out)
				assert.Contains(t, err, "--from")
				assert.FileExists(t, filepath.Join(work, "go.mod"))
				assert.NoFileExists(t, filepath.Join(work, "x.txt"))
			}
		})
	}
}

func TestUpdateThatRemovesManyFiles(t *testing.T) {
	work, smaller := aCopy(t, aCourse(t, few+1)), aCourse(t, 0)
	extra := filepath.Join(work, "notebooks", "20-more.ipynb")
	nobody(t)
	status, out, err := call(t, "-C", work, "update", "--from", smaller)
	assert.Equal(t, failed, status)
	assert.Empty(t, out)
	line := "    stepwise -C " + work + " update --from " + smaller
	assert.Contains(t, err, "would remove 6 files")
	assert.Contains(t, err, line+" --dry-run\n"+line+" --force\n")
	assert.FileExists(t, extra)

	status, out, _ = call(t, "-C", work, "update", "--from", smaller, "--dry-run")
	assert.Equal(t, ok, status)
	assert.Contains(t, out, "6 files would change")
	assert.FileExists(t, extra)

	status, _, err = call(t, "-C", work, "update", "--from", smaller, "--force")
	assert.Equal(t, ok, status, err)
	assert.NoFileExists(t, extra)

	work = aCopy(t, aCourse(t, few))
	status, _, err = call(t, "-C", work, "update", "--from", smaller)
	assert.Equal(t, ok, status, "a few go without a question: %s", err)
}

// nobody is at the terminal.
func nobody(t *testing.T) {
	t.Helper()
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	typing(t, null)
}

// typing makes f the program's input.
func typing(t *testing.T, f *os.File) {
	t.Helper()
	old := os.Stdin
	os.Stdin = f
	t.Cleanup(func() { os.Stdin = old; _ = f.Close() })
}

func TestUpdateRepairs(t *testing.T) {
	course := aCourse(t, 0)
	work := aCopy(t, course)
	lesson := filepath.Join(work, "notebooks", "09-send.ipynb")
	require.NoError(t, os.Remove(filepath.Join(work, "go.mod")))
	require.NoError(t, os.Remove(lesson))

	status, _, err := call(t, "-C", work, "refresh", "09")
	assert.Equal(t, usage, status)
	assert.Contains(t, err, work+" is a copy of the course that has lost its go.mod; an update brings it back\nTry: stepwise -C "+work+" update\n")

	status, out, err := call(t, "-C", filepath.Join(work, "notebooks"), "update", "--from", course)
	require.Equal(t, ok, status, err)
	assert.Contains(t, out, "back     go.mod\n1 file changed.")
	assert.NoFileExists(t, lesson, "what was deleted stays so until somebody asks")

	status, _, err = call(t, "-C", work, "update", "--from", course, "notebooks/09-send.ipynb")
	assert.Equal(t, usage, status)
	assert.Contains(t, err, "--restore PATH")
	status, _, err = call(t, "-C", work, "update", "--from", course, "--restore", "09")
	assert.Equal(t, usage, status)
	assert.Contains(t, err, "no file or folder 09: to list what your copy lacks, use stepwise update --restore --dry-run")
	_, out, _ = call(t, "-C", work, "update", "--from", course, "--restore", "--dry-run", "notebooks")
	assert.Contains(t, out, "To go ahead: stepwise -C "+work+" update --from "+course+" --restore notebooks\n")
	assert.NoFileExists(t, lesson)
	status, out, err = call(t, "-C", work, "update", "--from", course, "--restore")
	require.Equal(t, ok, status, err)
	assert.Contains(t, out, "back     notebooks/09-send.ipynb\n1 file changed.")
	assert.FileExists(t, lesson)
	_, out, _ = call(t, "-C", work, "update", "--from", course, "--restore")
	assert.Equal(t, "Nothing is missing from your copy.\n", out)
}

// TestALineToPasteBeginsAsTheReadersDid: who has no stepwise on the PATH types go run.
func TestALineToPasteBeginsAsTheReadersDid(t *testing.T) {
	course := aCourse(t, 0)
	work := aCopy(t, course)
	old := self
	self = []string{"go", "run", "./cmd/stepwise"}
	t.Cleanup(func() { self = old })
	require.NoError(t, os.Remove(filepath.Join(work, "notebooks", "09-send.ipynb")))
	_, out, _ := call(t, "-C", work, "update", "--from", course, "--restore", "--dry-run")
	assert.Contains(t, out, "To go ahead: go run ./cmd/stepwise -C "+work+" update --from "+course+" --restore\n")
}

// TestTheNearestCopy checks that a copy without go.mod inside a clone isn't taken for
// the clone.
func TestTheNearestCopy(t *testing.T) {
	course, clone := aCourse(t, 1), aCourse(t, 0)
	work := filepath.Join(clone, "work")
	require.NoError(t, os.Mkdir(work, 0o755))
	status, _, err := call(t, "seed", "--from", course, work)
	require.Equal(t, ok, status, err)
	require.NoError(t, os.Remove(filepath.Join(work, "go.mod")))
	status, _, err = call(t, "-C", work, "doctor")
	assert.Equal(t, usage, status)
	assert.Contains(t, err, work+" is a copy")
	status, _, err = call(t, "-C", work, "update", "--from", course)
	require.Equal(t, ok, status, err)
	assert.FileExists(t, filepath.Join(work, "go.mod"))
	assert.NoFileExists(t, filepath.Join(clone, "notebooks", "20-more.ipynb"))
}

// cutOff leaves dir as a killed update does that was to add news.go.
func cutOff(t *testing.T, dir string) {
	t.Helper()
	staging := filepath.Join(dir, ".stepwise", "update")
	require.NoError(t, os.MkdirAll(filepath.Join(staging, "new"), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(staging, "old"), 0o755))
	for name, content := range map[string]string{"new/0": "package news\n", "new/1": `{"given": {}}`,
		"journal.json": `{"day": "2026-11-24", "steps": [{"kind": "new", "path": "news.go"}, {"kind": "renewed", "path": ".stepwise/course.json"}]}`} {
		require.NoError(t, os.WriteFile(filepath.Join(staging, name), []byte(content), 0o644))
	}
}

// TestAnUpdateThatWasCutOff checks that the next command finishes it, whichever it is.
func TestAnUpdateThatWasCutOff(t *testing.T) {
	course := aCourse(t, 0)
	for name, args := range map[string]func(work string) []string{
		"another command":     func(work string) []string { return []string{"-C", work, "refresh", "no-such-lesson"} },
		"one in a folder":     func(work string) []string { return []string{"-C", work + "/notebooks", "refresh", "no-such-lesson"} },
		"update":              func(work string) []string { return []string{"-C", work, "update", "--from", course} },
		"update --dry-run":    func(work string) []string { return []string{"-C", work, "update", "--from", course, "--dry-run"} },
		"a container's start": func(work string) []string { return []string{"seed", "--from", course, work} },
		"a copy without go.mod": func(work string) []string {
			require.NoError(t, os.Remove(filepath.Join(work, "go.mod")))
			return []string{"-C", work, "doctor"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			work := aCopy(t, course)
			cutOff(t, work)
			_, _, err := call(t, args(work)...)
			assert.Contains(t, err, "An update of "+work+" had been cut off and is finished now: 1 file.\n")
			assert.FileExists(t, filepath.Join(work, "news.go"))
			assert.NoDirExists(t, filepath.Join(work, ".stepwise", "update"))
		})
	}
	t.Run("one that can't be", func(t *testing.T) {
		work := aCopy(t, course)
		cutOff(t, work)
		require.NoError(t, os.WriteFile(filepath.Join(work, ".stepwise", "update", "journal.json"), []byte("{"), 0o644))
		status, _, err := call(t, "-C", work, "site", "-o", filepath.Join(t.TempDir(), "site"))
		assert.Equal(t, failed, status)
		assert.Contains(t, err, "then run stepwise update")
	})
}
