// uninstall.go: taking the kernel away again. Read install.go first.

package kernelspec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Uninstall removes what Install has made: its files, and its folders as far as
// nothing else lies in them. It returns the names in the folder that are not
// Install's, which stay. The error wraps ErrNotInstalled or ErrForeign where
// there is nothing of ours.
func (f Folder) Uninstall() (left []string, err error) {
	m, err := f.manifest()
	if err != nil {
		return nil, err
	}
	// The manifest goes last: what can't be removed today can be tomorrow.
	for name := range m.Files {
		err = errors.Join(err, remove(f.file(name)))
	}
	if err == nil {
		err = remove(f.file(manifestName))
	}
	if err != nil {
		return nil, fmt.Errorf("removing the kernel: %w", err)
	}
	removeFolders(m.Folders)
	entries, err := os.ReadDir(string(f))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("removing the kernel: %w", err)
	}
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	return left, nil
}

// Find returns an error that wraps ErrNotInstalled or ErrForeign unless a kernel
// was installed into the folder.
func (f Folder) Find() error {
	_, err := f.manifest()
	return err
}

func remove(name string) error {
	if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// removeFolders removes those that are empty. One that is not belongs to others
// by now, and stays.
func removeFolders(innermostFirst []string) {
	for _, dir := range innermostFirst {
		_ = os.Remove(dir)
	}
}
