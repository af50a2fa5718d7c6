package update

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncAll brings the filesystem that f lies on to the disk: one call where
// hundreds of files were written. A filesystem that can't is no reason to fail:
// only a power failure would tell.
func syncAll(f *os.File) error {
	err := unix.Syncfs(int(f.Fd()))
	if err == unix.ENOSYS || err == unix.EINVAL || err == unix.EOPNOTSUPP {
		return nil
	}
	return err
}
