// stage.go: preparing an update without touching a file of the copy. Everything new is
// written into .stepwise/update/new, under numbers, and synced to the disk. Then the
// journal is put beside it, by a rename. Before the rename there is no update, and a
// failure clears everything away; after it, swap.go does the rest. Read course.go
// first.

package update

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"stepwise/cmd/stepwise/internal/regular"
)

// The names of an update in progress, all in the folder of what the course makes for
// itself.
const (
	private     = ".stepwise"
	staging     = private + "/update"
	newFiles    = staging + "/new" // the new files, by the number of their step
	oldFiles    = staging + "/old" // the files that they replace, by the same number
	journalName = staging + "/journal.json"
	journalNew  = journalName + ".new"
)

func newFile(i int) string { return newFiles + "/" + strconv.Itoa(i) }
func oldFile(i int) string { return oldFiles + "/" + strconv.Itoa(i) }

// journal lists everything that an update does.
type journal struct {
	Day     string   `json:"day"`     // in the dated names of the learner's versions
	Folders []string `json:"folders"` // folders to make, outermost first
	Steps   []step   `json:"steps"`   // the last one is the record
}

// step is what happens to one file.
type step struct {
	Kind Kind   `json:"kind"`
	Path string `json:"path"`
	Was  sum    `json:"was"` // in the copy; "" if there was no file
	Now  sum    `json:"now"` // "" if the file is to be removed
}

// Seed copies into the folder to, which must exist, every file of the course that it
// lacks, and touches no other file. It copies all of them or none: the next call
// finishes a seed that was cut off, or starts it again. It leaves a copy alone that was
// given the course before; then the plan says what an update would do. added is the
// number of files.
func Seed(from, to string) (plan *Plan, added int, err error) {
	return disk{}.seed(from, to)
}

func (d disk) seed(from, to string) (plan *Plan, added int, err error) {
	if err := exists(to); err != nil {
		return nil, 0, fmt.Errorf("the folder for your work: %w", err)
	}
	if _, err := d.finish(to); err != nil {
		return nil, 0, err
	}
	plan, err = Compare(from, to)
	if err != nil || plan.given != nil {
		return plan, 0, err
	}
	var news []Change
	for _, change := range plan.Changes {
		if change.Kind == New {
			news = append(news, change)
		}
	}
	plan.Changes, plan.disk = news, d
	return plan, len(news), plan.Apply(time.Now())
}

// Apply carries out the plan. now is the date in the names of the learner's kept
// versions; afterwards Changes has these names. If Apply fails, the copy is as it was;
// if even that could not be done, the next Finish completes the update. The error says
// which, and wraps ErrBusy if another process is updating the copy.
func (p *Plan) Apply(now time.Time) error {
	idle := p.given != nil && len(p.Changes) == 0 && maps.Equal(p.given, p.givenThen())
	if _, err := os.Lstat(filepath.Join(p.to, staging)); idle && err != nil {
		return nil
	}
	d, err := p.disk.open(p.to)
	if err != nil {
		return fmt.Errorf("updating your copy: %w", err)
	}
	defer d.close()
	if idle {
		return d.clear() // a process that was killed at the very end left it
	}
	j, err := p.stage(d, now)
	if err != nil {
		return errors.Join(fmt.Errorf("updating your copy: %w: nothing was changed", err), d.clear())
	}
	kept, err := d.swap(j)
	for i := range p.Changes {
		p.Changes[i].Kept = kept[p.Changes[i].Path]
	}
	return err
}

// stage writes the new files and the journal.
func (p *Plan) stage(d disk, now time.Time) (journal, error) {
	j := journal{Day: now.Format(time.DateOnly)}
	if err := d.clear(); err != nil {
		return j, err
	}
	for _, folder := range []string{private, staging, newFiles, oldFiles} {
		if err := d.folder(folder); err != nil {
			return j, err
		}
	}
	planned := make(map[string]bool)
	for _, c := range p.Changes {
		if c.Kind == Yours || c.Kind == Solved {
			continue
		}
		if err := p.bring(d, c, len(j.Steps)); err != nil {
			return j, fmt.Errorf("%s: %w", c.Path, err)
		}
		j.Steps = append(j.Steps, step{Kind: c.Kind, Path: c.Path, Was: p.theirs[c.Path], Now: p.course[c.Path]})
		folders, err := d.missing(c.Path)
		if err != nil {
			return j, fmt.Errorf("%s: %w: move away what is there", c.Path, err)
		}
		for _, folder := range folders {
			if !planned[folder] {
				planned[folder] = true
				j.Folders = append(j.Folders, folder)
			}
		}
	}
	return j, p.commit(d, &j)
}

// bring writes the new file of a change under its number.
func (p *Plan) bring(d disk, c Change, number int) error {
	if c.Kind == Gone {
		return nil
	}
	source := filepath.Join(p.from, filepath.FromSlash(c.Path))
	content, err := regular.ReadFile(source, regular.NoLimit)
	if err != nil {
		return err
	}
	if sumOfBytes(content) != p.course[c.Path] {
		return errors.New("it has changed in the newer course since it was compared: try again")
	}
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	return d.write(newFile(number), content, 0o644|info.Mode().Perm()&0o111)
}

// commit adds the record to the steps and puts the journal in place. From that rename
// on, the update takes place.
func (p *Plan) commit(d disk, j *journal) error {
	text := record{Given: p.givenThen()}.bytes()
	was, err := sumIn(d.root, recordName)
	if err != nil {
		return err
	}
	j.Steps = append(j.Steps, step{Kind: Renewed, Path: recordName, Was: was, Now: sumOfBytes(text)})
	if err := d.write(newFile(len(j.Steps)-1), text, 0o644); err != nil {
		return err
	}
	if err := d.write(journalNew, marshal(j), 0o644); err != nil {
		return err
	}
	if err := d.sync(); err != nil {
		return err
	}
	return d.rename(journalNew, journalName)
}

// givenThen returns what the copy will have been given after the update. It includes
// files that were equal all along: otherwise the next change of the course would look
// like the learner's.
func (p *Plan) givenThen() map[string]sum {
	given := maps.Clone(p.given)
	if given == nil {
		given = make(map[string]sum)
	}
	for path, newest := range p.course {
		if p.theirs[path] == newest {
			given[path] = newest
		}
	}
	for _, c := range p.Changes {
		if now := p.course[c.Path]; now != "" {
			given[c.Path] = now
		} else {
			delete(given, c.Path)
		}
	}
	return given
}

// clear removes what was staged. It removes nothing that a journal needs, and nothing
// that swap.go has moved out of the copy: if that journal is lost, it may be the
// learner's.
func (d disk) clear() error {
	if waits, err := d.there(journalName); err != nil || waits {
		return errors.Join(err, errWaits)
	}
	if err := d.remove(oldFiles); errors.Is(err, syscall.ENOTEMPTY) {
		return fmt.Errorf("%s has files that an earlier update moved there: move them to where you want them", filepath.Join(d.root.Name(), oldFiles))
	} else if err != nil {
		return err
	}
	staged, err := fs.ReadDir(d.root.FS(), newFiles)
	if err != nil && !isNotThere(err) {
		return err
	}
	for _, file := range staged {
		if err := d.remove(newFiles + "/" + file.Name()); err != nil {
			return err
		}
	}
	for _, name := range []string{newFiles, journalNew, staging} {
		if err := d.remove(name); err != nil {
			return err
		}
	}
	_ = d.root.Remove(private) // fails if it has more than the update
	return nil
}

// errWaits never comes from a command, because every command calls Finish first.
var errWaits = errors.New("an update that was cut off is not finished yet: try again")
