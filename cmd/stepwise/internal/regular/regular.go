// Package regular reads files that somebody else may have put there: only
// regular ones. A pipe of that name would hang the reader, a device would do
// worse, and a folder has no content.
//
//	content, err := regular.ReadFile("notebooks/09-send.ipynb")
package regular

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// ErrNotRegular says that what stands at a name is a folder, a pipe, a socket or
// a device.
var ErrNotRegular = errors.New("not a regular file")

// ReadFile is os.ReadFile for a regular file, or a link to one. The error is a
// *fs.PathError, which wraps ErrNotRegular for anything else.
func ReadFile(name string) ([]byte, error) {
	return read(name, os.Stat, os.OpenFile)
}

// ReadIn is ReadFile for a name below root, which no link leads out of.
func ReadIn(root *os.Root, name string) ([]byte, error) {
	return read(name, root.Stat, root.OpenFile)
}

// read looks before it opens, since opening a device may do something, and
// again after that, since what stands there may have changed. Opening a pipe
// without O_NONBLOCK would wait for its other end.
func read(name string, stat func(string) (fs.FileInfo, error), open func(string, int, fs.FileMode) (*os.File, error)) ([]byte, error) {
	if info, err := stat(name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, refused(name)
	}
	f, err := open(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, refused(name)
	}
	return io.ReadAll(f)
}

func refused(name string) error {
	return &fs.PathError{Op: "read", Path: name, Err: ErrNotRegular}
}
