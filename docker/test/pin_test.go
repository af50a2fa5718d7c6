package test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pinned is a copy of the files that docker/pin reads, with a registry and a PyPI
// that answer as the test wants.
type pinned struct {
	t   *testing.T
	dir string
}

const someDigest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// newPinned makes the copy. The scripts docker and python3 stand in for the two.
func newPinned(t *testing.T, docker, python3 string) *pinned {
	t.Helper()
	p := &pinned{t: t, dir: t.TempDir()}
	for _, name := range []string{"pin", "Dockerfile", "lab/requirements.in"} {
		content, err := os.ReadFile(filepath.Join(clone(t), "docker", name))
		require.NoError(t, err)
		p.write(name, string(content))
	}
	p.write("bin/docker", "#!/bin/bash\n"+docker)
	p.write("bin/python3", "#!/bin/bash\n"+python3)
	return p
}

func (p *pinned) write(name, content string) {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	require.NoError(p.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(p.t, os.WriteFile(path, []byte(content), 0o755))
}

// read returns a file's content, or "" if there is no such file.
func (p *pinned) read(name string) string {
	content, _ := os.ReadFile(filepath.Join(p.dir, name))
	return string(content)
}

func (p *pinned) run() (output string, err error) {
	cmd := exec.Command(filepath.Join(p.dir, "pin"))
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(p.dir, "bin")+":"+os.Getenv("PATH"))
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// The registry's answers, and PyPI's: each wheel holds its own file name.
const (
	registry = `[ "$1" = pull ] || echo golang@` + someDigest
	pypi     = `while [ "$1" != --dest ]; do shift; done
for w in jupyterlab-4.5.11 jupyterlab_server-2.28.0 httpx-0.28.1 httpcore-1.0.9 h11-0.16.0; do printf '%s' "$w" >"$2/$w-py3-none-any.whl"; done`
)

func TestPin(t *testing.T) {
	p := newPinned(t, registry, pypi)
	p.write(".env", "JUPYTER_TOKEN=mine\nSTEPWISE_LAB=debian\n")
	for range 2 { // running it again has no effect
		out, err := p.run()
		require.NoError(t, err, out)
		assert.Equal(t, "JUPYTER_TOKEN=mine\nSTEPWISE_GO_IMAGE=golang:1.26-trixie@"+someDigest+"\nSTEPWISE_LAB=pypi\n", p.read(".env"))
		lines := strings.Split(strings.TrimSpace(p.read("lab/requirements.txt")), "\n")
		require.Len(t, lines, 6)
		assert.Equal(t, "jupyterlab==4.5.11 --hash=sha256:"+sum("jupyterlab-4.5.11"), lines[1])
		assert.Equal(t, "jupyterlab-server==2.28.0 --hash=sha256:"+sum("jupyterlab_server-2.28.0"), lines[2])
		for _, line := range lines[1:] {
			assert.Regexp(t, `^[a-z0-9-]+==[0-9.]+ --hash=sha256:[0-9a-f]{64}$`, line)
		}
	}
}

// TestPinNotesAllOrNothing: half a pin would look like a whole one.
func TestPinNotesAllOrNothing(t *testing.T) {
	for _, test := range []struct{ name, docker, python3, says string }{
		{"no registry answers", `exit 1`, pypi, "no registry has golang:1.26-trixie"},
		{"the base is the stand-in, which has no digest", `true`, pypi, "has no digest"},
		{"PyPI doesn't answer", registry, `exit 1`, "run this on a machine that reaches PyPI"},
		{"a wheel is missing", registry, strings.Replace(pypi, " h11-0.16.0", "", 1), "pip downloaded no wheel of h11==0.16.0"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPinned(t, test.docker, test.python3)
			p.write(".env", "STEPWISE_PORT=1\n")
			out, err := p.run()
			assert.Error(t, err)
			assert.Contains(t, out, test.says)
			assert.Equal(t, "STEPWISE_PORT=1\n", p.read(".env"))
			assert.Equal(t, "", p.read("lab/requirements.txt"))
		})
	}
}

func TestTheStandInIsNoDigest(t *testing.T) {
	cmd := exec.Command(filepath.Join(clone(t), "docker/base-image"), "golang:1.26-trixie@"+someDigest)
	out, err := cmd.CombinedOutput()
	assert.Error(t, err)
	assert.Contains(t, string(out), "a stand-in can't be that one")
}

// sum is the hash of a text, by the tool that the script uses.
func sum(text string) string {
	cmd := exec.Command("sha256sum")
	cmd.Stdin = strings.NewReader(text)
	out, err := cmd.Output()
	if err != nil {
		return fmt.Sprint(err)
	}
	return strings.Fields(string(out))[0]
}
