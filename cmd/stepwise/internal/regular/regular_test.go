package regular

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestRead(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(outside, []byte("secret"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), []byte("content"), 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder"), 0o755))
	require.NoError(t, unix.Mkfifo(filepath.Join(dir, "pipe"), 0o644))
	for link, target := range map[string]string{"link": "file", "out": outside, "zero": "/dev/zero", "to-pipe": "pipe"} {
		require.NoError(t, os.Symlink(target, filepath.Join(dir, link)))
	}
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	defer root.Close()
	cases := []struct {
		name        string
		anywhere    string // what ReadFile returns
		within      string // what ReadIn returns
		err         error  // of ReadFile
		confinement bool   // whether ReadIn fails for another reason
	}{
		{name: "file", anywhere: "content", within: "content"},
		{name: "link", anywhere: "content", within: "content"},
		{name: "out", anywhere: "secret", confinement: true},
		{name: "zero", err: ErrNotRegular, confinement: true},
		{name: "folder", err: ErrNotRegular},
		{name: "pipe", err: ErrNotRegular},
		{name: "to-pipe", err: ErrNotRegular},
		{name: "none", err: fs.ErrNotExist},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			content, err := ReadFile(filepath.Join(dir, c.name), NoLimit)
			assert.ErrorIs(t, err, c.err)
			assert.Equal(t, c.anywhere, string(content))
			content, err = ReadIn(root, c.name)
			assert.Equal(t, c.within, string(content))
			if c.confinement {
				assert.ErrorContains(t, err, "escapes")
			} else {
				assert.ErrorIs(t, err, c.err)
			}
		})
	}
	t.Run("what it says", func(t *testing.T) {
		_, err := ReadFile(filepath.Join(dir, "pipe"), NoLimit)
		assert.EqualError(t, err, "read "+filepath.Join(dir, "pipe")+": not a regular file")
	})
}

func TestLimit(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, []byte("12345"), 0o644))
	content, err := ReadFile(name, 5)
	require.NoError(t, err)
	assert.Equal(t, "12345", string(content))
	_, err = ReadFile(name, 4)
	require.ErrorIs(t, err, ErrTooLong)
	assert.ErrorContains(t, err, name)
}

func TestWriteFile(t *testing.T) {
	occupied := func(t *testing.T, name string) { require.NoError(t, os.Mkdir(name, 0o755)) }
	cases := []struct {
		name   string
		before func(t *testing.T, name string)
		fails  bool
		left   int // files in the folder
	}{
		{"a new file", func(*testing.T, string) {}, false, 1},
		{"over an older one", func(t *testing.T, name string) { require.NoError(t, os.WriteFile(name, []byte("older"), 0o600)) }, false, 1},
		{"over a folder", occupied, true, 1},
		{"in a folder that isn't there", func(t *testing.T, name string) { require.NoError(t, os.Remove(filepath.Dir(name))) }, true, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "dir")
			require.NoError(t, os.Mkdir(dir, 0o755))
			name := filepath.Join(dir, "file")
			c.before(t, name)
			err := WriteFile(name, []byte("content"), 0o755)
			left, _ := os.ReadDir(dir)
			assert.Len(t, left, c.left, "nothing is left beside it")
			if c.fails {
				require.Error(t, err)
				return
			}
			require.NoError(t, err)
			content, err := os.ReadFile(name)
			require.NoError(t, err)
			assert.Equal(t, "content", string(content))
			info, err := os.Stat(name)
			require.NoError(t, err)
			assert.Equal(t, fs.FileMode(0o755), info.Mode(), "whatever the umask")
		})
	}
}

// TestCreate: until Keep, and after Drop, everything is as it was.
func TestCreate(t *testing.T) {
	for _, c := range []struct {
		name, file string
		end        func(f *File) error
		want       string
	}{
		{"kept", "file", (*File).Keep, "new"},
		{"dropped", "file", func(f *File) error { f.Drop(); return nil }, "older"},
		{"kept, then dropped", "file", func(f *File) error { defer f.Drop(); return f.Keep() }, "new"},
		{"dropped twice", "file", func(f *File) error { f.Drop(); f.Drop(); return nil }, "older"},
		{"a name of 255 bytes", strings.Repeat("n", 255), (*File).Keep, "new"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, c.file)
			require.NoError(t, os.WriteFile(name, []byte("older"), 0o640))
			f, err := Create(name, 0o600)
			require.NoError(t, err)
			_, err = f.WriteString("new")
			require.NoError(t, err)
			content, err := os.ReadFile(name)
			require.NoError(t, err)
			assert.Equal(t, "older", string(content))
			require.NoError(t, c.end(f))
			content, err = os.ReadFile(name)
			require.NoError(t, err)
			assert.Equal(t, c.want, string(content))
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			assert.Len(t, left, 1)
		})
	}
	t.Run("its mode is before the umask", func(t *testing.T) {
		old := unix.Umask(0o027)
		defer unix.Umask(old)
		name := filepath.Join(t.TempDir(), "file")
		f, err := Create(name, 0o666)
		require.NoError(t, err)
		require.NoError(t, f.Keep())
		info, err := os.Stat(name)
		require.NoError(t, err)
		assert.Equal(t, fs.FileMode(0o640), info.Mode())
	})
}

// A program that has the old file open goes on reading it.
func TestWriteFileLeavesTheOldOneToItsReaders(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(name, []byte("older"), 0o644))
	f, err := os.Open(name)
	require.NoError(t, err)
	defer f.Close()
	require.NoError(t, WriteFile(name, []byte("newer"), 0o644))
	content, err := io.ReadAll(f)
	require.NoError(t, err)
	assert.Equal(t, "older", string(content))
}
