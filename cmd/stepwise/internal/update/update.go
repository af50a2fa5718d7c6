// Package update brings a learner's copy of the course up to a newer one
// without losing a line that he wrote.
//
// Three things are compared file by file: the newer course, his copy, and the
// record of what the copy was given (record.go). Where he changed nothing the
// newer file takes the place of the older; where both did, his is kept beside
// it under a dated name.
//
//	plan, err := update.Compare("/opt/stepwise/course", "work")
//	…
//	for _, change := range plan.Changes { fmt.Println(change) }
//	err = plan.Apply(time.Now())
//
// A copy that has no record yet is seeded by Seed, which only adds.
package update

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Kind is what happens to one file.
type Kind string

const (
	New     Kind = "new"     // the course has it now, the copy lacked it
	Renewed Kind = "renewed" // the course changed it, he did not
	Both    Kind = "yours"   // both changed it: his goes to Change.Kept
	Gone    Kind = "gone"    // the course has it no longer, and he never changed it: it is removed
	Yours   Kind = "left"    // the course has it no longer, and he changed it: it stays
)

// Change is one file that differs. Kept is set by Apply.
type Change struct {
	Kind Kind
	Path string // in the course, with slashes
	Kept string // where his version is now; only for Both
}

// String is the change as the command prints it.
func (c Change) String() string {
	text := fmt.Sprintf("%-8s %s", c.Kind, c.Path)
	switch {
	case c.Kind == Both && c.Kept != "":
		text += ": changed by you and in the course; yours is now " + c.Kept
	case c.Kind == Both:
		text += ": changed by you and in the course; yours would be kept under a dated name"
	case c.Kind == Gone:
		text += ": the course has it no longer"
	case c.Kind == Yours:
		text += ": the course has it no longer; you changed it, so it stays"
	}
	return text
}

// Plan is what an update would do. It holds as long as neither tree changes.
type Plan struct {
	Changes []Change // in the order of their paths; files that stay as they are are not among them

	from, to string
	course   map[string]sum // the newer course
	given    map[string]sum // what the copy was given so far
}

// notOurs are folders that belong to neither tree: tools made them.
var notOurs = map[string]bool{".git": true, ".stepwise": true, ".ipynb_checkpoints": true, "__pycache__": true}

// Compare finds out what an update of the copy at to by the course at from
// would do. It writes nothing.
func Compare(from, to string) (*Plan, error) {
	course, err := sums(from)
	if err != nil {
		return nil, fmt.Errorf("reading the newer course: %w", err)
	}
	given, err := readRecord(to)
	if err != nil {
		return nil, err
	}
	p := &Plan{from: from, to: to, course: course, given: given}
	for path, newest := range course {
		his, err := sumOf(filepath.Join(to, filepath.FromSlash(path)))
		if err != nil {
			return nil, fmt.Errorf("reading your copy: %w", err)
		}
		if kind, differs := judge(newest, his, given[path]); differs {
			p.Changes = append(p.Changes, Change{Kind: kind, Path: path})
		}
	}
	for path, old := range given {
		if _, there := course[path]; there {
			continue
		}
		his, err := sumOf(filepath.Join(to, filepath.FromSlash(path)))
		if err != nil {
			return nil, fmt.Errorf("reading your copy: %w", err)
		}
		switch his {
		case "": // he removed it himself
		case old:
			p.Changes = append(p.Changes, Change{Kind: Gone, Path: path})
		default:
			p.Changes = append(p.Changes, Change{Kind: Yours, Path: path})
		}
	}
	slices.SortFunc(p.Changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return p, nil
}

// judge says what becomes of a file of the newer course, given his version and
// the one that he was given; "" stands for none.
func judge(newest, his, given sum) (Kind, bool) {
	switch {
	case his == newest, given == newest:
		return "", false // the same, or changed by him alone
	case his == "" && given == "":
		return New, true
	case his == "":
		return "", false // he removed it: it does not come back
	case his == given:
		return Renewed, true
	}
	return Both, true
}

// sums are those of all regular files under dir, by their paths with slashes.
func sums(dir string) (map[string]sum, error) {
	found := make(map[string]sum)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && notOurs[d.Name()]:
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		found[filepath.ToSlash(name)], err = sumOf(path)
		return err
	})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("%s: %w", dir, errEmpty)
	}
	return found, err
}

var errEmpty = errors.New("there is no course in it")

// isNotThere is true also where a file stands in a folder's place.
func isNotThere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotDir)
}

// exists reports whether the copy is there at all.
func exists(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("%s is no folder", dir)
	}
	return err
}
