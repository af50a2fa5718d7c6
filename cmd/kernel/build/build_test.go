package build

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBuildSaysWhatFailed(t *testing.T) {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	cases := []struct {
		name   string
		ctx    context.Context
		path   string // PATH; empty: as it is
		module string
		is     error
		says   string
	}{
		{"no go command", context.Background(), t.TempDir(), module, ErrNoGo, "install Go"},
		{"a folder that is no module", context.Background(), "", t.TempDir(), nil, "looking for " + upstream},
		{"a canceled context", canceled, "", module, context.Canceled, "looking for " + upstream},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.path != "" {
				t.Setenv("PATH", c.path)
			}
			out := filepath.Join(t.TempDir(), "kernel")
			err := Build(c.ctx, c.module, out, io.Discard)
			require.Error(t, err)
			if c.is != nil {
				assert.ErrorIs(t, err, c.is)
			}
			assert.ErrorContains(t, err, c.says)
			assert.NoFileExists(t, out)
		})
	}
}

func TestOverlay(t *testing.T) {
	source := t.TempDir()
	for _, name := range upstreamFiles {
		require.NoError(t, os.WriteFile(filepath.Join(source, name), nil, 0o644))
	}
	t.Run("maps each file to its place in the module cache", func(t *testing.T) {
		name, err := writeOverlay(t.TempDir(), "/course", source)
		require.NoError(t, err)
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		var overlay struct{ Replace map[string]string }
		require.NoError(t, json.Unmarshal(text, &overlay))
		assert.Len(t, overlay.Replace, len(upstreamFiles))
		assert.Equal(t, filepath.Join(source, "messages.go"), overlay.Replace[filepath.FromSlash("/course/cmd/kernel/messages.go")])
	})
	t.Run("refuses to hide a file of ours", func(t *testing.T) {
		course := t.TempDir()
		require.NoError(t, os.MkdirAll(filepath.Join(course, "cmd", "kernel"), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(course, "cmd", "kernel", "messages.go"), nil, 0o644))
		_, err := writeOverlay(t.TempDir(), course, source)
		assert.ErrorContains(t, err, "would be hidden")
	})
	t.Run("says which file is missing upstream", func(t *testing.T) {
		_, err := writeOverlay(t.TempDir(), "/course", t.TempDir())
		assert.ErrorIs(t, err, os.ErrNotExist)
		assert.ErrorContains(t, err, "messages.go should be in "+upstream)
	})
}

func TestKernelSpec(t *testing.T) {
	var spec map[string]any
	require.NoError(t, json.Unmarshal(KernelSpec(`/a "b"/kernel`), &spec))
	assert.Equal(t, map[string]any{
		"argv":           []any{`/a "b"/kernel`, "{connection_file}"},
		"display_name":   "Go (gophernotes)",
		"language":       "go",
		"interrupt_mode": "message",
	}, spec)
}

// tabled lists the packages that the generated tables hold.
func tabled(t testing.TB) []string {
	t.Helper()
	var paths []string
	for _, name := range []string{"course.go", "standard.go", "system_linux_amd64.go"} {
		text, err := os.ReadFile(filepath.Join("..", "tables", name))
		require.NoError(t, err)
		for _, match := range regexp.MustCompile(`imports\.Packages\["(.+)"\]`).FindAllStringSubmatch(string(text), -1) {
			paths = append(paths, match[1])
		}
	}
	require.NotEmpty(t, paths)
	return paths
}
