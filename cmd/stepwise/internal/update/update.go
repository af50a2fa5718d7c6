// Package update brings a learner's copy of the course up to a newer one
// without losing a line that they wrote.
//
// Three things are compared file by file: the newer course, the copy, and the
// record of what the copy was given (record.go). Where the learner changed
// nothing, the newer file takes the place of the older; where both changed,
// theirs is kept beside it under a dated name.
//
//	plan, err := update.Compare("/opt/stepwise/course", "work")
//	…
//	for _, change := range plan.Changes { fmt.Println(change) }
//	err = plan.Apply(time.Now())
//
// A copy that has no record yet is seeded by Seed, which only adds. Restore
// plans to bring back what the learner deleted. Finish completes what a kill
// or a power failure cut off.
//
// Order of reading: update.go (what would happen), course.go (what is a
// course), record.go, stage.go (how it is made ready), swap.go (how it happens,
// and what a reader of the folder sees meanwhile), disk.go, find.go.
package update

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// Kind is what happens to one file.
type Kind string

const (
	New     Kind = "new"     // the course has it now, the copy lacked it
	Back    Kind = "back"    // the copy was given it and lacks it; it comes back
	Renewed Kind = "renewed" // the course changed it, the learner did not
	Both    Kind = "yours"   // the learner changed it too: theirs goes to Change.Kept
	Gone    Kind = "gone"    // the course has it no longer, and the learner never changed it: it is removed
	Yours   Kind = "left"    // the course has it no longer, and the learner changed it: it stays
)

// Change is one file that differs. Kept is set by Apply.
type Change struct {
	Kind Kind
	Path string // in the course, with slashes
	Kept string // where the learner's version is now; only for Both
}

// String is the change as the command prints it.
func (c Change) String() string {
	text := fmt.Sprintf("%-8s %s", c.Kind, c.Path)
	switch {
	case c.Kind == Both && c.Kept != "":
		text += ": you changed it; yours is now " + c.Kept
	case c.Kind == Both:
		text += ": you changed it; yours would be kept under a dated name"
	case c.Kind == Gone:
		text += ": the course has it no longer"
	case c.Kind == Yours:
		text += ": the course has it no longer; you changed it, so it stays"
	}
	return text
}

// Plan is what an update would do. It holds as long as neither tree changes;
// what the learner changes in the meantime is kept all the same.
type Plan struct {
	Changes []Change // in the order of their paths; files that stay as they are are not among them

	from, to string
	course   map[string]sum // the newer course
	given    map[string]sum // what the copy was given so far; nil if nobody noted it
	his      map[string]sum // the copy's own, of every path that course or given names
	disk     disk           // what the tests put in the place of the real one
}

// Removed counts the files that the plan would remove.
func (p *Plan) Removed() int {
	n := 0
	for _, c := range p.Changes {
		if c.Kind == Gone {
			n++
		}
	}
	return n
}

// Compare finds out what an update of the copy at to by the course at from
// would do. It writes nothing. The error is a *NotCourseError if from is not a
// course, and wraps ErrNested if one of the folders lies in the other.
func Compare(from, to string) (*Plan, error) {
	p, err := look(from, to)
	if err != nil {
		return nil, err
	}
	for path, his := range p.his {
		if kind, differs := judge(path, p.course[path], his, p.given[path]); differs {
			p.Changes = append(p.Changes, Change{Kind: kind, Path: path})
		}
	}
	p.sort()
	return p, nil
}

// look reads both trees.
func look(from, to string) (*Plan, error) {
	if err := apart(from, to); err != nil {
		return nil, err
	}
	course, err := courseAt(from)
	if err != nil {
		return nil, err
	}
	given, err := readRecord(to)
	if err != nil {
		return nil, err
	}
	p := &Plan{from: from, to: to, course: course, given: given, his: make(map[string]sum)}
	for _, paths := range []map[string]sum{course, given} {
		for path := range paths {
			if p.his[path], err = sumOf(filepath.Join(to, filepath.FromSlash(path))); err != nil {
				return nil, fmt.Errorf("reading your copy: %w", err)
			}
		}
	}
	return p, nil
}

func (p *Plan) sort() {
	slices.SortFunc(p.Changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
}

// vital is what makes a folder the course: without it no other command works
// there, so an update brings it back without being asked.
var vital = map[string]bool{"go.mod": true, "go.sum": true}

// judge says what becomes of a file, from the newer course's version, the
// copy's, and the one that the copy was given; "" stands for none.
func judge(path string, newest, his, given sum) (Kind, bool) {
	switch {
	case newest == "" && his == "":
		return "", false // removed by the learner and by the course
	case newest == "" && his == given:
		return Gone, true
	case newest == "":
		return Yours, true
	case his == "" && given == "":
		return New, true
	case his == "" && vital[path]:
		return Back, true
	case his == "":
		return "", false // the learner removed it: it does not come back
	case his == newest, given == newest:
		return "", false // the same, or changed by the learner alone
	case his == given:
		return Renewed, true
	}
	return Both, true
}

// isNotThere is true also where a file stands in a folder's place.
func isNotThere(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// exists reports whether the copy is there at all.
func exists(dir string) error {
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = &fs.PathError{Op: "stat", Path: dir, Err: syscall.ENOTDIR}
	}
	return err
}
