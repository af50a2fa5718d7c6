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
		name := filepath.Join(t.TempDir(), "overlay.json")
		laid, err := writeOverlay(name, "/course", source, "/tmp/all.zip")
		require.NoError(t, err)
		assert.Equal(t, []string{filepath.Join(source, "messages.go")}, laid)
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		var overlay struct{ Replace map[string]string }
		require.NoError(t, json.Unmarshal(text, &overlay))
		assert.Len(t, overlay.Replace, len(upstreamFiles)+1)
		assert.Equal(t, "/tmp/all.zip", overlay.Replace[filepath.FromSlash("/course/cmd/kernel/exports/exports.zip")])
		assert.Equal(t, filepath.Join(source, "messages.go"), overlay.Replace[filepath.FromSlash("/course/cmd/kernel/messages.go")])
	})
	t.Run("refuses to hide a file of ours", func(t *testing.T) {
		course := t.TempDir()
		require.NoError(t, os.MkdirAll(filepath.Join(course, "cmd", "kernel"), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(course, "cmd", "kernel", "messages.go"), nil, 0o644))
		_, err := writeOverlay(filepath.Join(t.TempDir(), "overlay.json"), course, source, "")
		assert.ErrorContains(t, err, "would be hidden")
	})
	t.Run("says which file is missing upstream", func(t *testing.T) {
		_, err := writeOverlay(filepath.Join(t.TempDir(), "overlay.json"), "/course", t.TempDir(), "")
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
	launcher := append(make([]string, 0, 8), "nice", "-n", "5")
	for _, binary := range []string{"/a/kernel", "/b/kernel"} { // the second call must not see the first
		require.NoError(t, json.Unmarshal(KernelSpec(binary, launcher...), &spec))
		assert.Equal(t, []any{"nice", "-n", "5", binary, "{connection_file}"}, spec["argv"])
	}
}

// TestKernelPackage vets the kernel's own package, and runs its tests: they need the
// overlay and the tag, so that no go test ./... sees them.
func TestKernelPackage(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: compiling the kernel takes ten seconds, a minute the first time")
	}
	overlay := filepath.Join(t.TempDir(), "overlay.json")
	laid, err := Overlay(t.Context(), module, overlay, nil)
	require.NoError(t, err)
	for _, file := range laid {
		assert.FileExists(t, file)
	}
	_, err = goCommand(t.Context(), module, nil, "vet", "-overlay", overlay, "-tags", Tag, kernelPackage)
	require.NoError(t, err)
	out, err := goCommand(t.Context(), module, nil, "test", "-v", "-overlay", overlay, "-tags", Tag, kernelPackage)
	assert.NoError(t, err, "%s", out)
	ran := make(map[string]bool)
	for _, match := range regexp.MustCompile(`(?m)^--- (\w+): (\w+)`).FindAllStringSubmatch(string(out), -1) {
		t.Run(match[2], func(t *testing.T) { assert.Equal(t, "PASS", match[1]) })
		ran[match[2]] = true
	}
	for _, name := range testsIn(t, "..") {
		assert.True(t, ran[name], "%s has not run", name)
	}
}

// testsIn are the names of the tests in a folder. It reads all files there, so that go
// test runs this package anew when one of them changes.
func testsIn(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var names []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			names = append(names, match[1])
		}
	}
	return names
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
