// uninstall.go: removing the kernel. Read install.go first.

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

// Uninstall removes what Install made: its files, and those of its folders that are
// empty then. A file counts as Install's by its content, not by its name: a file that
// was changed stays. Uninstall returns the names in the folder that aren't, or are no
// longer, Install's. The error wraps ErrNotInstalled or ErrForeign if Install made
// nothing there.
func (f Folder) Uninstall() (left []string, err error) {
	m, err := f.manifest()
	if err != nil {
		return nil, err
	}
	// Remove the manifest last: if something can't be removed now, it can be later.
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

// Find returns nil if a kernel was installed into the folder, and otherwise an error
// that wraps ErrNotInstalled or ErrForeign.
func (f Folder) Find() error {
	_, err := f.manifest()
	return err
}

// holds reports whether the file name is the one that was installed. If its sum
// wasn't known yet, because the install was cut off, the file counts as installed.
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

// below reports whether f is dir or is in it. A manifest that names other folders
// comes from others, or was moved together with its prefix.
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

// removeFolders removes the folders that are empty. Others use the rest by now, so
// they stay.
func removeFolders(innermostFirst []string) {
	for _, dir := range innermostFirst {
		_ = os.Remove(dir)
	}
}
