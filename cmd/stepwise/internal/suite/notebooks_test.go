package suite

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
)

// pretend stands in for Jupyter; the lesson's name says how the run ends.
func pretend(_ context.Context, nb *notebook.Notebook) (*notebook.Notebook, error) {
	fresh := *nb
	switch nb.Name() {
	case "02-fails":
		return nil, errors.New("cell 2 failed: boom()")
	case "03-differs":
		fresh.Cells = append([]notebook.Cell{}, nb.Cells...)
		fresh.Cells[1].Outputs = []notebook.Output{{Type: "stream", Name: "stdout", Text: "two\n"}}
	}
	return &fresh, nil
}

func lessons(t *testing.T, names ...string) string {
	t.Helper()
	const content = `{"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# A"}, {"cell_type": "code", "id": "b", "metadata": {}, "source": "1", "execution_count": 1,
		"outputs": [{"output_type": "stream", "name": "stdout", "text": "one\n"}]}], "metadata": {
		"kernelspec": {"display_name": "Go (gophernotes)", "language": "go", "name": "gophernotes"},
		"language_info": {"codemirror_mode": "go", "file_extension": ".go", "mimetype": "text/x-go", "name": "go", "pygments_lexer": "go"}}, "nbformat": 4, "nbformat_minor": 5}`
	all := make(map[string]string)
	for _, name := range names {
		all[name+".ipynb"] = content
	}
	return files(t, all)
}

func TestNotebooksNamesEachThatFails(t *testing.T) {
	dir := lessons(t, "01-good", "02-fails", "03-differs", "04-good", "05-good", "06-good")
	var out strings.Builder
	_, err := Notebooks(dir, "", pretend).Run(t.Context(), &out)
	require.ErrorIs(t, err, errNotebooks)
	assert.ErrorContains(t, err, "2 of 6 notebooks")
	for _, part := range []string{"ok    01-good.ipynb", "FAIL  02-fails.ipynb", "cell 2 failed: boom()", "FAIL  03-differs.ipynb", "cell 2 (b) shows something else", "ok    06-good.ipynb"} {
		assert.Contains(t, out.String(), part)
	}
}

func TestNotebooksChecksTheRules(t *testing.T) {
	dir := lessons(t, "01-good")
	path := filepath.Join(dir, "01-good.ipynb")
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(strings.Replace(string(content), `"source": "1"`, `"source": "for i := 0; i < 1000000; i++ {}"`, 1)), 0o644))
	var out strings.Builder
	_, err = Notebooks(dir, "", pretend).Run(t.Context(), &out)
	require.ErrorIs(t, err, errNotebooks)
	assert.Contains(t, out.String(), "cell 2 (b): line 1: a loop of 1000000 rounds")
}

func TestNotMoreThanAFewRunTogether(t *testing.T) {
	paths, err := notebook.Find(lessons(t, "01-a", "02-b", "03-c", "04-d", "05-e"))
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		running, leave := new(atomic.Int32), make(chan struct{})
		results := runAll(t.Context(), func(_ context.Context, nb *notebook.Notebook) (*notebook.Notebook, error) {
			running.Add(1)
			defer running.Add(-1)
			<-leave
			return nb, nil
		}, paths)
		for left := len(paths); left > 0; left-- {
			synctest.Wait() // every run that may start has started
			assert.Equal(t, int32(min(left, together)), running.Load())
			leave <- struct{}{}
			require.NoError(t, (<-results).err)
		}
	})
}

func TestNotebooksWithoutAny(t *testing.T) {
	note, err := Notebooks(filepath.Join(t.TempDir(), "none"), "", nil).Run(t.Context(), io.Discard)
	require.NoError(t, err)
	assert.Equal(t, "none to run", note)
}

func TestAStoppedRunIsNoSuccess(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Notebooks(lessons(t, "01-good"), "", pretend).Run(ctx, io.Discard)
	require.Error(t, err)
}

func TestSelect(t *testing.T) {
	dir := lessons(t, "00-start-here", "08-connect", "09-send", "11-read-all")
	cases := []struct {
		name, pattern string
		want          []string
	}{
		{"all", "", []string{"00-start-here", "08-connect", "09-send", "11-read-all"}},
		{"a lesson as in go test", "Lesson09", []string{"09-send"}},
		{"one case of a lesson", "TestLesson09Send/W01", []string{"09-send"}},
		{"a lesson and its cases", "Lesson09/W01", []string{"09-send"}},
		{"a number", "08", []string{"08-connect"}},
		{"a word", "send", []string{"09-send"}},
		{"one or the other", "Lesson08/x|Lesson09", []string{"08-connect", "09-send"}},
		{"a slash in brackets", "Lesson0[8/]", []string{"08-connect"}},
		{"a test that belongs to no lesson", "TestEcho", nil},
		{"a lesson of two words", "Lesson11ReadAll$", []string{"11-read-all"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Select(dir, c.pattern)
			require.NoError(t, err)
			var names []string
			for _, path := range got {
				names = append(names, strings.TrimSuffix(filepath.Base(path), ".ipynb"))
			}
			assert.Equal(t, c.want, names)
		})
	}
	_, err := Select(dir, "(")
	require.ErrorContains(t, err, "-run (")
}
