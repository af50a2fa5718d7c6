// course.go: recognizing a course, and listing which files of a folder belong to it.
// An update adds and removes files by this list, so it must refuse a folder that is
// not a course. Read update.go first.

package update

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"stepwise/cmd/stepwise/internal/setup"
)

// ErrNested says that the newer course and the copy are the same folder, or that one
// is inside the other.
var ErrNested = errors.New("the newer course and your copy must be separate folders")

// NotCourseError says why a folder can't be the newer course.
type NotCourseError struct {
	Dir     string
	Missing string // what this folder lacks and every course has; "" if there is no such folder
}

func (e *NotCourseError) Error() string {
	if e.Missing == "" {
		return fmt.Sprintf("there is no folder %s, so nothing was changed; name the folder of a whole course with --from", e.Dir)
	}
	return fmt.Sprintf("%s is not a course, because it has no %s, so nothing was changed; name the folder of a whole course with --from", e.Dir, e.Missing)
}

// marks lists what every course has, in words and as patterns of path.Match.
var marks = []struct{ words, pattern string }{
	{"go.mod of the course", "go.mod"},
	{"lessons in notebooks", "notebooks/*.ipynb"},
	{"packages in pkg", "pkg/*/*.go"},
}

// courseAt returns the sums of the course at dir.
func courseAt(dir string) (map[string]sum, error) {
	switch err := exists(dir); {
	case isNotThere(err):
		return nil, &NotCourseError{dir, ""}
	case err != nil:
		return nil, fmt.Errorf("reading the newer course: %w", err)
	}
	if !setup.IsCourse(dir) {
		return nil, &NotCourseError{dir, marks[0].words}
	}
	names, err := list(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the newer course: %w", err)
	}
	found := make(map[string]sum)
	for _, name := range names {
		content, err := sumOf(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return nil, fmt.Errorf("reading the newer course: %w", err)
		}
		if content != "" && content != notAFile {
			found[name] = content
		}
	}
	for _, m := range marks {
		if !slices.ContainsFunc(names, func(name string) bool { return found[name] != "" && matches(m.pattern, name) }) {
			return nil, &NotCourseError{dir, m.words}
		}
	}
	return found, nil
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// list returns the files of the course at dir, with slashes: in a clone the files that
// git tracks, in a learner's copy the files that it was given, and in any other folder
// all files. Other files in a clone or a copy are private and must not be passed on.
func list(dir string) ([]string, error) {
	if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
		return tracked(dir)
	}
	given, err := readRecord(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range given {
		names = append(names, name)
	}
	if given != nil {
		return names, nil
	}
	err = filepath.WalkDir(dir, func(at string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case notOurs[d.Name()] && d.IsDir():
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		name, err := filepath.Rel(dir, at)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	return names, err
}

// notOurs are names that belong to no course: tools make them.
var notOurs = map[string]bool{".git": true, ".stepwise": true, ".ipynb_checkpoints": true, "__pycache__": true}

// tracked asks git. It turns off fsmonitor, a program that the clone's settings name,
// because a list doesn't need it.
func tracked(dir string) ([]string, error) {
	git := exec.Command("git", "-c", "core.fsmonitor=false", "-C", dir, "ls-files", "-z")
	git.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GIT_") })
	var said bytes.Buffer
	git.Stderr = &said
	out, err := git.Output()
	if errors.Is(err, exec.ErrNotFound) { // doctor, which looks for what the course needs, has no word on it
		return nil, fmt.Errorf("%s is a clone, and only git can list its files: install git", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("%s is a clone, and git can't list its files: %w: %s", dir, err, strings.TrimSpace(said.String()))
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 }), nil
}

// apart returns an error if the two folders are the same, or one is inside the other.
func apart(from, to string) error {
	real := func(dir string) string {
		if abs, err := filepath.Abs(dir); err == nil {
			dir = abs
		}
		if resolved, err := filepath.EvalSymlinks(dir); err == nil {
			dir = resolved
		}
		return dir
	}
	below := func(a, b string) bool {
		rel, err := filepath.Rel(a, b)
		return err == nil && filepath.IsLocal(rel)
	}
	if a, b := real(from), real(to); below(a, b) || below(b, a) {
		return fmt.Errorf("%w, unlike %s and %s; name another folder with --from", ErrNested, from, to)
	}
	return nil
}
