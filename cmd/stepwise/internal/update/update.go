// Package update updates a learner's copy of the course to a newer course without
// losing a line that they wrote.
//
// It compares three things, file by file: the newer course, the copy, and the record
// of what the copy was given (record.go). If the learner didn't change a file, the newer
// one replaces it. If both changed it, the learner's version is kept beside the newer
// one under a dated name.
//
//	plan, err := update.Compare("/opt/stepwise/course", "work")
//	…
//	for _, change := range plan.Changes { fmt.Println(change) }
//	err = plan.Apply(time.Now())
//
// Seed fills a copy that has no record yet; it only adds files. Restore plans to bring
// back what the learner deleted. Finish completes an update that a kill or a power
// failure cut off.
//
// Order of reading: update.go (what would happen), solved.go (why an exercise may stay),
// course.go (what a course is), record.go, stage.go (how an update is prepared), swap.go (how it happens, and what a
// reader of the folder sees meanwhile), disk.go, find.go.
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
	New     Kind = "new"     // the course has it now; the copy lacked it
	Back    Kind = "back"    // the copy was given it but lacks it; it comes back
	Renewed Kind = "renewed" // the course changed it; the learner did not
	Both    Kind = "yours"   // the learner changed it too: theirs goes to Change.Kept
	Gone    Kind = "gone"    // the course no longer has it, and the learner never changed it: it is removed
	Yours   Kind = "left"    // the course no longer has it, but the learner changed it: it stays
	Solved  Kind = "solved"  // an exercise that the learner has solved, and that asks for the same as before: theirs stays
)

// Change is one file that differs. Kept is set by Apply.
type Change struct {
	Kind Kind
	Path string // in the course, with slashes
	Kept string // where the learner's version is now; only for Both
}

// String returns the change as the command prints it.
func (c Change) String() string {
	text := fmt.Sprintf("%-8s %s", c.Kind, c.Path)
	switch {
	case c.Kind == Both && c.Kept != "":
		text += ": you changed it; yours is now " + c.Kept
	case c.Kind == Both:
		text += ": you changed it; yours would be kept under a dated name"
	case c.Kind == Gone:
		text += ": the course no longer has it"
	case c.Kind == Yours:
		text += ": the course no longer has it; you changed it, so it stays"
	case c.Kind == Solved:
		text += ": you solved it, and it asks for the same functions, so yours stays"
	}
	return text
}

// Plan is what an update would do. It is valid as long as neither tree changes; what
// the learner changes in the meantime is kept in any case.
type Plan struct {
	Changes []Change // in the order of their paths; files that stay as they are are not among them

	from, to string
	course   map[string]sum // the newer course
	given    map[string]sum // what the copy was given so far; nil if there is no record
	theirs   map[string]sum // the learner's copy: every path that is in course or given
	disk     disk           // tests replace it
}

// Removed counts the files that the plan would remove.
func (p *Plan) Removed() int { return p.count(func(k Kind) bool { return k == Gone }) }

// Altered counts the files of the copy that the plan would change: without those that stay.
func (p *Plan) Altered() int {
	return p.count(func(k Kind) bool { return k != Yours && k != Solved })
}

func (p *Plan) count(is func(Kind) bool) (n int) {
	for _, c := range p.Changes {
		if is(c.Kind) {
			n++
		}
	}
	return n
}

// Compare returns a plan to update the copy at to to the course at from. It writes
// nothing. The error is a *NotCourseError if from is not a course, and wraps ErrNested
// if one of the folders is inside the other.
func Compare(from, to string) (*Plan, error) {
	p, err := look(from, to)
	if err != nil {
		return nil, err
	}
	for path, theirs := range p.theirs {
		if kind, differs := judge(path, p.course[path], theirs, p.given[path]); differs {
			p.Changes = append(p.Changes, Change{Kind: kind, Path: path})
		}
	}
	p.sort()
	p.keepSolved()
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
	p := &Plan{from: from, to: to, course: course, given: given, theirs: make(map[string]sum)}
	for _, paths := range []map[string]sum{course, given} {
		for path := range paths {
			if p.theirs[path], err = sumOf(filepath.Join(to, filepath.FromSlash(path))); err != nil {
				return nil, fmt.Errorf("reading your copy: %w", err)
			}
		}
	}
	return p, nil
}

func (p *Plan) sort() {
	slices.SortFunc(p.Changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
}

// vital are the files without which no other command works in the folder, so an update
// brings them back without being asked.
var vital = map[string]bool{"go.mod": true, "go.sum": true}

// judge decides what happens to a file, from the newer course's version, the copy's,
// and the one that the copy was given; "" means none.
func judge(path string, newest, theirs, given sum) (Kind, bool) {
	switch {
	case newest == "" && theirs == "":
		return "", false // removed by the learner and by the course
	case newest == "" && theirs == given:
		return Gone, true
	case newest == "":
		return Yours, true
	case theirs == "" && given == "":
		return New, true
	case theirs == "" && vital[path]:
		return Back, true
	case theirs == "":
		return "", false // the learner removed it, so it does not come back
	case theirs == newest, given == newest:
		return "", false // the same, or changed only by the learner
	case theirs == given:
		return Renewed, true
	}
	return Both, true
}

// isNotThere is also true if a file is in a folder's place.
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
