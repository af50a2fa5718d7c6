// digests.go: the content of the course's notebooks, as it was committed: a line
// for each, its SHA-256 and its name. `stepwise refresh` writes it anew with the
// outputs, and a test tells when that was forgotten. Read lab.go first.
//
// # Why digests, and not git
//
// Git could tell which notebooks are as they were committed. But a course from an
// archive or an image has no git; a learner who commits a notebook that they were
// sent has not made it the course's; and git itself does what the configuration
// in the folder says, before it answers anything.
//
// # Why not beside the notebooks
//
// The list is compiled into the program. Whoever can change it can change the
// program, and needs no signature any more; a list in the notebooks' folder could
// be replaced by the same download that brings a notebook.

package lab

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"stepwise/cmd/stepwise/internal/notebook"
)

//go:embed digests.txt
var digests string

// digestsFile is where that file lies in the course.
const digestsFile = "cmd/stepwise/internal/lab/digests.txt"

// committed are the digests that this program was built with, by the names of the
// notebooks in their folder.
func committed() map[string]string { return parseDigests(digests) }

func parseDigests(text string) map[string]string {
	list := make(map[string]string)
	for line := range strings.Lines(text) {
		if digest, name, found := strings.Cut(strings.TrimSpace(line), "  "); found {
			list[name] = digest
		}
	}
	return list
}

// digestOf is over all that Jupyter signs, and so trusts: cells, outputs and
// metadata. How the file is laid out, which git and editors may change, is no part
// of it.
func digestOf(nb *notebook.Notebook) string {
	sum := sha256.Sum256(nb.Bytes())
	return hex.EncodeToString(sum[:])
}

// RenewDigests notes the content that the notebooks at paths have now as the
// course's own, and forgets the notebooks that are gone. course is its folder. The
// others keep what was noted, also if they have changed. It takes effect when the
// program is built again, as `go run` does. In a course that comes without this
// program it does nothing.
func RenewDigests(course string, paths ...string) error {
	file := filepath.Join(course, filepath.FromSlash(digestsFile))
	if _, err := os.Stat(filepath.Dir(file)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	before, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("noting the notebooks' digests: %w", err)
	}
	list, folder := parseDigests(string(before)), filepath.Join(course, "notebooks")
	maps.DeleteFunc(list, func(name, _ string) bool {
		_, err := os.Stat(filepath.Join(folder, filepath.FromSlash(name)))
		return errors.Is(err, fs.ErrNotExist)
	})
	for _, path := range paths {
		nb, err := notebook.Read(path)
		if err != nil {
			return fmt.Errorf("noting the notebooks' digests: %w", err)
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return fmt.Errorf("noting the notebooks' digests: %w", err)
		}
		list[filepath.ToSlash(name)] = digestOf(nb)
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(list)) {
		fmt.Fprintf(&text, "%s  %s\n", list[name], name)
	}
	if text.String() == string(before) {
		return nil
	}
	if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
		return fmt.Errorf("noting the notebooks' digests: %w", err)
	}
	return nil
}
