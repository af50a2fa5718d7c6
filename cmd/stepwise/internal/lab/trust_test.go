package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/child"
	"stepwise/cmd/stepwise/internal/notebook"
)

// picture is a lesson whose outputs Jupyter shows only if it trusts them.
const picture = `{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "a",
   "metadata": {},
   "outputs": [
    {
     "data": {
      "text/html": [
       "<b>a picture</b>"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    }
   ],
   "source": [
    "draw()"
   ]
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Go (gophernotes)",
   "language": "go",
   "name": "gophernotes"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`

const script = `<script>steal(document.location)</script>`

// digestsOf returns the list of a course whose lesson 01 is picture.
func digestsOf(t *testing.T) map[string]string {
	t.Helper()
	nb, err := notebook.Parse([]byte(picture))
	require.NoError(t, err)
	require.Equal(t, picture, string(nb.Bytes()))
	return map[string]string{"01.ipynb": digestOf(nb)}
}

// trusted asks Jupyter's own notary.
func trusted(t *testing.T, s Server, path string) bool {
	t.Helper()
	said, err := child.Output(t.Context(), child.Program{Name: s.Jupyter.Python, Args: []string{"-c", `
import sys, nbformat
from nbformat.sign import NotebookNotary
print(NotebookNotary().check_signature(nbformat.read(sys.argv[1], nbformat.NO_CONVERT)))`, path}})
	require.NoError(t, err)
	return strings.TrimSpace(said) == "True"
}

func TestTrust(t *testing.T) {
	change := func(old, new string) string {
		require.Contains(t, picture, old)
		return strings.ReplaceAll(picture, old, new)
	}
	var dense bytes.Buffer
	require.NoError(t, json.Compact(&dense, []byte(picture)))
	twice := strings.Replace(picture, `"nbformat": 4`, `"Cells": `+picture[strings.Index(picture, "["):strings.LastIndex(picture, `"metadata"`)]+`"nbformat": 4`, 1)
	cases := []struct {
		name, file, content string
		signed              bool
	}{
		{"the course's own", "01.ipynb", picture, true},
		{"the course's own, in one line", "01.ipynb", dense.String(), true},
		{"the course's own, with the line ends of Windows", "01.ipynb", strings.ReplaceAll(picture, "\n", "\r\n"), true},
		{"another one, under the name of a lesson", "01.ipynb", change("<b>a picture</b>", script), false},
		{"another one, under a name of its own", "sent.ipynb", change("<b>a picture</b>", script), false},
		{"a lesson that was run, with what came out", "01.ipynb", change("a picture", "another picture"), false},
		{"a lesson whose code was changed", "01.ipynb", change("draw()", "draw(2)"), false},
		{"metadata of a cell", "01.ipynb", change("\"id\": \"a\",\n   \"metadata\": {}", "\"id\": \"a\",\n   \"metadata\": {\"trusted\": true}"), false},
		{"metadata of the notebook", "01.ipynb", change(`"kernelspec": {`, `"widgets": {"a": 1}, "kernelspec": {`), false},
		{"cells for Python and others for Go", "01.ipynb", strings.Replace(twice, "<b>a picture</b>", script, 1), false},
	}
	s := Server{Jupyter: anyJupyter(t)}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("JUPYTER_DATA_DIR", t.TempDir())
			temporary := t.TempDir()
			t.Setenv("TMPDIR", temporary)
			s.Dir = t.TempDir()
			path := filepath.Join(s.Dir, c.file)
			require.NoError(t, os.WriteFile(path, []byte(c.content), 0o644))
			for range 2 { // signing again changes nothing
				_, err := s.trust(t.Context(), digestsOf(t))
				require.NoError(t, err)
				assert.Equal(t, c.signed, trusted(t, s, path))
			}
			left, err := os.ReadDir(temporary)
			require.NoError(t, err)
			assert.Empty(t, left, "copies are left behind")
		})
	}
}

// None of these is signed or read to the end, and none is an error: the course opens.
func TestTrustPassesOver(t *testing.T) {
	cases := []struct {
		name string
		lay  func(path string) error
	}{
		{"nothing", func(string) error { return nil }},
		{"not a notebook", func(path string) error { return os.WriteFile(path, []byte("no notebook"), 0o644) }},
		{"a folder", func(path string) error { return os.Mkdir(path, 0o755) }},
		{"a pipe", func(path string) error { return syscall.Mkfifo(path, 0o644) }},
		{"a link to nothing", func(path string) error { return os.Symlink("none", path) }},
		{"a device", func(path string) error { return os.Symlink("/dev/zero", path) }},
		{"a file without end", func(path string) error {
			if err := os.WriteFile(path, nil, 0o644); err != nil {
				return err
			}
			return os.Truncate(path, largest+1)
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := Server{Dir: t.TempDir()} // without a Jupyter, because it isn't used
			require.NoError(t, c.lay(filepath.Join(s.Dir, "01.ipynb")))
			n, err := s.trust(t.Context(), digestsOf(t))
			require.NoError(t, err)
			assert.Zero(t, n)
		})
	}
}

func TestASignatureThatFailsIsAnError(t *testing.T) {
	s := Server{Jupyter: anyJupyter(t), Dir: t.TempDir()}
	require.NoError(t, os.WriteFile(filepath.Join(s.Dir, "01.ipynb"), []byte(picture), 0o644))
	s.Jupyter.Python = "no-such-python"
	_, err := s.trust(t.Context(), digestsOf(t))
	require.ErrorIs(t, err, exec.ErrNotFound)
	assert.ErrorContains(t, err, "signing the notebooks: ")
}

// A file in the notebooks' folder must not be loaded as a module of Jupyter.
func TestNoModuleOfTheFolderIsRun(t *testing.T) {
	jupyter := anyJupyter(t)
	dir := t.TempDir()
	for _, name := range []string{"json.py", jupyter.Front() + ".py", "nbformat.py", "traitlets.py"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(`open("RAN", "w"); raise SystemExit("a module of the folder was run")`), 0o644))
	}
	s := Server{Jupyter: jupyter, Dir: dir}
	said, err := child.Output(t.Context(), child.Program{Name: jupyter.Python, Dir: dir, Args: append(s.arguments(), "--version")})
	require.NoError(t, err)
	assert.Equal(t, jupyter.Versions[jupyter.Front()], strings.TrimSpace(said))
	t.Chdir(dir)
	require.NoError(t, jupyter.Find(context.Background()))
	assert.NoFileExists(t, filepath.Join(dir, "RAN"))
}
