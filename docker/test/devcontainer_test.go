package test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDevcontainer does what VS Code and Codespaces do with .devcontainer: they build the
// image, start it with a command of their own in place of its entrypoint, mount the clone, and
// run what the file says.
func TestDevcontainer(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(clone(t), ".devcontainer/devcontainer.json"))
	require.NoError(t, err)
	var says struct {
		Build            struct{ Dockerfile, Context string }
		RemoteUser       string
		ContainerEnv     map[string]string
		PostStartCommand string
	}
	require.NoError(t, json.Unmarshal(text, &says))
	assert.FileExists(t, filepath.Join(clone(t), ".devcontainer", says.Build.Dockerfile))
	assert.FileExists(t, filepath.Join(clone(t), ".devcontainer", says.Build.Context, "go.mod"))

	const workspace = "/workspaces/stepwise"
	require.Equal(t, map[string]string{"STEPWISE_SAFE_DIRECTORY": "${containerWorkspaceFolder}"}, says.ContainerEnv)
	c := start(t, "--user", says.RemoteUser, "--entrypoint", "/bin/sh", "--env", "STEPWISE_SAFE_DIRECTORY="+workspace, "--", "-c", "sleep infinity")
	must(t, "exec", "--user", "root", c.id, "sh", "-c", "mkdir -p /workspaces && cp -r /opt/stepwise/course "+workspace+" && chown -R 1000:100 /workspaces")
	in := func(command string) string {
		t.Helper()
		return must(t, "exec", "--workdir", workspace, c.id, "bash", "-c", command)
	}
	in(says.PostStartCommand)
	in(says.PostStartCommand) // at each start
	in("go test -run Lesson09 .")
	assert.Contains(t, in("python3 -c 'from jupyter_client.kernelspec import find_kernel_specs; print(find_kernel_specs())'"), "gophernotes")
	in("jupyter-nbconvert --log-level ERROR --execute --to notebook --output-dir /tmp/executed notebooks/09-send.ipynb")
	assert.Contains(t, in("stepwise run --all 09 </dev/null"), "In [1]")
	assert.Empty(t, in("ls .stepwise/bin 2>/dev/null || true"), "a program was built into the clone")
}
