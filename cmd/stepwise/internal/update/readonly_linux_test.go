package update

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestAReadOnlyFolder stops the update at each folder in turn; it must undo what it has
// done.
func TestAReadOnlyFolder(t *testing.T) {
	for _, closed := range []string{".", "notebooks", "pkg/loop", private} {
		t.Run(closed, func(t *testing.T) {
			to := seeded(t, courseOf(t, tree{"a.go": "1", "notebooks/x.ipynb": "1", "pkg/loop/gone.go": "1"}))
			edit("notebooks/x.ipynb", "theirs")(to)
			from := courseOf(t, tree{"a.go": "2", "notebooks/x.ipynb": "2", "new/b.go": "2"})
			before := whole(t, to)
			require.NoError(t, filepath.WalkDir(to, func(path string, _ fs.DirEntry, err error) error {
				require.NoError(t, os.Chmod(path, 0o777))
				return err
			}))
			require.NoError(t, os.Chmod(filepath.Join(to, closed), 0o555))
			require.NoError(t, os.Chmod(filepath.Dir(to), 0o755))
			require.NoError(t, os.Chmod(filepath.Dir(from), 0o755))
			asNobody(t, func() {
				plan, err := Compare(from, to)
				require.NoError(t, err)
				assert.ErrorIs(t, plan.Apply(day), fs.ErrPermission)
			})
			assert.Equal(t, before, whole(t, to))
			assert.NoDirExists(t, filepath.Join(to, "new"))
			assert.NoDirExists(t, filepath.Join(to, staging))
			require.NoError(t, os.Chmod(filepath.Join(to, closed), 0o777))
			updated(t, from, to)
			assert.Equal(t, tree{"a.go": "2", "notebooks/x.ipynb": "2", "notebooks/x.yours-2026-11-24.ipynb": "theirs", "new/b.go": "2"}, read(t, to))
		})
	}
}

// asNobody runs f as a user who is bound by permissions, even if the tests run as root:
// it changes the thread's user for files while f runs.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if os.Geteuid() == 0 {
		_, err := unix.SetfsuidRetUid(65534)
		require.NoError(t, err)
		defer func() { _, _ = unix.SetfsuidRetUid(0) }()
	}
	f()
}
