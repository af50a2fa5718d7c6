package kernelspec

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"stepwise/cmd/stepwise/internal/notebook"
)

// builder stands in for the kernel's build, and counts its calls.
type builder struct {
	t     *testing.T
	times int
	fails error
}

func (b *builder) build() (string, error) {
	b.times++
	if b.fails != nil {
		return "", b.fails
	}
	program := filepath.Join(b.t.TempDir(), "kernel")
	require.NoError(b.t, os.WriteFile(program, []byte("#!/bin/sh\necho ready\n"), 0o755))
	return program, nil
}

func TestInstall(t *testing.T) {
	cases := []struct {
		name   string
		change func(t *testing.T, f Folder) // what happens after a first install of "one"
		second string                       // the fingerprint of the second
		want   Outcome
		builds int // by the second
	}{
		{"the same again is left alone", func(*testing.T, Folder) {}, "one", Unchanged, 0},
		{"a newer kernel takes its place", func(*testing.T, Folder) {}, "two", Renewed, 1},
		{"a file that is gone comes back", func(t *testing.T, f Folder) {
			require.NoError(t, os.Remove(f.file("logo-64x64.png")))
		}, "one", Renewed, 1},
		{"a program that was cut short is replaced", func(t *testing.T, f Folder) {
			require.NoError(t, os.WriteFile(f.file(binaryName), []byte("#!/"), 0o755))
		}, "one", Renewed, 1},
		{"an install that was cut short is completed", func(t *testing.T, f Folder) {
			m, err := f.manifest()
			require.NoError(t, err)
			m.Fingerprint = ""
			require.NoError(t, f.note(m))
		}, "one", Renewed, 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			prefix := filepath.Join(t.TempDir(), "new", "prefix")
			f, err := Under(prefix)
			require.NoError(t, err)
			b := &builder{t: t}
			outcome, err := f.Install("one", b.build)
			require.NoError(t, err)
			assert.Equal(t, Installed, outcome)
			require.Equal(t, 1, b.times)

			c.change(t, f)
			outcome, err = f.Install(c.second, b.build)
			require.NoError(t, err)
			assert.Equal(t, c.want, outcome)
			assert.Equal(t, c.builds, b.times-1)
			outcome, err = f.Install(c.second, b.build)
			require.NoError(t, err)
			assert.Equal(t, Unchanged, outcome, "what the second has left is not whole")

			left, err := f.Uninstall()
			require.NoError(t, err)
			assert.Empty(t, left)
			assert.NoDirExists(t, filepath.Dir(prefix), "install made it, so uninstall removes it")
		})
	}
}

func TestWhatIsInstalled(t *testing.T) {
	prefix := t.TempDir()
	f, err := Under(prefix)
	require.NoError(t, err)
	_, err = f.Install("one", (&builder{t: t}).build)
	require.NoError(t, err)
	require.NoError(t, f.Find())

	assert.Equal(t, filepath.Join(prefix, "share", "jupyter"), f.Place())
	assert.Equal(t, notebook.KernelName, filepath.Base(string(f)), "Jupyter looks for the folder by the notebooks' kernelspec.name")
	text, err := os.ReadFile(f.file("kernel.json"))
	require.NoError(t, err)
	var spec struct{ Argv []string }
	require.NoError(t, json.Unmarshal(text, &spec))
	program, err := os.Stat(spec.Argv[0])
	require.NoError(t, err, "kernel.json starts what is not there")
	assert.Equal(t, fs.FileMode(0o755), program.Mode().Perm())
	for _, name := range []string{"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"} {
		info, err := os.Stat(f.file(name))
		require.NoError(t, err)
		assert.Equal(t, fs.FileMode(0o644), info.Mode().Perm(), "%s is for all users of the machine", name)
	}
}

func TestInstallFails(t *testing.T) {
	broken := errors.New("it doesn't compile")
	cases := []struct {
		name   string
		before func(t *testing.T, prefix string)
		fails  error
		want   error
		says   string
	}{
		{"the build fails", nil, broken, broken, "compile"},
		{"another kernel of that name is there", func(t *testing.T, prefix string) {
			dir := filepath.Join(prefix, "share", "jupyter", "kernels", "gophernotes")
			require.NoError(t, os.MkdirAll(dir, 0o755))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "kernel.json"), []byte("{}"), 0o644))
		}, nil, ErrForeign, "--prefix"},
		{"a file is in the place of the folder", func(t *testing.T, prefix string) {
			require.NoError(t, os.WriteFile(filepath.Join(prefix, "share"), nil, 0o644))
		}, nil, nil, "not a directory"},
		{"nobody may write there", func(t *testing.T, prefix string) {
			if os.Geteuid() == 0 {
				// root may write anywhere, except where the system itself refuses
				require.NoError(t, os.Symlink("/proc/self", filepath.Join(prefix, "share")))
				return
			}
			require.NoError(t, os.Chmod(prefix, 0o555))
		}, nil, nil, "installing the kernel into"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			prefix := t.TempDir()
			if c.before != nil {
				c.before(t, prefix)
			}
			before := names(t, prefix)
			f, err := Under(prefix)
			require.NoError(t, err)
			b := &builder{t: t, fails: c.fails}
			_, err = f.Install("one", b.build)
			require.Error(t, err)
			if c.want != nil {
				assert.ErrorIs(t, err, c.want)
			}
			assert.ErrorContains(t, err, c.says)
			assert.Equal(t, before, names(t, prefix), "a failed install leaves nothing behind")
			if c.fails == nil {
				assert.Zero(t, b.times, "a minute of building, for nothing")
			}
		})
	}
}

func TestAFailedUpgradeKeepsTheOldKernel(t *testing.T) {
	f, err := Under(t.TempDir())
	require.NoError(t, err)
	b := &builder{t: t}
	_, err = f.Install("one", b.build)
	require.NoError(t, err)
	b.fails = errors.New("it doesn't compile")
	_, err = f.Install("two", b.build)
	require.ErrorIs(t, err, b.fails)
	assert.FileExists(t, f.file(binaryName))
	assert.FileExists(t, f.file("kernel.json"))
}

func TestRefusedSaysWhatToDo(t *testing.T) {
	err := Folder("/usr/share/jupyter/kernels/gophernotes").refused(fs.ErrPermission)
	assert.ErrorContains(t, err, "/usr/share/jupyter/kernels/gophernotes")
	assert.ErrorContains(t, err, "--user or --prefix")
}

func TestUninstall(t *testing.T) {
	t.Run("nothing is there", func(t *testing.T) {
		f, err := Under(t.TempDir())
		require.NoError(t, err)
		_, err = f.Uninstall()
		assert.ErrorIs(t, err, ErrNotInstalled)
	})
	t.Run("somebody else's kernel stays", func(t *testing.T) {
		prefix := t.TempDir()
		f, err := Under(prefix)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(string(f), 0o755))
		require.NoError(t, os.WriteFile(f.file("kernel.json"), []byte("{}"), 0o644))
		before := names(t, prefix)
		_, err = f.Uninstall()
		assert.ErrorIs(t, err, ErrForeign)
		assert.Equal(t, before, names(t, prefix))
	})
	t.Run("what was there before stays, and what was added", func(t *testing.T) {
		prefix := t.TempDir()
		other := filepath.Join(prefix, "share", "jupyter", "kernels", "python3", "kernel.json")
		require.NoError(t, os.MkdirAll(filepath.Dir(other), 0o755))
		require.NoError(t, os.WriteFile(other, []byte("{}"), 0o644))
		f, err := Under(prefix)
		require.NoError(t, err)
		_, err = f.Install("one", (&builder{t: t}).build)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(f.file("notes.txt"), nil, 0o644))
		left, err := f.Uninstall()
		require.NoError(t, err)
		assert.Equal(t, []string{"notes.txt"}, left)
		assert.FileExists(t, f.file("notes.txt"))
		assert.NoFileExists(t, f.file(manifestName))
		assert.FileExists(t, other)
	})
}

func TestOfUser(t *testing.T) {
	cases := []struct{ name, data, xdg, want string }{
		{"Jupyter's own variable comes first", "/data", "/xdg", "/data/kernels/gophernotes"},
		{"then that of the desktops", "", "/xdg", "/xdg/jupyter/kernels/gophernotes"},
		{"else a folder in the home", "", "", "/home/jovyan/.local/share/jupyter/kernels/gophernotes"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("JUPYTER_DATA_DIR", c.data)
			t.Setenv("XDG_DATA_HOME", c.xdg)
			t.Setenv("HOME", "/home/jovyan")
			f, err := OfUser()
			require.NoError(t, err)
			assert.Equal(t, Folder(c.want), f)
		})
	}
}

// names lists everything in dir and its folders.
func names(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	require.NoError(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		all = append(all, path)
		return err
	}))
	return all
}
