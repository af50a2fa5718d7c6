package setup

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// clone makes a folder that Find takes for a clone of the course.
func clone(t *testing.T) Course {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module stepwise\n\ngo 1.26.0\n"), 0o644))
	return Course{Dir: dir}
}

func TestFind(t *testing.T) {
	course := clone(t)
	deep := filepath.Join(course.Dir, "pkg", "loop")
	nested := filepath.Join(course.Dir, "bench")
	require.NoError(t, os.MkdirAll(deep, 0o755))
	require.NoError(t, os.MkdirAll(nested, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(nested, "go.mod"), []byte("module stepwise/bench\n"), 0o644))

	cases := []struct {
		name, start string
		found       bool
	}{
		{"the clone itself", course.Dir, true},
		{"a folder below", deep, true},
		{"a module of its own inside the clone", nested, true},
		{"a folder elsewhere", t.TempDir(), false},
		{"a folder that is not there", filepath.Join(t.TempDir(), "none"), false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Find(c.start)
			if !c.found {
				require.ErrorIs(t, err, ErrNoCourse)
				assert.ErrorContains(t, err, c.start)
				assert.Equal(t, strings.HasSuffix(c.start, "none"), strings.Contains(err.Error(), "doesn't exist"))
				return
			}
			require.NoError(t, err)
			assert.Equal(t, course, got)
		})
	}
}

func TestTheCoursesOwnFolderIgnoresItself(t *testing.T) {
	course := clone(t)
	require.NoError(t, course.makePrivate("bin"))
	require.NoError(t, course.makePrivate("bin"), "calling it again has no effect")
	text, err := os.ReadFile(filepath.Join(course.Dir, ".stepwise", ".gitignore"))
	require.NoError(t, err)
	assert.Equal(t, "*\n", string(text))
}

func TestAFolderThatCannotBeMadeIsAnErrorThatNamesIt(t *testing.T) {
	course := clone(t)
	require.NoError(t, os.WriteFile(filepath.Join(course.Dir, ".stepwise"), nil, 0o644))
	assert.ErrorContains(t, course.makePrivate("bin"), ".stepwise")
}

func TestOursStandsFirstInJupytersPaths(t *testing.T) {
	course := clone(t)
	ours := filepath.Join(course.Dir, ".stepwise", "share", "jupyter")
	classic := filepath.Join(course.Dir, "cmd", "stepwise", "internal", "setup", "notebook6")
	t.Setenv("JUPYTER_PATH", "")
	t.Setenv("JUPYTER_CONFIG_PATH", "")
	assert.Equal(t, []string{"JUPYTER_PATH=" + ours + ":" + classic, "JUPYTER_CONFIG_PATH=" + classic}, course.Environment())
	t.Setenv("JUPYTER_PATH", "/opt/other")
	t.Setenv("JUPYTER_CONFIG_PATH", "/opt/settings")
	assert.Equal(t, []string{"JUPYTER_PATH=" + ours + ":" + classic + ":/opt/other", "JUPYTER_CONFIG_PATH=" + classic + ":/opt/settings"}, course.Environment())
}

func TestUpwards(t *testing.T) {
	assert.Equal(t, []string{"/a/b", "/a", "/"}, slices.Collect(Upwards("/a/b")))
	assert.Equal(t, []string{"/"}, slices.Collect(Upwards("/")))
	for dir := range Upwards("/a/b") {
		assert.Equal(t, "/a/b", dir)
		break
	}
}
