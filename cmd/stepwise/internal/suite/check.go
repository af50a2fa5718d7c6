// check.go: finding out whether a pattern matches anything. With go test, that would
// take as long as building the tests. Read golang.go and notebooks.go first.

package suite

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

var errNothing = errors.New("no test and no lesson matches")

// PatternError says why a pattern can't be used: it matches nothing, or it is not a
// regular expression.
type PatternError struct {
	Pattern string
	Err     error
}

func (e *PatternError) Error() string { return fmt.Sprintf("--run %s: %v", e.Pattern, e.Err) }
func (e *PatternError) Unwrap() error { return e.Err }

// Check returns a *PatternError if the pattern matches no Go test in dir and no
// notebook in notebooks. It reads files and builds nothing.
func Check(dir, notebooks, pattern string) error {
	lessons, err := Select(notebooks, pattern)
	if err != nil || len(lessons) > 0 {
		return err
	}
	found := false
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && notOurs[d.Name()]:
			return filepath.SkipDir
		case d.IsDir() && hasTest(path, pattern):
			found = true
			return filepath.SkipAll
		}
		return nil
	})
	if err == nil && !found {
		err = &PatternError{pattern, errNothing}
	}
	return err
}
