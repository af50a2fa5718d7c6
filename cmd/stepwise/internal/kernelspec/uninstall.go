// uninstall.go: taking the kernel away again. Read install.go first.

package kernelspec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"stepwise/cmd/stepwise/internal/regular"
)

// Uninstall removes what Install has made: its files, and its folders as far as
// nothing else lies in them. A file counts as Install's by its content, not by
// its name: one that was changed since stays. It returns the names in the folder
// that are not Install's, or not any more. The error wraps ErrNotInstalled or
// ErrForeign where there is nothing of ours.
func (f Folder) Uninstall() (left []string, err error) {
	m, err := f.manifest()
	if err != nil {
		return nil, err
	}
	// The manifest goes last: what can't be removed today can be tomorrow.
	for name, sum := range m.Files {
		if ours, lookErr := f.holds(name, sum); lookErr != nil || ours {
			err = errors.Join(err, lookErr, remove(f.file(name)))
		}
	}
	if err == nil {
		err = remove(f.file(manifestName))
	}
	if err != nil {
		return nil, fmt.Errorf("removing the kernel: %w", err)
	}
	removeFolders(slices.DeleteFunc(m.Folders, func(dir string) bool { return !f.below(dir) }))
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

// holds reports whether the file of that name is the one that was installed. One
// whose sum wasn't known yet, when an install was cut off, passes for it.
func (f Folder) holds(name, sum string) (bool, error) {
	content, err := regular.ReadFile(f.file(name), regular.NoLimit)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, regular.ErrNotRegular):
		return false, nil
	case err != nil:
		return false, err
	}
	return sum == "" || sumOf(content) == sum, nil
}

// below reports whether f is dir or lies in it. A manifest that names other
// folders comes from others, or was moved with its prefix.
func (f Folder) below(dir string) bool {
	rel, err := filepath.Rel(dir, string(f))
	return err == nil && filepath.IsLocal(rel)
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
