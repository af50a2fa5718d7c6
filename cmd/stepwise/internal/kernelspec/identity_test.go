package kernelspec

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// installed is a folder into which the kernel "one" was installed.
func installed(t *testing.T) Folder {
	t.Helper()
	f, err := Under(t.TempDir())
	require.NoError(t, err)
	_, err = f.Install("one", (&builder{t: t}).build)
	require.NoError(t, err)
	return f
}

// TestWhatSomebodyChanged checks that a changed file is kept, whatever its name.
func TestWhatSomebodyChanged(t *testing.T) {
	t.Run("uninstall leaves it", func(t *testing.T) {
		f := installed(t)
		require.NoError(t, os.WriteFile(f.file("kernel.json"), []byte("theirs"), 0o644))
		left, err := f.Uninstall()
		require.NoError(t, err)
		assert.Equal(t, []string{"kernel.json"}, left)
		content, err := os.ReadFile(f.file("kernel.json"))
		require.NoError(t, err)
		assert.Equal(t, "theirs", string(content))
	})
	t.Run("another install keeps it beside the new one, twice", func(t *testing.T) {
		f := installed(t)
		require.NoError(t, os.WriteFile(f.file("kernel.json"), []byte("theirs"), 0o644))
		outcome, err := f.Install("one", (&builder{t: t}).build)
		require.NoError(t, err)
		assert.Equal(t, Renewed+"; what you changed is kept as kernel.json.yours", outcome)
		require.NoError(t, os.WriteFile(f.file("kernel.json"), []byte("theirs, later"), 0o644))
		_, err = f.Install("two", (&builder{t: t}).build)
		require.NoError(t, err)
		for name, want := range map[string]string{"kernel.json.yours": "theirs", "kernel.json.yours-2": "theirs, later"} {
			content, err := os.ReadFile(f.file(name))
			require.NoError(t, err)
			assert.Equal(t, want, string(content))
		}
		left, err := f.Uninstall()
		require.NoError(t, err)
		assert.Equal(t, []string{"kernel.json.yours", "kernel.json.yours-2"}, left)
	})
	t.Run("a folder or a pipe in a file's place stays", func(t *testing.T) {
		f := installed(t)
		require.NoError(t, os.Remove(f.file("kernel.json")))
		require.NoError(t, os.Mkdir(f.file("kernel.json"), 0o755))
		require.NoError(t, os.Remove(f.file("logo-svg.svg")))
		require.NoError(t, unix.Mkfifo(f.file("logo-svg.svg"), 0o644))
		left, err := f.Uninstall()
		require.NoError(t, err)
		assert.Equal(t, []string{"kernel.json", "logo-svg.svg"}, left)
	})
	t.Run("an install that was cut off takes its own along", func(t *testing.T) {
		f := installed(t)
		m, err := f.manifest()
		require.NoError(t, err)
		for name := range m.Files {
			m.Files[name] = ""
		}
		require.NoError(t, f.note(m))
		outcome, err := f.Install("one", (&builder{t: t}).build)
		require.NoError(t, err)
		assert.Equal(t, Renewed, outcome, "its own files pass for somebody's")
		require.NoError(t, f.note(m))
		left, err := f.Uninstall()
		require.NoError(t, err)
		assert.Empty(t, left)
	})
}

// TestAManifestOfSomebodys checks that files elsewhere that a manifest names are left
// alone.
func TestAManifestOfSomebodys(t *testing.T) {
	elsewhere := t.TempDir()
	victim := filepath.Join(elsewhere, "victim")
	empty := filepath.Join(elsewhere, "empty")
	require.NoError(t, os.WriteFile(victim, []byte("theirs"), 0o644))
	require.NoError(t, os.Mkdir(empty, 0o755))
	for name, spoil := range map[string]func(f Folder, m *manifest){
		"an absolute name":      func(_ Folder, m *manifest) { m.Files[victim] = "" },
		"a name that leads out": func(f Folder, m *manifest) { rel, _ := filepath.Rel(string(f), victim); m.Files[rel] = "" },
		"a file in a folder":    func(_ Folder, m *manifest) { m.Files["theirs/file"] = "" },
		"the folder above":      func(_ Folder, m *manifest) { m.Files[".."] = "" },
		"the folder itself":     func(_ Folder, m *manifest) { m.Files["."] = "" },
		"nothing":               func(_ Folder, m *manifest) { m.Files[""] = "" },
	} {
		t.Run(name, func(t *testing.T) {
			f := installed(t)
			m, err := f.manifest()
			require.NoError(t, err)
			spoil(f, &m)
			text, err := json.Marshal(m)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(f.file(manifestName), text, 0o644))
			before := names(t, string(f))
			_, err = f.Uninstall()
			assert.ErrorContains(t, err, "remove that folder by hand")
			b := &builder{t: t}
			_, err = f.Install("two", b.build)
			assert.ErrorContains(t, err, "remove that folder by hand")
			assert.Zero(t, b.times)
			assert.Equal(t, before, names(t, string(f)))
			assert.FileExists(t, victim)
			assert.DirExists(t, empty)
		})
	}
	t.Run("folders elsewhere", func(t *testing.T) {
		f := installed(t)
		inside := f.file("theirs")
		require.NoError(t, os.Mkdir(inside, 0o755))
		m, err := f.manifest()
		require.NoError(t, err)
		m.Folders = append([]string{empty, inside, "."}, m.Folders...)
		require.NoError(t, f.note(m))
		left, err := f.Uninstall()
		require.NoError(t, err)
		assert.Equal(t, []string{"theirs"}, left)
		assert.DirExists(t, empty)
	})
	t.Run("a pipe", func(t *testing.T) {
		f := installed(t)
		require.NoError(t, os.Remove(f.file(manifestName)))
		require.NoError(t, unix.Mkfifo(f.file(manifestName), 0o644))
		_, err := f.Uninstall()
		assert.ErrorContains(t, err, "not a regular file")
	})
}
