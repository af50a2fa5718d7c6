// swap.go: carrying out a staged update, by renames only. Read stage.go first.
//
// This is what a reader of the folder sees over time:
//
//   - While new files are staged: the old course, and .stepwise/update.
//   - From the rename of the journal on: file by file in the journal's order, the
//     old version, for an instant nothing, then the new one. Every file is whole.
//     The file that it replaces waits in .stepwise/update/old.
//   - After the last file: the new record, and with it the new course. Then the
//     learner's versions move from .stepwise/update/old to their dated names, and
//     the course's older files are removed from there.
//   - Then the journal is removed, and last the rest of .stepwise/update.
//
// A process that ends in between leaves the journal, and Finish continues from there:
// a step is done when its new file is no longer under its number. If a step fails, the
// steps before it are undone, newest first, and the old course is back. What the
// learner wrote is never removed or overwritten, only moved: it is under its name, in
// .stepwise/update/old, or under its dated name.

package update

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"stepwise/cmd/stepwise/internal/regular"
)

// Finish completes an update of the copy at dir that a kill or a power failure cut
// off, and returns how many files the update changes. Usually there is none; then
// Finish returns 0 and costs one system call. If it can't complete the update, it
// restores the copy as it was before, and the error says so.
func Finish(dir string) (files int, err error) { return disk{}.finish(dir) }

func (d disk) finish(dir string) (files int, err error) {
	if _, err := os.Lstat(filepath.Join(dir, journalName)); err != nil {
		if isNotThere(err) {
			err = nil
		}
		return 0, err
	}
	d, err = d.open(dir)
	if err != nil {
		return 0, fmt.Errorf("finishing an update that was cut off: %w", err)
	}
	defer d.close()
	j, err := d.readJournal()
	if err != nil {
		return 0, err
	}
	_, err = d.swap(j)
	return len(j.Steps) - 1, err
}

// readJournal returns the journal. Others may have written it, so it must not name a
// file in .git or in the course's own folder.
func (d disk) readJournal() (journal, error) {
	var j journal
	text, err := regular.ReadIn(d.root, journalName)
	if err == nil {
		err = json.Unmarshal(text, &j)
	}
	for i, s := range j.Steps {
		last := i == len(j.Steps)-1
		foreign := slices.ContainsFunc(strings.Split(s.Path, "/"), func(name string) bool { return notOurs[name] })
		if err == nil && (last != (s.Path == recordName) || foreign && !last || !filepath.IsLocal(s.Path)) {
			err = fmt.Errorf("it names %s", s.Path)
		}
	}
	if err == nil && len(j.Steps) == 0 {
		err = errors.New("it is empty")
	}
	if err != nil {
		return j, fmt.Errorf("the journal of an update that was cut off can't be used: %w: move %s away, then run stepwise update", err, filepath.Join(d.root.Name(), staging))
	}
	return j, nil
}

// swap takes all steps, or undoes them. kept has the dated names of the learner's
// versions, by the files' names.
func (d disk) swap(j journal) (kept map[string]string, err error) {
	if err := d.forward(j); err != nil {
		err = fmt.Errorf("updating your copy: %w", err)
		if undone := d.undo(j); undone != nil {
			return nil, fmt.Errorf("%w: some files are new already, and the old ones could not be put back: %w: fix that, and the next stepwise command finishes the update", err, undone)
		}
		return nil, fmt.Errorf("%w: your copy is as it was", err)
	}
	kept, err = d.settle(j)
	if err == nil {
		err = d.sync()
	}
	if err == nil {
		err = d.remove(journalName)
	}
	if err != nil {
		return kept, fmt.Errorf("your copy has the new files, but the update is not done: %w: fix that, and the next stepwise command finishes it", err)
	}
	// The update is done now; the next one clears what a failure leaves.
	_ = d.clear()
	return kept, nil
}

// forward puts every new file in its place.
func (d disk) forward(j journal) error {
	for _, folder := range j.Folders {
		if err := d.folder(folder); err != nil {
			return err
		}
	}
	for i, s := range j.Steps {
		if err := d.step(i, s, j.Day); err != nil {
			return fmt.Errorf("%s: %w", s.Path, err)
		}
	}
	return nil
}

// step takes one step, or the rest of it.
func (d disk) step(i int, s step, day string) error {
	if s.Kind == Gone {
		if theirs, err := sumIn(d.root, s.Path); err != nil || theirs != s.Was {
			return err // it was already moved, or the learner has changed it since
		}
		return d.rename(s.Path, oldFile(i))
	}
	if waits, err := d.there(newFile(i)); err != nil || !waits {
		return err
	}
	if err := d.vacate(i, s, day); err != nil {
		return err
	}
	return d.rename(newFile(i), s.Path)
}

// vacate moves away what is in the place of a step's file: to .stepwise/update/old, or,
// if something waits there already, beside it.
func (d disk) vacate(i int, s step, day string) error {
	taken, err := d.there(s.Path)
	if err != nil || !taken {
		return err
	}
	waits, err := d.there(oldFile(i))
	if err != nil {
		return err
	}
	if waits {
		_, err := d.keep(s.Path, s.Path, day)
		return err
	}
	return d.rename(s.Path, oldFile(i))
}

// undo puts back what forward moved, and removes the folders that it made.
func (d disk) undo(j journal) error {
	for i, s := range slices.Backward(j.Steps) {
		if err := d.unstep(i, s, j.Day); err != nil {
			return fmt.Errorf("%s: %w", s.Path, err)
		}
	}
	for _, folder := range slices.Backward(j.Folders) {
		_ = d.root.Remove(folder) // fails if others have put something into it
	}
	if err := d.remove(journalName); err != nil {
		return err
	}
	return d.clear()
}

func (d disk) unstep(i int, s step, day string) error {
	waits, err := d.there(newFile(i))
	if err != nil {
		return err
	}
	if theirs, err := sumIn(d.root, s.Path); err != nil {
		return err
	} else if s.Kind != Gone && !waits && theirs == s.Now {
		if err := d.rename(s.Path, newFile(i)); err != nil {
			return err
		}
	}
	if old, err := d.there(oldFile(i)); err != nil || !old {
		return err
	}
	if taken, err := d.there(s.Path); err != nil {
		return err
	} else if taken {
		if _, err := d.keep(s.Path, s.Path, day); err != nil {
			return err
		}
	}
	return d.rename(oldFile(i), s.Path)
}

// settle empties .stepwise/update/old: it moves the learner's versions to their dated
// names, which it returns, and removes the course's files.
func (d disk) settle(j journal) (kept map[string]string, err error) {
	kept = make(map[string]string)
	for i, s := range j.Steps {
		old, err := sumIn(d.root, oldFile(i))
		switch {
		case err != nil:
			return kept, err
		case old == "":
		case old == s.Was && s.Kind != Both:
			err = d.remove(oldFile(i))
		default:
			kept[s.Path], err = d.keep(oldFile(i), s.Path, j.Day)
		}
		if err != nil {
			return kept, fmt.Errorf("%s: %w", s.Path, err)
		}
	}
	return kept, nil
}

// keep moves a learner's version to the first free dated name of the file, and returns
// that name. If the same version is kept already, it isn't kept twice.
func (d disk) keep(from, name, day string) (string, error) {
	theirs, err := sumIn(d.root, from)
	if err != nil {
		return "", err
	}
	for n := 1; ; n++ {
		dated := DatedName(name, day, n)
		there, err := sumIn(d.root, dated)
		switch {
		case err != nil:
			return "", err
		case there == "":
			return dated, d.rename(from, dated)
		case there == theirs && theirs != notAFile:
			return dated, d.remove(from)
		}
	}
}

// DatedName returns the nth name for the learner's version of a file. A notebook keeps its
// extension, so that Jupyter opens it; any other file loses it, so that Go doesn't
// compile two versions of one file.
func DatedName(name, day string, n int) string {
	mark := ".yours-" + day
	if n > 1 {
		mark += fmt.Sprintf("-%d", n)
	}
	if stem, ok := strings.CutSuffix(name, ".ipynb"); ok {
		return stem + mark + ".ipynb"
	}
	return name + mark
}
