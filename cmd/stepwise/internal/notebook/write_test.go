package notebook

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"stepwise/cmd/stepwise/internal/regular"
)

func TestWrite(t *testing.T) {
	nb := &Notebook{Nbformat: 4, NbformatMinor: 5}
	cases := []struct {
		name   string
		before func(t *testing.T, dir string)
		fails  bool
		after  func(t *testing.T, dir string)
	}{
		{"a new one", func(*testing.T, string) {}, false, nil},
		{"over an old one, whose permissions stay", func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, "a.ipynb"), nil, 0o600))
		}, false, func(t *testing.T, dir string) {
			info, err := os.Stat(filepath.Join(dir, "a.ipynb"))
			require.NoError(t, err)
			assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		}},
		{"beside a file of somebody's", func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, "a.ipynb"), nil, 0o644))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "a.ipynb.new"), []byte("mine"), 0o644))
		}, false, func(t *testing.T, dir string) {
			content, err := os.ReadFile(filepath.Join(dir, "a.ipynb.new"))
			require.NoError(t, err)
			assert.Equal(t, "mine", string(content))
		}},
		{"through a link", func(t *testing.T, dir string) {
			require.NoError(t, os.WriteFile(filepath.Join(dir, "target"), nil, 0o644))
			require.NoError(t, os.Symlink("target", filepath.Join(dir, "a.ipynb")))
		}, false, func(t *testing.T, dir string) {
			target, err := os.Readlink(filepath.Join(dir, "a.ipynb"))
			require.NoError(t, err, "the link is gone")
			assert.Equal(t, "target", target)
		}},
		{"over a folder", func(t *testing.T, dir string) { require.NoError(t, os.Mkdir(filepath.Join(dir, "a.ipynb"), 0o755)) }, true, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			c.before(t, dir)
			before, err := os.ReadDir(dir)
			require.NoError(t, err)
			err = nb.Write(filepath.Join(dir, "a.ipynb"))
			assert.Equal(t, c.fails, err != nil, "%v", err)
			after, readErr := os.ReadDir(dir)
			require.NoError(t, readErr)
			if c.fails {
				assert.Equal(t, len(before), len(after), "a failed write leaves a file")
				return
			}
			_, err = Read(filepath.Join(dir, "a.ipynb"))
			assert.NoError(t, err)
			if c.after != nil {
				c.after(t, dir)
				assert.Equal(t, len(before), len(after), "something is left beside it")
			}
		})
	}
}

// TestReadOfWhatIsNoFile reads, among others, a pipe, which would hang its reader.
func TestReadOfWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, unix.Mkfifo(filepath.Join(dir, "a.ipynb"), 0o644))
	_, err := Read(filepath.Join(dir, "a.ipynb"))
	assert.ErrorIs(t, err, regular.ErrNotRegular)
	outside := filepath.Join(t.TempDir(), "b.ipynb")
	require.NoError(t, (&Notebook{Nbformat: 4}).Write(outside))
	require.NoError(t, os.Symlink(outside, filepath.Join(dir, "b.ipynb")))
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	defer root.Close()
	_, err = ReadIn(root, "b.ipynb")
	assert.ErrorContains(t, err, "escapes")
	_, err = ReadIn(root, "a.ipynb")
	assert.ErrorIs(t, err, regular.ErrNotRegular)
	require.NoError(t, (&Notebook{Nbformat: 4}).Write(filepath.Join(dir, "c.ipynb")))
	nb, err := ReadIn(root, "c.ipynb")
	require.NoError(t, err)
	assert.Equal(t, filepath.Join(dir, "c.ipynb"), nb.Path)
}
