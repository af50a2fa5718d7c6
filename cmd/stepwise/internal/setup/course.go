// Package setup finds out what the course needs on this machine, and makes what is
// missing. Everything it makes is in one folder of the clone, .stepwise: delete it,
// and the machine is as before (except for Debian's packages).
//
// A Course is a clone. Its Steps make things ready, with one line for each; its
// Checks only look. Call Prepare with the steps that a command needs:
//
//	course, err := setup.Find(".")
//	…
//	jupyter := course.Jupyter()
//	err = setup.Prepare(ctx, os.Stdout, course.Modules(), course.Kernel(), jupyter.Step())
package setup

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"regexp"

	"stepwise/cmd/stepwise/internal/regular"
)

// ErrNoCourse says that a folder is not inside a clone of the course.
var ErrNoCourse = errors.New("not inside the course: change into the folder that you cloned, or name it with --course")

var moduleLine = regexp.MustCompile(`(?m)^module stepwise$`)

// Course is a clone of the course.
type Course struct {
	Dir string // absolute; holds go.mod
}

// Find returns the course that contains start: the nearest folder, start or one above
// it, whose go.mod is the course's. The error wraps ErrNoCourse, or is a *ForeignError
// if the course belongs to somebody else and its folder is not one of safe.
func Find(start string, safe ...string) (Course, error) {
	return thisReader().find(start, safe)
}

func (r reader) find(start string, safe []string) (Course, error) {
	dir, err := filepath.Abs(start)
	if err != nil {
		return Course{}, fmt.Errorf("finding the folder %s: %w", start, err)
	}
	for dir := range Upwards(dir) {
		if IsCourse(dir) {
			return Course{Dir: dir}, r.check(dir, safe)
		}
	}
	if _, err := os.Stat(start); err != nil {
		return Course{}, fmt.Errorf("%s doesn't exist, and is %w", start, ErrNoCourse)
	}
	return Course{}, fmt.Errorf("%s is %w", start, ErrNoCourse)
}

// Upwards yields the folder dir, which is absolute, and the folders that contain it,
// the nearest first.
func Upwards(dir string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for yield(dir) && dir != filepath.Dir(dir) {
			dir = filepath.Dir(dir)
		}
	}
}

// IsCourse reports whether dir itself is the course: whether its go.mod is the
// course's. It doesn't look above dir, and runs nothing.
func IsCourse(dir string) bool {
	text, err := regular.ReadFile(filepath.Join(dir, "go.mod"), 1<<20)
	return err == nil && moduleLine.Match(text)
}

// Notebooks returns the folder of the lessons.
func (c Course) Notebooks() string { return filepath.Join(c.Dir, "notebooks") }

// private returns a path in the folder of everything that this package makes.
func (c Course) private(elem ...string) string {
	return filepath.Join(append([]string{c.Dir, ".stepwise"}, elem...)...)
}

// makePrivate makes that folder, and the folders elem in it. It has git ignore the
// folder, so that a clone with an older .gitignore doesn't offer a 50 MB kernel for a
// commit.
func (c Course) makePrivate(elem ...string) error {
	if err := os.MkdirAll(c.private(elem...), 0o755); err != nil {
		return fmt.Errorf("making the course's own folder: %w: check that you may write to the clone", err)
	}
	return writeIfNew(c.private(".gitignore"), []byte("*\n"))
}

// writeIfNew writes content to name, unless that file exists.
func writeIfNew(name string, content []byte) error {
	if old, err := os.ReadFile(name); err == nil && string(old) == string(content) {
		return nil
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		return fmt.Errorf("setting up: %w", err)
	}
	return nil
}
