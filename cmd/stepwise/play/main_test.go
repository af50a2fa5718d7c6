// main_test.go plays small notebooks as a reader does: on a terminal, and into a pipe.
// The program is this test's own binary, started again.

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/kernel/exports"
)

func TestMain(m *testing.M) {
	if os.Getenv("STEPWISE_PLAY") != "" {
		exports.In(".") // it leaves this folder, and a test has no types inside
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// written writes a notebook with a heading and the cells, and returns its path.
func written(t *testing.T, cells ...string) string {
	t.Helper()
	list := []any{map[string]any{"cell_type": "markdown", "id": "title", "metadata": map[string]any{}, "source": "# A title"}}
	for _, source := range cells {
		list = append(list, map[string]any{"cell_type": "code", "id": "x", "metadata": map[string]any{}, "source": source,
			"execution_count": nil, "outputs": []any{}})
	}
	text, err := json.Marshal(map[string]any{"cells": list, "metadata": map[string]any{}, "nbformat": 4, "nbformat_minor": 5})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "09-send.ipynb")
	require.NoError(t, os.WriteFile(path, text, 0o644))
	return path
}

func program(args ...string) *exec.Cmd {
	command := exec.Command(os.Args[0], args...)
	command.Env = append(os.Environ(), "STEPWISE_PLAY=1", "TERM=xterm-256color", "NO_COLOR=")
	return command
}

const (
	prints = "import \"fmt\"\nfmt.Println(\"it ran\")"
	where  = "import \"os\"\n_, err := os.Stat(\"09-send.ipynb\")\nerr == nil"
)

func TestIntoAPipe(t *testing.T) {
	cases := []struct {
		name   string
		cells  []string
		args   []string
		status int
		out    []string
		err    string
	}{
		{"all is well", []string{prints, "6 * 7"}, nil, 0, []string{"# A title\n", "In [1]:\n    import \"fmt\"\n", "\nit ran\n", "\n42\n"}, ""},
		{"it waits for nobody when it is told so", []string{prints}, []string{"--all"}, 0, []string{"it ran"}, ""},
		{"a cell runs in its notebook's folder", []string{where}, nil, 0, []string{"true"}, ""},
		{"a picture comes as its text", []string{"import \"display\"\ndisplay.MakeData3(\"image/svg+xml\", \"a line from a to b\", \"<svg/>\")"}, nil, 0, []string{"a line from a to b"}, ""},
		{"the first cell that fails ends it", []string{"panic(\"no room\")", prints}, nil, 1, []string{"In [1]"}, "panic: no room\nat In[1]:1\nstepwise: 09-send.ipynb: cell 2 (x) failed: panic(\"no room\")\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			command := program(append(c.args, written(t, c.cells...))...)
			var stdout, stderr bytes.Buffer
			command.Stdout, command.Stderr = &stdout, &stderr
			_ = command.Run()
			assert.Equal(t, c.status, command.ProcessState.ExitCode())
			for _, part := range c.out {
				assert.Contains(t, stdout.String(), part)
			}
			assert.Equal(t, c.err, stderr.String())
			assert.NotContains(t, stdout.String(), "\x1b", "no terminal, no colors")
			if c.status != 0 {
				assert.NotContains(t, stdout.String(), "it ran")
			}
		})
	}
}

func TestNoNotebook(t *testing.T) {
	cases := []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"none is named", nil, 2, "stepwise run does"},
		{"it is not there", []string{"none.ipynb"}, 1, "none.ipynb"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			command := program(c.args...)
			out, _ := command.CombinedOutput()
			assert.Equal(t, c.status, command.ProcessState.ExitCode())
			assert.Contains(t, string(out), c.says)
		})
	}
}
