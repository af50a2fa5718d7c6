// fetch_target.go: the file of -o. Read fetch.go first.

package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"stepwise/cmd/stepwise/internal/regular"
)

// keeper is where output goes until it is known to be whole.
type keeper interface {
	io.Writer
	Keep() error // take what was written
	Drop()       // or leave everything as it was; after Keep it does nothing
}

// createTarget returns a keeper for path. What is no file can't be replaced: a device is
// written to at once, and everything else is refused.
func createTarget(path string) (keeper, error) {
	if err := checkTarget(path); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	_, there := os.Lstat(path)
	switch {
	case errors.Is(there, fs.ErrNotExist):
		return createFile(path, path, 0)
	case errors.Is(err, fs.ErrNotExist):
		return nil, &usageError{fmt.Errorf("-o %s: this link leads nowhere", path)}
	case err != nil:
		return nil, fmt.Errorf("-o %s: %w", path, reason(err))
	case info.Mode()&fs.ModeCharDevice != 0:
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		return device{f}, err
	case !info.Mode().IsRegular():
		return nil, &usageError{fmt.Errorf("-o %s: this is no file: leave -o out, and let the shell write there", path)}
	case info.Mode().Perm()&0o222 == 0:
		return nil, &usageError{fmt.Errorf("-o %s: the file is write-protected", path)}
	}
	name, err := filepath.EvalSymlinks(path) // the link stays
	if err != nil {
		return nil, fmt.Errorf("-o %s: %w", path, reason(err))
	}
	return createFile(path, name, info.Mode().Perm())
}

// replacement is a file that is written beside the one whose place it takes.
type replacement struct {
	file *regular.File
	path string // as it was typed
}

// createFile returns the replacement for the file that was typed as path and is called name. mode 0 leaves it
// to the umask.
func createFile(path, name string, mode fs.FileMode) (keeper, error) {
	file, err := regular.Create(name, cmp.Or(mode, 0o666))
	t := replacement{file, path}
	if err == nil && mode != 0 {
		err = file.Chmod(mode)
	}
	if err != nil {
		return nil, t.failed(err)
	}
	return t, nil
}

func (t replacement) Write(p []byte) (int, error) {
	n, err := t.file.Write(p)
	return n, t.failed(err)
}

func (t replacement) Keep() error { return t.failed(t.file.Keep()) }
func (t replacement) Drop()       { t.file.Drop() }

// failed returns err with the name that was typed, instead of one that nobody knows.
func (t replacement) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("-o %s: %w", t.path, reason(err))
}

// reason returns err without what was done to which file.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

// device can't be replaced.
type device struct{ *os.File }

func (d device) Keep() error { return d.Close() }
func (d device) Drop()       { _ = d.Close() }

// checkTarget refuses a name that could not be written in the end.
func checkTarget(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return &usageError{fmt.Errorf("-o %s: this is a folder; name a file", path)}
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return &usageError{fmt.Errorf("-o %s: there is no folder %s", path, filepath.Dir(path))}
	}
	return nil
}
