// manifest.go: the note of what was installed, in the folder itself. Read
// install.go first.

package kernelspec

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"stepwise/cmd/stepwise/internal/regular"
)

// manifest lists what Install made.
type manifest struct {
	Fingerprint string            `json:"fingerprint"` // of the kernel; "" while an install is under way
	Files       map[string]string `json:"files"`       // SHA-256 by name; "" while an install is under way
	Folders     []string          `json:"folders"`     // that Install made, innermost first
}

// note writes the manifest.
func (f Folder) note(m manifest) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic("kernelspec: a manifest of plain strings could not be written: " + err.Error())
	}
	_, err = f.put(manifestName, append(text, '\n'), 0o644)
	return err
}

// manifest reads what was installed. The error wraps ErrNotInstalled if the folder
// is empty, and ErrForeign if something else is in it.
func (f Folder) manifest() (manifest, error) {
	var m manifest
	entries, err := os.ReadDir(string(f))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, elsewhere(fmt.Errorf("looking into %s: %w", f, err))
	}
	if len(entries) == 0 {
		return m, fmt.Errorf("%s: %w", f, ErrNotInstalled)
	}
	text, err := regular.ReadFile(f.file(manifestName), regular.NoLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("%s: %w: remove it, or choose another place with --prefix", f, ErrForeign)
	}
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err == nil {
		err = f.stays(m)
	}
	if err != nil {
		return m, fmt.Errorf("reading what was installed into %s: %w: nothing was changed; remove that folder by hand", f, err)
	}
	return m, nil
}

// stays returns an error if the manifest names a file outside the folder: the
// manifest may come from others, and the files that it names are removed.
func (f Folder) stays(m manifest) error {
	for name := range m.Files {
		if name != filepath.Base(name) || !filepath.IsLocal(name) || name == "." {
			return fmt.Errorf("%s names the file %q, which no install makes", manifestName, name)
		}
	}
	return nil
}

// whole reports whether every file is still as it was installed.
func (f Folder) whole(m manifest) bool {
	for name, sum := range m.Files {
		content, err := regular.ReadFile(f.file(name), regular.NoLimit)
		if err != nil || sumOf(content) != sum {
			return false
		}
	}
	return len(m.Files) > 0
}
