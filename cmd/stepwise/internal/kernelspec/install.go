// install.go: bringing the kernel. What was brought is noted in a manifest that
// lies with it, written first and completed last: an install that is cut short
// can be repeated, and undone. Read kernelspec.go first.

package kernelspec

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

var (
	// ErrForeign says that the folder holds what this package did not install.
	ErrForeign = errors.New("a kernel that stepwise did not install lies there; it is left alone")
	// ErrNotInstalled says that there is nothing of ours in the folder.
	ErrNotInstalled = errors.New("no kernel is installed there")
)

// Outcome is what an install has done.
type Outcome string

// The outcomes.
const (
	Installed Outcome = "installed"
	Renewed   Outcome = "renewed" // it was an older one, or not whole
	Unchanged Outcome = "installed already, nothing to do"
)

const (
	binaryName   = "stepwise-kernel"
	manifestName = "stepwise-installed.json"
)

// manifest tells what Install has made.
type manifest struct {
	Fingerprint string            `json:"fingerprint"` // of the kernel; "" while an install is under way
	Files       map[string]string `json:"files"`       // SHA-256 by name; "" while an install is under way
	Folders     []string          `json:"folders"`     // innermost first; those that were not there before
}

// Install puts the kernel that fingerprint names, with its kernelspec, into the
// folder, which is made if it is missing. build makes the kernel's program and
// returns its path; it is called only if the folder can be written and does not
// hold that very kernel, whole, already. A first install that fails leaves
// nothing behind. The error wraps ErrForeign where something else lies there.
func (f Folder) Install(fingerprint string, build func() (string, error)) (Outcome, error) {
	had, err := f.manifest()
	first := errors.Is(err, ErrNotInstalled)
	if err != nil && !first {
		return "", err
	}
	if !first && had.Fingerprint == fingerprint && f.whole(had) {
		return Unchanged, nil
	}
	if err := f.install(had, fingerprint, build); err != nil {
		if first {
			_, _ = f.Uninstall() // the error that counts is the one above
		}
		return "", err
	}
	if first {
		return Installed, nil
	}
	return Renewed, nil
}

func (f Folder) install(had manifest, fingerprint string, build func() (string, error)) error {
	made, err := makeFolders(string(f))
	now := manifest{Files: make(map[string]string), Folders: append(made, had.Folders...)}
	if err != nil {
		removeFolders(made)
		return f.refused(err)
	}
	for name := range Files(f.file(binaryName)) {
		now.Files[name] = ""
	}
	now.Files[binaryName] = ""
	if err := f.note(now); err != nil {
		removeFolders(made)
		return f.refused(err)
	}
	binary, err := build()
	if err != nil {
		return err
	}
	program, err := os.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("installing the kernel: %w", err)
	}
	if now.Files[binaryName], err = f.put(binaryName, program, 0o755); err != nil {
		return f.refused(err)
	}
	for name, content := range Files(f.file(binaryName)) {
		if now.Files[name], err = f.put(name, content, 0o644); err != nil {
			return f.refused(err)
		}
	}
	now.Fingerprint = fingerprint
	return f.note(now)
}

// refused says what to do where a folder can't be written.
func (f Folder) refused(err error) error {
	err = fmt.Errorf("installing the kernel into %s: %w", f, err)
	if errors.Is(err, fs.ErrPermission) {
		err = fmt.Errorf("%w: choose a folder of your own, with --user or --prefix", err)
	}
	return err
}

// put writes a file by way of another name: a kernel that runs keeps its
// program, and nobody ever starts half of one. It returns the content's sum.
func (f Folder) put(name string, content []byte, mode fs.FileMode) (string, error) {
	temporary, err := os.CreateTemp(string(f), "."+name+"-")
	if err != nil {
		return "", err
	}
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Chmod(mode), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), f.file(name))
	}
	if err != nil {
		_ = os.Remove(temporary.Name())
		return "", err
	}
	return sumOf(content), nil
}

func sumOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
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

// manifest reads what was installed. The error wraps ErrNotInstalled if there is
// nothing in the folder, ErrForeign if somebody else has put it there.
func (f Folder) manifest() (manifest, error) {
	var m manifest
	entries, err := os.ReadDir(string(f))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("looking into %s: %w", f, err)
	}
	if len(entries) == 0 {
		return m, fmt.Errorf("%s: %w", f, ErrNotInstalled)
	}
	text, err := os.ReadFile(f.file(manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("%s: %w: remove it, or choose another place with --prefix", f, ErrForeign)
	}
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		return m, fmt.Errorf("reading what was installed into %s: %w", f, err)
	}
	return m, nil
}

// whole reports whether every file is as it was installed.
func (f Folder) whole(m manifest) bool {
	for name, sum := range m.Files {
		content, err := os.ReadFile(f.file(name))
		if err != nil || sumOf(content) != sum {
			return false
		}
	}
	return len(m.Files) > 0
}

// makeFolders makes dir and what is missing above it, and returns what it made,
// innermost first.
func makeFolders(dir string) ([]string, error) {
	var missing []string
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		missing = append(missing, at)
	}
	var made []string
	for _, at := range slices.Backward(missing) {
		if err := os.Mkdir(at, 0o755); err != nil {
			return made, err
		}
		made = append([]string{at}, made...)
	}
	return made, nil
}
