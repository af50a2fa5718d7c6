package setup

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIsCourse(t *testing.T) {
	course := clone(t)
	deep, other, folder := filepath.Join(course.Dir, "pkg"), t.TempDir(), t.TempDir()
	require.NoError(t, os.Mkdir(deep, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(other, "go.mod"), []byte("module stepwise/bench\n"), 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(folder, "go.mod"), 0o755))
	assert.True(t, IsCourse(course.Dir))
	assert.False(t, IsCourse(deep), "a folder in it is not the course")
	assert.False(t, IsCourse(other), "another module is not the course")
	assert.False(t, IsCourse(folder), "a go.mod that is a folder")
	assert.False(t, IsCourse(filepath.Join(other, "none")))
}
