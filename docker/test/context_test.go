package test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// private are files that builders have in their clones, and files that editors and
// systems leave behind. They must stay out of an image that others get.
var private = []string{
	".env", ".env.local", "docker/.env", "notebooks/.env", "prod.env", ".envrc",
	".netrc", ".npmrc", ".pypirc", "pip.conf", ".git-credentials", ".git/config", ".ssh/config", ".aws/credentials", ".kube/config", ".docker/config.json", ".gnupg/secring.gpg", ".pgpass", "docs/.htpasswd",
	"id_rsa", "keys/id_ecdsa", "id_ed25519.old", "id_dsa", "server.key", "server.p12", "server.pfx", "all.kdbx", "pkg/serve/cert.pem", "docker/hub/passwords.txt",
	".vscode/settings.json", ".idea/workspace.xml", "pkg/sock/.send.go.swp", "pkg/sock/send.go~", ".DS_Store", "notebooks/.DS_Store", "#send.go#",
	".stepwise/venv/bin/python", "notebooks/.ipynb_checkpoints/x.ipynb", "x/__pycache__/y.pyc", ".ci/run",
}

// sent returns the files of a folder that an engine gets to build from.
func sent(t *testing.T, dir string) (files []string) {
	t.Helper()
	dockerfile, out := filepath.Join(t.TempDir(), "Dockerfile"), t.TempDir()
	require.NoError(t, os.WriteFile(dockerfile, []byte("FROM scratch\nCOPY . /\n"), 0o644))
	cmd := exec.Command("docker", "build", "--quiet", "--file", dockerfile, "--output", out, dir)
	cmd.Env = append(os.Environ(), "DOCKER_BUILDKIT=1")
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.NoError(t, filepath.WalkDir(out, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, strings.TrimPrefix(path, out+"/"))
		}
		return err
	}))
	return files
}

// TestNothingPrivateIsBuiltIn builds from a folder full of secrets: only the course
// gets into the image.
func TestNothingPrivateIsBuiltIn(t *testing.T) {
	dir := t.TempDir()
	ignored, err := os.ReadFile(filepath.Join(clone(t), ".dockerignore"))
	require.NoError(t, err)
	wanted := []string{"go.mod", "pkg/sock/send.go", "docker/image/etc/x", "docker/kernel/main.go", "docker/lab/requirements.in"}
	for _, name := range append(append([]string{}, private...), wanted...) {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte("secret"), 0o644))
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".dockerignore"), ignored, 0o644))
	assert.ElementsMatch(t, append(wanted, ".dockerignore"), sent(t, dir))
}

// TestAllOfTheCourseIsBuiltIn checks that no file of the repository is mistaken for
// a secret.
func TestAllOfTheCourseIsBuiltIn(t *testing.T) {
	out, err := exec.Command("git", "-C", clone(t), "ls-files").Output()
	require.NoError(t, err)
	var wanted []string
	for _, name := range strings.Fields(string(out)) {
		switch top, rest, _ := strings.Cut(name, "/"); {
		case top == ".ci":
		case top == "docker" && !strings.HasPrefix(rest, "image/") && !strings.HasPrefix(rest, "kernel/") && !strings.HasPrefix(rest, "lab/"):
		default:
			wanted = append(wanted, name)
		}
	}
	assert.Subset(t, sent(t, clone(t)), wanted)
}
