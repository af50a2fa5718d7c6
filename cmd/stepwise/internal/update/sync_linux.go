package update

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncAll syncs the filesystem of f to the disk: one call for hundreds of files. It
// ignores an error of a filesystem that can't sync: that matters only if the power
// fails.
func syncAll(f *os.File) error {
	err := unix.Syncfs(int(f.Fd()))
	if err == unix.ENOSYS || err == unix.EINVAL || err == unix.EOPNOTSUPP {
		return nil
	}
	return err
}
