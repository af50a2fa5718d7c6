// install.go: installing the kernel. A manifest beside it notes what was installed.
// It is written first and completed last, so that an install that was cut short can
// be repeated or undone. Read kernelspec.go first.

package kernelspec

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"stepwise/cmd/stepwise/internal/regular"
)

var (
	// ErrForeign says that the folder holds something that this package did not
	// install.
	ErrForeign = errors.New("a kernel that stepwise did not install is there; it is left alone")
	// ErrNotInstalled says that this package has installed nothing in the folder.
	ErrNotInstalled = errors.New("no kernel is installed there")
)

// Outcome is what an install did.
type Outcome string

// The outcomes.
const (
	Installed Outcome = "installed"
	Renewed   Outcome = "renewed" // it was an older one, or incomplete
	Unchanged Outcome = "already installed, nothing to do"
)

const (
	binaryName   = "stepwise-kernel"
	manifestName = "stepwise-installed.json"
)

// Install puts the kernel that fingerprint names, with its kernelspec, into the
// folder, and makes the folder if it is missing. build makes the kernel's program
// and returns its path. Install calls build only if it can write to the folder and
// the folder doesn't have that kernel already, complete. A first install that fails
// leaves nothing behind. The error wraps ErrForeign if something else is there.
func (f Folder) Install(fingerprint string, build func() (string, error)) (Outcome, error) {
	had, err := f.manifest()
	first := errors.Is(err, ErrNotInstalled)
	if err != nil && !first {
		return "", err
	}
	if !first && had.Fingerprint == fingerprint && f.whole(had) {
		return Unchanged, nil
	}
	kept, err := f.setAside(had)
	if err != nil {
		return "", f.refused(err)
	}
	if err := f.install(had, fingerprint, build); err != nil {
		if first {
			_, _ = f.Uninstall() // the error above is the one that matters
		}
		return "", err
	}
	switch {
	case first:
		return Installed, nil
	case len(kept) > 0:
		return Renewed + Outcome("; what you changed is kept as "+strings.Join(kept, ", ")), nil
	}
	return Renewed, nil
}

// setAside renames files that were changed since they were installed, such as a
// kernel.json with an added variable, and returns their names. It leaves out the
// program: nobody edits a program, so one that differs is broken.
func (f Folder) setAside(had manifest) (kept []string, err error) {
	for _, name := range slices.Sorted(maps.Keys(had.Files)) {
		content, err := regular.ReadFile(f.file(name), regular.NoLimit)
		if name == binaryName || had.Files[name] == "" || err != nil || sumOf(content) == had.Files[name] {
			continue // a file that can't be read is replaced by a rename, or not at all
		}
		for n := 1; ; n++ {
			aside := name + ".yours"
			if n > 1 {
				aside += "-" + strconv.Itoa(n)
			}
			if _, err := os.Lstat(f.file(aside)); errors.Is(err, fs.ErrNotExist) {
				if err := os.Rename(f.file(name), f.file(aside)); err != nil {
					return kept, err
				}
				kept = append(kept, aside)
				break
			}
		}
	}
	return kept, nil
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

// refused says what to do if a folder can't be written.
func (f Folder) refused(err error) error {
	return elsewhere(fmt.Errorf("installing the kernel into %s: %w", f, err))
}

// elsewhere adds what to do to an error of a folder that can't be.
func elsewhere(err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return fmt.Errorf("%w: choose a folder of your own, with --user or --prefix", err)
	}
	return err
}

// put writes a file and returns the content's sum. A running kernel keeps its program.
func (f Folder) put(name string, content []byte, mode fs.FileMode) (string, error) {
	return sumOf(content), regular.WriteFile(f.file(name), content, mode)
}

func sumOf(content []byte) string {
	return fmt.Sprintf("%x", sha256.Sum256(content))
}

// makeFolders makes dir and the missing folders above it, and returns those that it
// made, innermost first.
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
