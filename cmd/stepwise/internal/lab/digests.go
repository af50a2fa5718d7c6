// digests.go: a list with the SHA-256 and the name of each committed notebook of the
// course. `stepwise refresh` updates it together with the outputs, and a test fails
// if that was forgotten. Read lab.go first.
//
// # Why digests, and not git
//
// Git could tell which notebooks are as they were committed. But a course from an
// archive or an image has no git. A notebook that somebody sent doesn't become the
// course's when a learner commits it. And git obeys the configuration in the folder
// before it answers anything.
//
// # Why not beside the notebooks
//
// The list is compiled into the program. An attacker who can change the program needs
// no signature. But a list in the notebooks' folder could be replaced by the same
// download that brings a notebook.

package lab

import (
	"crypto/sha256"
	_ "embed"
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

// digestsFile is the path of that file in the course.
const digestsFile = "cmd/stepwise/internal/lab/digests.txt"

// committed returns the digests that this program was built with, by the names of
// the notebooks in their folder.
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

// digestOf covers everything that Jupyter signs and so trusts: cells, outputs and
// metadata. It leaves out the layout of the file, which git and editors may change.
func digestOf(nb *notebook.Notebook) string {
	return fmt.Sprintf("%x", sha256.Sum256(nb.Bytes()))
}

// RenewDigests notes the present content of the notebooks at paths as the course's
// own, and forgets notebooks that are gone. course is the course's folder. The other
// notebooks keep their digests, even if they have changed. The new list takes effect
// when the program is built again, as `go run` does. In a course without this
// program's source, RenewDigests does nothing.
func RenewDigests(course string, paths ...string) error {
	if err := renewDigests(course, paths); err != nil {
		return fmt.Errorf("noting the notebooks' digests: %w", err)
	}
	return nil
}

func renewDigests(course string, paths []string) error {
	file := filepath.Join(course, filepath.FromSlash(digestsFile))
	if _, err := os.Stat(filepath.Dir(file)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	before, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	list, folder := parseDigests(string(before)), filepath.Join(course, "notebooks")
	maps.DeleteFunc(list, func(name, _ string) bool {
		_, err := os.Stat(filepath.Join(folder, filepath.FromSlash(name)))
		return errors.Is(err, fs.ErrNotExist)
	})
	for _, path := range paths {
		nb, err := notebook.Read(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
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
	return os.WriteFile(file, []byte(text.String()), 0o644)
}
