package restart

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"stepwise/pkg/lesson"
)

var noon = time.Date(2030, 1, 2, 12, 0, 0, 0, time.UTC)

const (
	stub     = "package send // return lesson.ErrTODO\n"
	theirs   = "package send // theirs\n"
	exercise = "exercises/09_send/send.go"
	dated    = "exercises/09_send/send.go.yours-2030-01-02"
)

func write(t *testing.T, dir, name, text string) {
	path := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

func read(t *testing.T, dir, name string) string {
	text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	require.NoError(t, err)
	return string(text)
}

// git runs a git command that no configuration of this machine changes.
func git(t *testing.T, dir string, args ...string) {
	command := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=x", "-c", "user.email=x@localhost", "-c", "commit.gpgsign=false"}, args...)...)
	out, err := command.CombinedOutput()
	require.NoError(t, err, string(out))
}

// cloned is a clone of a course, in which the learner has committed their work.
func cloned(t *testing.T) string {
	origin, clone := t.TempDir(), filepath.Join(t.TempDir(), "clone")
	git(t, origin, "init", "-q", "-b", "main")
	write(t, origin, exercise, stub)
	write(t, origin, "notebooks/09-send.ipynb", "{}")
	git(t, origin, "add", ".")
	git(t, origin, "commit", "-q", "-m", "The course")
	git(t, origin, "clone", "-q", origin, clone)
	write(t, clone, exercise, theirs)
	write(t, clone, "notebooks/09-send.ipynb", "{theirs}")
	git(t, clone, "commit", "-q", "-a", "-m", "Mine")
	return clone
}

// inImage is a learner's copy in the image, which knows an untouched one.
func inImage(t *testing.T) string {
	course := t.TempDir()
	write(t, course, exercise, stub)
	write(t, course, "notebooks/09-send.ipynb", "{}")
	t.Setenv(CourseVariable, course)
	mine := t.TempDir()
	write(t, mine, exercise, theirs)
	write(t, mine, "notebooks/09-send.ipynb", "{theirs}")
	return mine
}

func TestExercise(t *testing.T) {
	for name, course := range map[string]func(t *testing.T) string{"in a clone": cloned, "in the image": inImage} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(CourseVariable, "")
			dir := course(t)
			says, err := Exercise(t.Context(), dir, lesson.Send, noon)
			require.NoError(t, err)
			require.Equal(t, exercise+" starts afresh; yours is "+dated+". To take it back: mv "+dated+" "+exercise, says)
			require.Equal(t, stub, read(t, dir, exercise))
			require.Equal(t, theirs, read(t, dir, dated))

			says, err = Exercise(t.Context(), dir, lesson.Send, noon)
			require.NoError(t, err)
			require.Equal(t, exercise+" is as it was at first", says)

			write(t, dir, exercise, "more of theirs")
			says, err = Exercise(t.Context(), dir, lesson.Send, noon)
			require.NoError(t, err)
			require.Contains(t, says, "yours is "+dated+"-2.")
			require.Equal(t, "more of theirs", read(t, dir, dated+"-2"))

			require.NoError(t, os.RemoveAll(filepath.Join(dir, "exercises", "09_send")))
			says, err = Exercise(t.Context(), dir, lesson.Send, noon)
			require.NoError(t, err)
			require.Equal(t, exercise+" is back", says)
			require.Equal(t, stub, read(t, dir, exercise))
			left, err := filepath.Glob(filepath.Join(dir, "exercises", "09_send", ".*"))
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

func TestNotebook(t *testing.T) {
	for name, course := range map[string]func(t *testing.T) string{"in a clone": cloned, "in the image": inImage} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(CourseVariable, "")
			dir := course(t)
			says, err := Notebook(t.Context(), dir, lesson.Send, noon)
			require.NoError(t, err)
			require.Contains(t, says, "yours is notebooks/09-send.yours-2030-01-02.ipynb.")
			require.Equal(t, "{}", read(t, dir, "notebooks/09-send.ipynb"))
		})
	}
}

func TestWithoutOrigin(t *testing.T) {
	t.Setenv(CourseVariable, "")
	dir := t.TempDir()
	git(t, dir, "init", "-q")
	for _, text := range []string{"package send // the first, lesson.ErrTODO\n", stub, theirs} {
		write(t, dir, exercise, text)
		git(t, dir, "add", ".")
		git(t, dir, "commit", "-q", "-m", "x")
	}
	_, err := Exercise(t.Context(), dir, lesson.Send, noon)
	require.NoError(t, err)
	require.Equal(t, stub, read(t, dir, exercise), "the newest that isn't started")
}

func TestNobodyKnowsHowItWas(t *testing.T) {
	for _, c := range []struct {
		name string
		set  func(t *testing.T, dir string)
		is   error
	}{
		{"neither a clone nor the image", func(*testing.T, string) {}, ErrNoOriginal},
		{"an untouched course that has no such file", func(t *testing.T, _ string) { t.Setenv(CourseVariable, t.TempDir()) }, os.ErrNotExist},
		{"no git", func(t *testing.T, _ string) { t.Setenv("PATH", "") }, ErrNoOriginal},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(CourseVariable, "")
			dir := t.TempDir()
			write(t, dir, exercise, theirs)
			c.set(t, dir)
			_, err := Exercise(t.Context(), dir, lesson.Send, noon)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, "starting exercises/09_send/send.go over: ")
			require.Equal(t, theirs, read(t, dir, exercise))
		})
	}
}

func TestAFolderInItsPlaceStays(t *testing.T) {
	dir := inImage(t)
	require.NoError(t, os.Remove(filepath.Join(dir, exercise)))
	write(t, dir, exercise+"/file", "x")
	_, err := Exercise(t.Context(), dir, lesson.Send, noon)
	require.Error(t, err)
	require.Equal(t, "x", read(t, dir, exercise+"/file"))
}
