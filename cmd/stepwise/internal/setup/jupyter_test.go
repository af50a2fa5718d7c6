package setup

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fake writes an executable script into dir and returns its path.
func fake(t *testing.T, dir, name, script string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o755))
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte(script), 0o755))
	return path
}

// python is a script that answers our question with these versions, given as JSON.
func python(versions string) string { return fmt.Sprintf("#!/bin/sh\necho '%s'\n", versions) }

func TestFindTakesTheFirstPythonThatHasAllOfIt(t *testing.T) {
	const whole = `{"notebook": "6.4.12", "nbclient": "0.7.2"}`
	cases := []struct {
		name  string
		make  func(t *testing.T, course Course, a, b string)
		want  string // relative to the parent of a and b; "": ErrNoJupyter
		front string
	}{
		{"none at all", func(*testing.T, Course, string, string) {}, "", ""},
		{"the first on PATH lacks it, the second has it", func(t *testing.T, _ Course, a, b string) {
			fake(t, a, "python3", python(`{}`))
			fake(t, b, "python3", python(whole))
		}, "b/python3", "notebook"},
		{"a server without nbclient is not enough", func(t *testing.T, _ Course, a, b string) {
			fake(t, a, "python3", python(`{"notebook": "6.4.12"}`))
		}, "", ""},
		{"nbclient without a server is not enough", func(t *testing.T, _ Course, a, b string) {
			fake(t, a, "python3", python(`{"nbclient": "0.7.2"}`))
		}, "", ""},
		{"one that fails is passed over", func(t *testing.T, _ Course, a, b string) {
			fake(t, a, "python3", "#!/bin/sh\nexit 1\n")
			fake(t, b, "python3", python(whole))
		}, "b/python3", "notebook"},
		{"one that talks nonsense is passed over", func(t *testing.T, _ Course, a, b string) {
			fake(t, a, "python3", "#!/bin/sh\necho hello\n")
			fake(t, b, "python3", python(whole))
		}, "b/python3", "notebook"},
		{"the jupyter command's own Python comes before PATH's", func(t *testing.T, _ Course, a, b string) {
			fake(t, a, "python3", python(whole))
			own := fake(t, filepath.Join(b, "env"), "python3.12", python(`{"jupyterlab": "4.2", "notebook": "7.2", "nbclient": "0.10"}`))
			fake(t, b, "jupyter", "#!"+own+"\n")
		}, "b/env/python3.12", "jupyterlab"},
		{"the clone's own environment comes first", func(t *testing.T, course Course, a, b string) {
			fake(t, a, "python3", python(whole))
			fake(t, course.private("venv", "bin"), "python", python(`{"jupyterlab": "4.2", "nbclient": "0.10"}`))
		}, ".stepwise/venv/bin/python", "jupyterlab"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			course := clone(t)
			a, b := filepath.Join(course.Dir, "a"), filepath.Join(course.Dir, "b")
			t.Setenv("PATH", a+":"+b)
			c.make(t, course, a, b)

			j := course.Jupyter()
			err := j.Find(t.Context())
			if c.want == "" {
				require.ErrorIs(t, err, ErrNoJupyter)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, filepath.Join(course.Dir, c.want), j.Python)
			assert.Equal(t, c.front, j.Front())
		})
	}
}

func TestClassicIsNotebook6AndOlder(t *testing.T) {
	cases := []struct {
		name     string
		versions map[string]string
		want     bool
	}{
		{"notebook 6", map[string]string{"notebook": "6.4.12"}, true},
		{"notebook 7", map[string]string{"notebook": "7.2.1"}, false},
		{"lab beside notebook 6", map[string]string{"notebook": "6.4.12", "jupyterlab": "4.2.0"}, false},
		{"a version that is not a number", map[string]string{"notebook": "?"}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, (&Jupyter{Versions: c.versions}).Classic())
		})
	}
}

func TestInterpreterReadsOnlyThoseOfPython(t *testing.T) {
	dir := t.TempDir()
	cases := []struct{ name, script, want string }{
		{"Debian's", "#!/usr/bin/python3\nimport re\n", "/usr/bin/python3"},
		{"with a space", "#! /opt/conda/bin/python\n", "/opt/conda/bin/python"},
		{"a shell's shim", "#!/usr/bin/env bash\n", ""},
		{"a binary", "\x7fELF", ""},
		{"an empty file", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assert.Equal(t, c.want, interpreter(fake(t, dir, "jupyter", c.script)))
		})
	}
	assert.Empty(t, interpreter(filepath.Join(dir, "none")))
}
