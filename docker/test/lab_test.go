package test

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// wheel writes a wheel named like Lab's, with one file of each kind that Lab's own
// has, and returns its hash.
func wheel(t *testing.T, dir string) string {
	t.Helper()
	const info = "jupyterlab-4.5.11.dist-info/"
	files := [][2]string{
		{"jupyterlab/__init__.py", "newer = True\n"},
		{"jupyterlab/labapp.py", "def main(): pass\n"},
		{"jupyterlab/tests/test.py", ""},
		{"jupyterlab-4.5.11.data/data/share/jupyter/lab/static/index.html", "newer"},
		{"jupyterlab-4.5.11.data/data/etc/jupyter/jupyter_server_config.d/jupyterlab.json", `"newer"`},
		{info + "METADATA", "Metadata-Version: 2.1\nName: jupyterlab\nVersion: 4.5.11\n"},
		{info + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
		{info + "entry_points.txt", "[console_scripts]\njupyter-lab = jupyterlab.labapp:main\njupyter-labhub = jupyterlab.labapp:main\n"},
	}
	record := info + "RECORD,,\n"
	for _, file := range files {
		record += file[0] + ",,\n"
	}
	path := filepath.Join(dir, "jupyterlab-4.5.11-py3-none-any.whl")
	f, err := os.Create(path)
	require.NoError(t, err)
	z := zip.NewWriter(f)
	for _, file := range append(files, [2]string{info + "RECORD", record}) {
		w, err := z.Create(file[0])
		require.NoError(t, err)
		_, err = w.Write([]byte(file[1]))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	require.NoError(t, f.Close())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return fmt.Sprintf("%x", sha256.Sum256(content))
}

// TestLabOfPyPI builds the stage that takes Lab from PyPI, from a wheel in
// docker/lab and without PyPI itself.
func TestLabOfPyPI(t *testing.T) {
	for _, test := range []struct{ name, hash, says string }{
		{"the wheel that was noted", "", ""},
		{"another wheel", someDigest[len("sha256:"):], "DO NOT MATCH THE HASHES"},
		{"nothing was noted", "none", `(?m)^#\d+ [\d.]+ docker/lab/requirements.txt is missing: run docker/pin`},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			pins := filepath.Join(dir, "docker/lab")
			require.NoError(t, os.MkdirAll(pins, 0o755))
			hash := wheel(t, pins)
			if test.hash != "" {
				hash = test.hash
			}
			if hash != "none" {
				require.NoError(t, os.WriteFile(filepath.Join(pins, "requirements.txt"), []byte("jupyterlab==4.5.11 --hash=sha256:"+hash+"\n"), 0o644))
			}
			lab, output, err := buildLab(t, dir)
			if test.says != "" {
				require.Error(t, err)
				assert.Regexp(t, test.says, output)
				return
			}
			require.NoError(t, err, output)
			read := func(pattern string) string {
				found, err := filepath.Glob(filepath.Join(lab, pattern))
				require.NoError(t, err)
				require.Len(t, found, 1, pattern)
				content, err := os.ReadFile(found[0])
				require.NoError(t, err)
				return string(content)
			}
			assert.Equal(t, "newer = True\n", read("usr/local/lib/python3.*/dist-packages/jupyterlab/__init__.py"))
			assert.Equal(t, "newer", read("usr/share/jupyter/lab/static/index.html"))
			assert.Equal(t, `"newer"`, read("etc/jupyter/jupyter_server_config.d/jupyterlab.json"))
			assert.Contains(t, read("usr/bin/jupyter-lab"), "#!/usr/bin/python3\n")
			assert.NoDirExists(t, filepath.Join(lab, "usr/lib/python3/dist-packages/jupyterlab"), "Debian's")
			assert.DirExists(t, filepath.Join(lab, "usr/lib/python3/dist-packages/jupyterhub"), "the Hub's server is Debian's")
		})
	}
}

// buildLab builds the Dockerfile's stage lab and returns the folder of its files.
func buildLab(t *testing.T, dir string) (lab, output string, err error) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(clone(t), "docker/Dockerfile"))
	require.NoError(t, err)
	dockerfile := filepath.Join(t.TempDir(), "Dockerfile")
	require.NoError(t, os.WriteFile(dockerfile, append(content, "\nFROM scratch AS shown\nCOPY --from=lab /lab /\n"...), 0o644))
	network := os.Getenv("STEPWISE_BUILD_NETWORK")
	if network == "" {
		network = "default"
	}
	lab = t.TempDir()
	cmd := exec.Command("docker", "build", "--progress", "plain", "--network", network, "--build-arg", "STEPWISE_LAB=pypi", "--build-arg", "PIP_NO_INDEX=1",
		"--file", dockerfile, "--target", "shown", "--output", lab, dir)
	cmd.Env = append(os.Environ(), "DOCKER_BUILDKIT=1")
	out, err := cmd.CombinedOutput()
	return lab, string(out), err
}
