// run_test.go: real Jupyter, but with Jupyter's Python kernel under our kernel's name.
// The tests check how we drive Jupyter; our own kernel takes a minute to build and has
// tests of its own.

package notebook

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// jupyter returns a Runner, or skips the test if there is no Jupyter.
func jupyter(t *testing.T) Runner {
	t.Helper()
	if testing.Short() {
		t.Skip("starts Jupyter")
	}
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.CommandContext(t.Context(), python, "-c", "import nbclient, ipykernel").Run() != nil {
			continue
		}
		dir := t.TempDir()
		spec, err := json.Marshal(map[string]any{"argv": []string{python, "-m", "ipykernel_launcher", "-f", "{connection_file}"},
			"display_name": "not Go", "language": "python"})
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "kernels", KernelName), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "kernels", KernelName, "kernel.json"), spec, 0o644))
		return Runner{Python: python, Env: []string{"JUPYTER_PATH=" + dir}}
	}
	t.Skip("no Jupyter here: go run ./cmd/stepwise lab installs it")
	return Runner{}
}

func TestRunThroughJupyter(t *testing.T) {
	r := jupyter(t)
	cases := []struct {
		name  string
		cells []Cell
		err   error
		where int    // the cell that the error names
		words string // part of the error
	}{
		{"all is well", []Cell{prose("a", "# A"), code("b", "x = 40 + 2"), code("c", "print(x)")}, nil, 0, ""},
		{"a cell fails", []Cell{prose("a", "# A"), code("b", "1"), code("c", "\nboom()")}, ErrRaised, 3, "cell 3 (c) failed: boom()"},
		{"a cell is meant to fail", []Cell{tagged(code("b", "boom()"), TagRaises), code("c", "1")}, nil, 0, ""},
		{"a cell is meant to fail and does not", []Cell{code("b", "1"), tagged(code("c", "2"), TagRaises)}, ErrNoRaise, 2, "did not fail"},
		{"a cell is not to be run", []Cell{tagged(code("b", "boom()", stdout("as committed")), TagSkip), code("c", "1")}, nil, 0, ""},
		{"a cell never ends", []Cell{code("b", "while True: pass")}, ErrTimeout, 1, "while True"},
		{"the kernel dies", []Cell{code("b", "1"), code("c", "import os; os._exit(3)")}, ErrDied, 2, "os._exit"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := r
			if c.err == ErrTimeout {
				r.Timeout = 3 * time.Second
			}
			nb := sample(c.cells...)
			nb.Path = filepath.Join(t.TempDir(), "09-send.ipynb")
			fresh, err := r.Run(t.Context(), nb)
			if c.err == nil {
				require.NoError(t, err)
				require.Len(t, fresh.Cells, len(c.cells))
				return
			}
			var where *CellError
			require.ErrorIs(t, err, c.err)
			require.ErrorAs(t, err, &where)
			assert.Equal(t, c.where, where.Number)
			assert.ErrorContains(t, err, c.words)
		})
	}
}

func TestWhatRanIsCompared(t *testing.T) {
	nb := sample(prose("a", "# A"), code("b", "import sys, os\nprint('one'); print('two', file=sys.stderr)\nos.path.basename(os.getcwd())",
		stdout("one\n"), stderr("two\n"), Output{Type: "execute_result", Data: map[string]any{"text/plain": "'lessons'"}}))
	nb.Path = filepath.Join(t.TempDir(), "lessons", "09-send.ipynb")
	require.NoError(t, os.Mkdir(filepath.Dir(nb.Path), 0o755))
	fresh, err := jupyter(t).Run(t.Context(), nb)
	require.NoError(t, err)
	assert.Empty(t, Compare(nb, fresh))

	nb.Cells[1].Outputs[0].Text = "1\n"
	found := Compare(nb, fresh)
	require.Len(t, found, 1)
	assert.Contains(t, found[0].Diff, "-1\n+one")
}

// A port that is free when Jupyter looks can be taken when the kernel listens.
func TestAKernelNeedsNoPort(t *testing.T) {
	nb := sample(code("b", "import ipykernel, json\nprint(json.load(open(ipykernel.get_connection_file()))['transport'])", stdout("ipc\n")))
	nb.Path = filepath.Join(t.TempDir(), "09-send.ipynb")
	fresh, err := jupyter(t).Run(t.Context(), nb)
	require.NoError(t, err)
	assert.Empty(t, Compare(nb, fresh))
}

func TestNoKernelIsAnErrorAndNotASuccess(t *testing.T) {
	r := jupyter(t)
	r.Env = []string{"JUPYTER_PATH=" + t.TempDir(), "JUPYTER_DATA_DIR=" + t.TempDir(), "HOME=" + t.TempDir()}
	nb := sample(code("b", "1"))
	nb.Path = filepath.Join(t.TempDir(), "09-send.ipynb")
	_, err := r.Run(t.Context(), nb)
	require.ErrorIs(t, err, ErrNoKernel)
}

func TestCancelEndsTheKernelToo(t *testing.T) {
	r := jupyter(t)
	dir := t.TempDir()
	nb := sample(code("b", "import os, time\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(60)"))
	nb.Path = filepath.Join(dir, "09-send.ipynb")
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	done := make(chan error, 1)
	go func() { _, err := r.Run(ctx, nb); done <- err }()

	var pid string
	require.Eventually(t, func() bool {
		text, err := os.ReadFile(filepath.Join(dir, "pid"))
		pid = string(text)
		return err == nil && pid != ""
	}, time.Minute, 10*time.Millisecond)
	cancel(enough)
	require.ErrorIs(t, <-done, enough)
	assert.Eventually(t, func() bool {
		state, err := exec.Command("ps", "-o", "stat=", "-p", pid).Output()
		return err != nil || strings.HasPrefix(string(state), "Z")
	}, time.Minute, 10*time.Millisecond, "the kernel %s outlived Run", pid)
}

func TestAPythonWithoutJupyterIsAnError(t *testing.T) {
	nb := sample(code("b", "1"))
	nb.Path = filepath.Join(t.TempDir(), "09-send.ipynb")
	cases := []struct{ name, script, want string }{
		{"it can't import", "echo ModuleNotFoundError >&2; exit 1", "ModuleNotFoundError"},
		{"it says nothing", "exit 0", "Jupyter's answer"},
		{"an unknown trouble keeps its name", `echo '{"cell": 0, "kind": "Odd", "message": "why"}'`, "Odd"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			python := filepath.Join(t.TempDir(), "python3")
			require.NoError(t, os.WriteFile(python, []byte("#!/bin/sh\n"+c.script+"\n"), 0o755))
			_, err := Runner{Python: python}.Run(t.Context(), nb)
			require.ErrorContains(t, err, c.want)
			assert.ErrorContains(t, err, nb.Path)
		})
	}
}
