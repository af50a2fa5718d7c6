// Package regular reads only regular files. Use it for a name where somebody else may
// have put something: a pipe would hang the reader, and a device could do worse. It
// writes whole files or none.
//
//	content, err := regular.ReadFile("notebooks/09-send.ipynb", regular.NoLimit)
//	…
//	err = regular.WriteFile("notebooks/09-send.ipynb", content, 0o644)
package regular

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"syscall"
)

// ErrNotRegular says that a name belongs to a folder, a pipe, a socket or a device.
var ErrNotRegular = errors.New("not a regular file")

// ErrTooLong says that a file has more bytes than the limit.
var ErrTooLong = errors.New("longer than the limit")

// NoLimit lets a file have any length.
const NoLimit = math.MaxInt64 - 1

// ReadFile is os.ReadFile for a regular file, or a link to one, of at most limit
// bytes. The error is a *fs.PathError, which wraps ErrNotRegular or ErrTooLong.
func ReadFile(name string, limit int64) ([]byte, error) {
	return read(name, limit, os.Stat, os.OpenFile)
}

// ReadIn is ReadFile for a name below root; no link leads out of root.
func ReadIn(root *os.Root, name string) ([]byte, error) {
	return read(name, NoLimit, root.Stat, root.OpenFile)
}

// read checks the file before it opens it, because opening a device may have effects,
// and again afterwards, because the file may have been replaced. Opening a pipe
// without O_NONBLOCK would wait for its other end.
func read(name string, limit int64, stat func(string) (fs.FileInfo, error), open func(string, int, fs.FileMode) (*os.File, error)) ([]byte, error) {
	if info, err := stat(name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, refused(name, ErrNotRegular)
	}
	f, err := open(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, refused(name, ErrNotRegular)
	}
	content, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(content)) > limit {
		return nil, refused(name, ErrTooLong)
	}
	return content, err
}

func refused(name string, why error) error {
	return &fs.PathError{Op: "read", Path: name, Err: why}
}

// WriteFile writes a file as Create does, and keeps it. mode is the file's, whatever the
// umask.
func WriteFile(name string, content []byte, mode fs.FileMode) error {
	f, err := Create(name, mode)
	if err != nil {
		return err
	}
	defer f.Drop()
	if _, err := f.Write(content); err != nil {
		return err
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	return f.Keep()
}

// File is a file that is being written beside the one that it is to replace.
type File struct {
	*os.File
	name string // that Keep gives it; "" once it is kept or dropped
}

// Create begins a file with a new name beside name. Keep renames it, so that a full disk
// costs nobody the old content, a running program keeps its file, and nobody ever reads
// half of the new one. mode is the new file's before the umask.
func Create(name string, mode fs.FileMode) (*File, error) {
	base := filepath.Base(name)
	beside := filepath.Join(filepath.Dir(name), "."+base[:min(len(base), longest)]+"-"+rand.Text())
	f, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	return &File{f, name}, nil
}

// longest leaves room for what Create adds to a name: file systems allow 255 bytes.
const longest = 200

// Keep closes the file and gives it its name. If it fails, it drops the file.
func (f *File) Keep() error {
	defer f.Drop()
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	err := os.Rename(f.Name(), f.name)
	if err == nil {
		f.name = ""
	}
	return err
}

// Drop removes the file; what has its name stays as it is. After Keep or another Drop it
// does nothing.
func (f *File) Drop() {
	if f.name != "" {
		f.name = ""
		_ = f.Close()
		_ = os.Remove(f.Name())
	}
}
