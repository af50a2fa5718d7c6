package setup

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tree makes a clone with a file of each kind that the kernel is built from.
func tree(t *testing.T) Course {
	t.Helper()
	c := Course{Dir: t.TempDir()}
	for name, content := range map[string]string{
		"go.mod": "module stepwise\n\ngo 1.26.0\n", "go.sum": "", "README.md": "# x",
		"cmd/kernel/main.go": "package main", "cmd/stepwise/main.go": "package main",
		"pkg/loop/loop.go": "package loop", "pkg/loop/loop_test.go": "package loop",
		"pkg/loop/testdata/a": "", "internal/progress/progress.go": "package progress",
	} {
		write(t, c, name, content)
	}
	return c
}

func write(t *testing.T, c Course, name, content string) {
	t.Helper()
	path := filepath.Join(c.Dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o644))
}

func TestFingerprint(t *testing.T) {
	cases := []struct {
		name   string
		change func(t *testing.T, c Course)
		same   bool
	}{
		{"nothing changes", func(*testing.T, Course) {}, true},
		{"a package of ours changes", func(t *testing.T, c Course) { write(t, c, "pkg/loop/loop.go", "package loop // new") }, false},
		{"one comes", func(t *testing.T, c Course) { write(t, c, "pkg/wait/wait.go", "package wait") }, false},
		{"one goes", func(t *testing.T, c Course) {
			require.NoError(t, os.Remove(filepath.Join(c.Dir, "pkg", "loop", "loop.go")))
		}, false},
		{"the kernel changes", func(t *testing.T, c Course) { write(t, c, "cmd/kernel/main.go", "package main // new") }, false},
		{"go.mod changes", func(t *testing.T, c Course) { write(t, c, "go.mod", "module stepwise\n\ngo 1.26.1\n") }, false},
		{"go.sum changes", func(t *testing.T, c Course) { write(t, c, "go.sum", "x") }, false},
		{"a line moves to another file", func(t *testing.T, c Course) {
			write(t, c, "pkg/loop/loop.go", "package")
			write(t, c, "pkg/loop/loop2.go", " loop")
		}, false},
		{"Go is set up otherwise", func(t *testing.T, _ Course) { t.Setenv("GOFLAGS", "-tags=x") }, false},
		{"a test changes", func(t *testing.T, c Course) { write(t, c, "pkg/loop/loop_test.go", "package loop // new") }, true},
		{"a test's data changes", func(t *testing.T, c Course) { write(t, c, "pkg/loop/testdata/a", "new") }, true},
		{"the command changes", func(t *testing.T, c Course) { write(t, c, "cmd/stepwise/main.go", "package main // new") }, true},
		{"the words change", func(t *testing.T, c Course) { write(t, c, "README.md", "# new") }, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			course := tree(t)
			before, err := course.Fingerprint(t.Context())
			require.NoError(t, err)
			c.change(t, course)
			after, err := course.Fingerprint(t.Context())
			require.NoError(t, err)
			assert.Equal(t, c.same, before == after)
		})
	}
	t.Run("two clones of one commit have the same", func(t *testing.T) {
		one, err := tree(t).Fingerprint(t.Context())
		require.NoError(t, err)
		two, err := tree(t).Fingerprint(t.Context())
		require.NoError(t, err)
		assert.Equal(t, one, two)
	})
}

// If a program imports a package that its fingerprint leaves out, the package could
// change and the program would not be rebuilt.
func TestFingerprintCoversThePrograms(t *testing.T) {
	course, err := Find(".")
	require.NoError(t, err)
	cases := []struct {
		name, path  string
		ingredients []string
	}{
		{"the kernel", "./cmd/kernel", ofKernel},
		{"the player", "./cmd/stepwise/play", ofPlayer},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			command := exec.Command("go", "list", "-e", "-deps", "-tags", "stepwise_kernel", "-f", "{{.ImportPath}}", c.path)
			command.Dir = course.Dir
			out, err := command.Output()
			require.NoError(t, err)
			ours := 0
			for path := range strings.FieldsSeq(string(out)) {
				name, own := strings.CutPrefix(path, "stepwise/")
				if !own {
					continue
				}
				ours++
				assert.True(t, slices.ContainsFunc(c.ingredients, func(folder string) bool {
					return name == folder || strings.HasPrefix(name, folder+"/")
				}), "it imports %s: add its folder to the ingredients", path)
			}
			assert.Greater(t, ours, 5)
		})
	}
}

func TestStamp(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "kernel")
	assert.False(t, stamped(binary, "one"), "there is none")
	require.NoError(t, os.WriteFile(binary, []byte("program"), 0o755))
	assert.False(t, stamped(binary, "one"), "nobody knows what it was built from")
	text, err := stampOf(binary, "one")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(stamp(binary), []byte(text), 0o644))
	assert.True(t, stamped(binary, "one"))
	assert.False(t, stamped(binary, "two"), "the clone has changed")
	require.NoError(t, os.WriteFile(binary, []byte("prog"), 0o755))
	assert.False(t, stamped(binary, "one"), "it is not whole")
}

// A program that was built for everybody is taken while the clone is what it was built from.
func TestPrebuilt(t *testing.T) {
	course, everybody := tree(t), t.TempDir()
	built := 0
	p := program{"tool", ofKernel, func(_ context.Context, out string) error {
		built++
		return os.WriteFile(out, []byte("program"), 0o755)
	}}
	get := func() string {
		t.Helper()
		path, err := course.build(t.Context(), func(string) {}, p)
		require.NoError(t, err)
		return path
	}
	fingerprint, err := course.Fingerprint(t.Context())
	require.NoError(t, err)
	_, err = p.into(t.Context(), everybody, fingerprint)
	require.NoError(t, err)
	own := course.private("bin", "tool")

	t.Setenv(Prebuilt, everybody)
	require.Equal(t, filepath.Join(everybody, "tool"), get())
	require.NoFileExists(t, own)
	require.Equal(t, 1, built)

	write(t, course, "pkg/loop/loop.go", "package loop // mine")
	require.Equal(t, own, get(), "the clone has changed")
	require.Equal(t, own, get())
	require.Equal(t, 2, built)

	t.Setenv(Prebuilt, filepath.Join(everybody, "gone"))
	require.Equal(t, own, get())
	t.Setenv(Prebuilt, "")
	require.Equal(t, own, get())
	require.Equal(t, 2, built)
}
