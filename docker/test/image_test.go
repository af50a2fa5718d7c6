package test

import (
	"debug/elf"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// clone returns the folder of the course that contains these tests.
func clone(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	require.NoError(t, err)
	return dir
}

// inside runs a shell command in the image, as root and without its entrypoint.
func inside(t *testing.T, script string) string {
	t.Helper()
	return must(t, "run", "--rm", "--network", "none", "--user", "root", "--entrypoint", "bash", image(), "-c", script)
}

func TestImageSaysWhatItIs(t *testing.T) {
	var found []struct {
		Config struct {
			User         string
			Labels       map[string]string
			Entrypoint   []string
			ExposedPorts map[string]any
			Healthcheck  struct{ Test []string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(must(t, "image", "inspect", image())), &found))
	config := found[0].Config
	assert.Equal(t, "jovyan", config.User)
	assert.Equal(t, []string{"tini", "-g", "--", "start-stepwise"}, config.Entrypoint)
	assert.Contains(t, config.ExposedPorts, "8888/tcp")
	assert.Equal(t, []string{"CMD", "stepwise-healthy"}, config.Healthcheck.Test)
	for _, label := range []string{"title", "description", "licenses", "base.name"} {
		assert.NotEmpty(t, config.Labels["org.opencontainers.image."+label], label)
	}
	assert.Contains(t, []string{"debian", "pypi"}, config.Labels["stepwise.lab"])
	assert.Contains(t, inside(t, "id jovyan"), "uid=1000(jovyan) gid=100(users)")
}

// TestLicenses checks that the image contains the licenses of everything in it:
// passing the image on requires passing them on.
func TestLicenses(t *testing.T) {
	t.Run("Debian's packages", func(t *testing.T) {
		assert.Empty(t, inside(t, `for p in $(dpkg-query -W -f '${Package}\n') jupyterlab jupyterhub; do [ -s /usr/share/doc/$p/copyright ] || echo $p; done`))
	})
	t.Run("what Lab's pages are made of", func(t *testing.T) {
		inside(t, "test -s /usr/share/jupyter/lab/static/third-party-licenses.json")
	})
	t.Run("Go, and the modules in the programs", func(t *testing.T) {
		inside(t, "test -s /usr/local/go/LICENSE && test -s /opt/stepwise/course/LICENSE")
		assert.Empty(t, inside(t, `cd /opt/stepwise/course
for m in $(go version -m /opt/stepwise/bin/* | awk '$1 == "dep" {print $2 "@" $3}' | sort -u); do
  ls -d /opt/stepwise/mod/$m/*LICENSE* /opt/stepwise/mod/$m/*COPYING* 2>/dev/null | grep -q . || echo $m
done`))
	})
}

// TestNothingOfTheBuilder checks that no layer contains a secret, a token, or a
// path of the machine that built the image.
func TestNothingOfTheBuilder(t *testing.T) {
	history := must(t, "history", "--no-trunc", "--format", "{{.CreatedBy}}", image())
	environment := must(t, "image", "inspect", "--format", "{{json .Config}}", image())
	words := []string{clone(t)}
	if home, err := os.UserHomeDir(); err == nil && home != "/root" { // /root is every image's
		words = append(words, home)
	}
	for _, word := range words {
		assert.NotContains(t, history+environment, word)
		assert.Empty(t, inside(t, "grep -rlF -- '"+word+"' /opt /etc /home /root /usr/local --exclude-dir=go || true"), "files name %s", word)
	}
	assert.NotRegexp(t, `(?i)(token|password|secret|api_?key)\s*[=:]\s*\S`, history+environment)
	assert.Empty(t, inside(t, "ls -A /root /tmp /home/jovyan/work | grep -v -e : -e '^$' -e '^.bashrc$' -e '^.profile$' || true"), "left behind by the build")
	assert.Empty(t, inside(t, `find / -xdev \( -name '.netrc' -o -name '.git-credentials' -o -name 'id_rsa' -o -name 'id_ecdsa' -o -name 'id_ed25519' -o -name '.npmrc' -o -name '.env' -o -name 'auth.json' \) -size +0`))
}

// TestOtherMachines builds both programs of the image for the other kind of
// machine. The rest of the image doesn't depend on the kind, except for what comes
// from Debian and Go.
func TestOtherMachines(t *testing.T) {
	tool := filepath.Join(t.TempDir(), "stepwise")
	build := func(env []string, name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.Env = clone(t), append(os.Environ(), env...)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s %s\n%s", name, strings.Join(args, " "), out)
	}
	build(nil, "go", "build", "-o", tool, "./cmd/stepwise")
	arch, machine := "arm64", elf.EM_AARCH64
	if runtime.GOARCH == arch {
		arch, machine = "amd64", elf.EM_X86_64
	}
	dir := t.TempDir()
	env := []string{"GOOS=linux", "GOARCH=" + arch, "CGO_ENABLED=0"}
	build(env, "go", "build", "-o", filepath.Join(dir, "stepwise"), "./cmd/stepwise")
	build(env, tool, "prebuild", dir)
	for _, name := range []string{"stepwise", "stepwise-kernel", "stepwise-play"} {
		f, err := elf.Open(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Equal(t, machine, f.Machine, name)
		require.NoError(t, f.Close())
	}
	for _, file := range []string{"Dockerfile", "compose.yaml", "hub/Dockerfile", "image/usr/local/bin/start-stepwise"} {
		content, err := os.ReadFile(filepath.Join(clone(t), "docker", file))
		require.NoError(t, err)
		assert.NotRegexp(t, `amd64|x86.64|arm64|aarch64`, string(content), file)
	}
}
